import { toMicros } from './money.ts';
import type { HostedRunner, PriceRow, PriceTable, Processor, RunnerKind, System } from './price-row.ts';

/** GitHub's price list. Its table of standard runners has the SKUs with the prefix `actions_`. */
export const pricePage = 'https://docs.github.com/en/billing/reference/actions-runner-pricing';

/**
 * The page was read in August 2026. The first day of the month stands for it, so that the table never seems newer than
 * it is. Compare all rows with the page before you change this date.
 */
const retrieved = '2026-08-01';

/** The day on which GitHub lowered the prices of hosted runners. Source: the same page, at the end of 2025. */
const reduction = '2026-01-01';

/**
 * The day since which private repositories have standard arm64 runners.
 * Source: https://github.blog/changelog/2026-01-29-arm64-standard-runners-are-now-available-in-private-repositories
 */
const privateArm = '2026-01-29';

/**
 * Labels: https://docs.github.com/en/actions/reference/runners/github-hosted-runners and, for the larger macOS runners,
 * https://docs.github.com/en/actions/reference/runners/larger-runners; previews and labels that are gone:
 * https://github.com/actions/runner-images.
 */
const labels = {
  linux: 'ubuntu-latest ubuntu-26.04 ubuntu-24.04 ubuntu-22.04 ubuntu-20.04',
  linuxArm: 'ubuntu-26.04-arm ubuntu-24.04-arm ubuntu-22.04-arm',
  windows: 'windows-latest windows-2025 windows-2025-vs2026 windows-2022 windows-2019',
  windowsArm: 'windows-11-arm windows-11-vs2026-arm',
  macos: 'macos-latest macos-26 macos-15 macos-14 xcode-27',
  macosIntel: 'macos-26-intel macos-15-intel macos-13 macos-12',
  macosLarge: 'macos-latest-large macos-26-large macos-15-large macos-14-large macos-13-large macos-12-large',
  macosXlarge:
    'macos-latest-xlarge macos-26-xlarge macos-15-xlarge macos-14-xlarge macos-13-xlarge xcode-27-xlarge',
};

/** Name of the SKU, CPUs, dollars a minute before 2026 and since then, labels. */
type Lowered = readonly [sku: string, cpus: number, before: number, since: number, labels?: string];

/** Creates the rows of runners of one kind, system and processor. */
function family(
  kind: RunnerKind,
  system: System,
  processor: Processor,
  runners: readonly Lowered[],
): PriceRow[] {
  return runners.flatMap(([sku, cpus, before, since, names]) => {
    const runner = { sku, system, processor, cpus, kind, labels: listOf(names) };
    return [row(runner, undefined, before), row(runner, reduction, since)];
  });
}

function listOf(names = ''): string[] {
  return names.split(' ').filter((name) => name !== '');
}

function row(runner: HostedRunner, effectiveFrom: string | undefined, dollars: number): PriceRow {
  return { ...runner, price: toMicros(dollars), effectiveFrom, source: pricePage, retrieved, isOwn: false };
}

/** Adds the CPUs that runners of this kind have in a public repository. */
function inPublic(publicCpus: number, rows: readonly PriceRow[]): PriceRow[] {
  return rows.map((one) => ({ ...one, publicCpus }));
}

/** A standard arm64 runner, which private repositories have only since `privateArm`. */
function standardArm(sku: string, system: System, names: string, dollars: number): PriceRow {
  const runner = {
    sku,
    system,
    processor: 'arm64',
    cpus: 2,
    kind: 'standard',
    labels: listOf(names),
  } as const;
  return row(runner, privateArm, dollars);
}

const standard: readonly PriceRow[] = [
  ...family('standard', 'linux', 'x64', [['linux_slim', 1, 0.002, 0.002, 'ubuntu-slim']]),
  ...inPublic(4, [
    ...family('standard', 'linux', 'x64', [['linux', 2, 0.008, 0.006, labels.linux]]),
    standardArm('linux_arm', 'linux', labels.linuxArm, 0.005),
    ...family('standard', 'windows', 'x64', [['windows', 2, 0.016, 0.01, labels.windows]]),
    standardArm('windows_arm', 'windows', labels.windowsArm, 0.01),
  ]),
  ...family('standard', 'macos', 'arm64', [['macos', 3, 0.08, 0.062, labels.macos]]),
  ...family('standard', 'macos', 'x64', [['macos', 4, 0.08, 0.062, labels.macosIntel]]),
];

/** Larger runners for Linux and Windows have no labels here: whoever creates one chooses its name. */
const larger: readonly PriceRow[] = [
  ...family('larger', 'linux', 'x64', [
    ['linux_2_core_advanced', 2, 0.008, 0.006],
    ['linux_4_core', 4, 0.016, 0.012],
    ['linux_8_core', 8, 0.032, 0.022],
    ['linux_16_core', 16, 0.064, 0.042],
    ['linux_32_core', 32, 0.128, 0.082],
    ['linux_64_core', 64, 0.256, 0.162],
    ['linux_96_core', 96, 0.384, 0.252],
  ]),
  ...family('larger', 'linux', 'arm64', [
    ['linux_2_core_arm', 2, 0.005, 0.005],
    ['linux_4_core_arm', 4, 0.01, 0.008],
    ['linux_8_core_arm', 8, 0.02, 0.014],
    ['linux_16_core_arm', 16, 0.04, 0.026],
    ['linux_32_core_arm', 32, 0.08, 0.05],
    ['linux_64_core_arm', 64, 0.16, 0.098],
  ]),
  ...family('larger', 'windows', 'x64', [
    ['windows_4_core', 4, 0.032, 0.022],
    ['windows_8_core', 8, 0.064, 0.042],
    ['windows_16_core', 16, 0.128, 0.082],
    ['windows_32_core', 32, 0.256, 0.162],
    ['windows_64_core', 64, 0.512, 0.322],
    ['windows_96_core', 96, 0.768, 0.552],
  ]),
  ...family('larger', 'windows', 'arm64', [
    ['windows_2_core_arm', 2, 0.01, 0.008],
    ['windows_4_core_arm', 4, 0.02, 0.014],
    ['windows_8_core_arm', 8, 0.04, 0.026],
    ['windows_16_core_arm', 16, 0.08, 0.05],
    ['windows_32_core_arm', 32, 0.16, 0.098],
    ['windows_64_core_arm', 64, 0.32, 0.194],
  ]),
  ...family('larger', 'macos', 'x64', [['macos_l', 12, 0.12, 0.077, labels.macosLarge]]),
  ...family('larger', 'macos', 'arm64', [['macos_xl', 5, 0.16, 0.102, labels.macosXlarge]]),
  ...family('gpu', 'linux', 'x64', [['linux_4_core_gpu', 4, 0.07, 0.052]]),
  ...family('gpu', 'windows', 'x64', [['windows_4_core_gpu', 4, 0.14, 0.102]]),
];

/** The prices of GitHub's own runners that this version knows. */
export const shippedPrices: PriceTable = {
  rows: [...standard, ...larger],
  ownLabels: new Map(),
  checked: retrieved,
};

/**
 * What GitHub wants to charge for a minute of a self-hosted runner in a repository that is not public. Announced on
 * 2025-12-16 for 2026-03-01, postponed two days later: nothing is charged.
 * Source: https://github.com/resources/insights/2026-pricing-changes-for-github-actions
 */
export const announcedPlatformRate = toMicros(0.002);
