import type { Job } from '@runner-actions/core';
import { judge, type RustRequirement } from '@runner-actions/manifest';
import {
  componentName,
  defaultToolchain,
  folderFor,
  listToolchains,
  readToolchain,
  rustupFolder,
  type Toolchain,
} from '../machine-facts/rust/rustup-io.ts';
import { addTo, advise, installToolchain, updateToolchain } from '../machine-facts/rust/rustup-command.ts';
import { findOnPath } from '../search-path-io.ts';
import type { Finding, Kind } from './kind.ts';

/** A toolchain of Rust with components and targets, by rustup's own files. */
export const rust = {
  async check(requirement, { job: { environment } }) {
    const wanted = wantedOf(requirement);
    const folder = rustupFolder(environment);
    if (folder === undefined) return { status: 'error', found: "the user's home folder is unknown", wanted };
    const installed = await listToolchains(folder);
    if ('unknown' in installed) return { status: 'error', found: installed.unknown, wanted };
    const asked = requirement.toolchain ?? (await defaultToolchain(folder, environment));
    if (asked === undefined) {
      const advice = 'Choose one: rustup default stable';
      return { status: 'fail', found: 'rustup has no default toolchain', wanted, advice };
    }
    const name = folderFor(asked, installed);
    if (name === undefined)
      return onlyWithRustup(missingToolchain(asked, installed, requirement), environment);
    const toolchain = await readToolchain(folder, name);
    if ('unknown' in toolchain) return { status: 'error', found: toolchain.unknown, wanted };
    return onlyWithRustup(judgeToolchain(requirement, asked, toolchain), environment);
  },
  wanted: wantedOf,
} satisfies Kind<RustRequirement>;

function wantedOf({ version, components, targets }: RustRequirement): string {
  const parts = [...(version === undefined ? [] : [version.text]), ...components, ...targets];
  return parts.length === 0 ? 'installed' : parts.join(', ');
}

/** Without rustup on PATH, its command is only advice. */
async function onlyWithRustup(finding: Finding, environment: Job['environment']): Promise<Finding> {
  const { remedy, ...rest } = finding;
  if (remedy === undefined || (await findOnPath('rustup', environment)).length > 0) return finding;
  return { ...rest, advice: `Install rustup. ${finding.advice ?? ''}`.trimEnd() };
}

function missingToolchain(
  asked: string,
  installed: readonly string[],
  requirement: RustRequirement,
): Finding {
  const shown =
    installed.length === 0 ? 'rustup has no toolchains' : `rustup has ${installed.slice(0, 10).join(', ')}`;
  return {
    ...{ status: 'fail', found: `no toolchain ${asked}; ${shown}`, wanted: wantedOf(requirement) },
    ...advise('Install it', installToolchain(asked, requirement)),
  };
}

/** @param asked the toolchain's name as the requirement or rustup's settings say it */
export function judgeToolchain(requirement: RustRequirement, asked: string, found: Toolchain): Finding {
  const wanted = wantedOf(requirement);
  const version = judgeRustVersion(requirement, asked, found);
  if (version.status !== 'pass') return version;
  if (!found.components.has('rustc')) {
    const advice = `Install it again: rustup toolchain install --force ${asked}`;
    return { status: 'fail', found: `${found.name} is incomplete: rustc is missing`, wanted, advice };
  }
  const components = requirement.components.filter(
    (one) => !found.components.has(componentName(one, found.host)),
  );
  const targets = requirement.targets.filter((one) => !found.targets.has(one));
  if (components.length === 0 && targets.length === 0) return version;
  const lacking = `${found.name} without ${[...components, ...targets].join(', ')}`;
  const add = addTo(asked, components, targets);
  return { status: 'fail', found: lacking, wanted, ...advise('Add what is missing', add) };
}

function judgeRustVersion({ version, ...rest }: RustRequirement, asked: string, found: Toolchain): Finding {
  const wanted = wantedOf({ version, ...rest });
  const shown = found.version === undefined ? found.name : `${found.name}, Rust ${found.version}`;
  if (version === undefined || version.value.any) return { status: 'pass', found: shown, wanted };
  if (found.version === undefined)
    return { status: 'error', found: `${found.name}, whose version of Rust is unknown`, wanted };
  // Who names the nightly or beta channel wants its pre-releases.
  const prerelease = /^(?:nightly|beta)/.test(asked);
  const verdict = judge(version.value, found.version, { prerelease });
  if ('unknown' in verdict) return { status: 'error', found: `${shown}: ${verdict.unknown}`, wanted };
  if (verdict.met) return { status: 'pass', found: shown, wanted };
  return { status: 'fail', found: shown, wanted, ...advise('Update it', updateToolchain(asked)) };
}
