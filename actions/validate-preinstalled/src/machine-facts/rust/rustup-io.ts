import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readFolder } from '../read-folder-io.ts';
import { readText } from '../read-text-io.ts';

/** A toolchain that rustup has installed. */
export interface Toolchain {
  /** Name of its folder, such as `1.80-x86_64-unknown-linux-gnu`. */
  name: string;
  /** Triple of the machine that its programs run on. */
  host: string | undefined;
  /** Version of Rust, such as 1.95.0. */
  version: string | undefined;
  /** Components of the host, as `rustup component list` names them: `clippy`, not `clippy-preview`. */
  components: ReadonlySet<string>;
  /** Targets whose standard library is there. */
  targets: ReadonlySet<string>;
  /** Components that are listed but whose files are missing. */
  damaged: readonly string[];
}

const limitBytes = 8 * 1024 ** 2;

/** Returns rustup's folder (rustup book, "Environment variables"). */
export function rustupFolder(environment: Record<string, string | undefined>): string | undefined {
  const { RUSTUP_HOME: own, HOME: home, USERPROFILE: profile } = environment;
  if (own !== undefined && own !== '') return own;
  const user = home ?? profile;
  return user === undefined ? undefined : join(user, '.rustup');
}

/** Returns rustup's default toolchain: `RUSTUP_TOOLCHAIN`, or the one in settings.toml. */
export async function defaultToolchain(
  folder: string,
  environment: Record<string, string | undefined>,
): Promise<string | undefined> {
  const asked = environment['RUSTUP_TOOLCHAIN'];
  if (asked !== undefined && asked !== '') return asked;
  const settings = await readText(join(folder, 'settings.toml'), 1024 ** 2);
  if (!('text' in settings)) return undefined;
  const line = settings.text.split('\n').find((one) => one.startsWith('default_toolchain'));
  return /^default_toolchain\s*=\s*"([^"]+)"/.exec(line ?? '')?.[1];
}

/** Names of the installed toolchains; or why they are unknown. */
export async function listToolchains(folder: string): Promise<readonly string[] | { unknown: string }> {
  const listed = await readFolder(join(folder, 'toolchains'));
  if ('unknown' in listed) return listed;
  return 'names' in listed ? listed.names : [];
}

/**
 * Reads what a toolchain has from its own files. The programs in `~/.cargo/bin` are not asked: they may download what
 * is missing.
 */
export async function readToolchain(folder: string, name: string): Promise<Toolchain | { unknown: string }> {
  const root = join(folder, 'toolchains', name);
  const library = join(root, 'lib/rustlib');
  const [listed, manifest] = await Promise.all([
    readText(join(library, 'components'), 1024 ** 2),
    readText(join(library, 'multirust-channel-manifest.toml'), limitBytes),
  ]);
  if ('unknown' in listed) return listed;
  if ('missing' in listed)
    return {
      unknown: `the toolchain ${name} does not list its components, as one that was not installed by rustup`,
    };
  const lines = listed.text.split('\n').filter((line) => line !== '');
  const host = lines.find((line) => line.startsWith('cargo-'))?.slice('cargo-'.length) ?? hostOf(name);
  const damaged: string[] = [];
  const components = new Set<string>();
  const targets = new Set<string>();
  for (const line of lines) {
    if (!(await hasFiles(root, line))) {
      damaged.push(line);
      continue;
    }
    if (line.startsWith('rust-std-')) targets.add(line.slice('rust-std-'.length));
    components.add(componentName(line, host));
  }
  const version = 'text' in manifest ? versionIn(manifest.text) : undefined;
  return { name, host, version, components, targets, damaged };
}

/** Returns the name that rustup's commands use: without the host, and without `-preview` (rustup, `Manifest::rename`). */
export function componentName(listed: string, host: string | undefined): string {
  const ending = host === undefined ? '' : `-${host}`;
  const own = ending !== '' && listed.endsWith(ending) ? listed.slice(0, -ending.length) : listed;
  return own.endsWith('-preview') ? own.slice(0, -'-preview'.length) : own;
}

/** Whether the first files of a component are there. Each component has a list of its files. */
async function hasFiles(root: string, component: string): Promise<boolean> {
  const list = await readText(join(root, 'lib/rustlib', `manifest-${component}`), limitBytes);
  if (!('text' in list)) return false;
  const files = list.text.split('\n').filter((line) => line.startsWith('file:'));
  const first = files.slice(0, 3).map((line) => join(root, line.slice('file:'.length).trim()));
  const found = first.map((path) =>
    stat(path).then(
      () => true,
      () => false,
    ),
  );
  return (await Promise.all(found)).every((one) => one);
}

/** Returns the version of the package `rust` in the channel's manifest, whose versions look like `1.95.0 (59807616e …)`. */
function versionIn(manifest: string): string | undefined {
  const head = '[pkg.rust]\nversion = "';
  const at = manifest.indexOf(head);
  if (at === -1) return undefined;
  return /^[^\s"]{1,60}/.exec(manifest.slice(at + head.length, at + head.length + 60))?.[0];
}

/** Returns the triple at the end of a toolchain's name: three or four parts after the channel and the date. */
function hostOf(name: string): string | undefined {
  return /^(?:stable|beta|nightly|\d[\d.]*)(?:-\d{4}-\d{2}-\d{2})?-([a-z]\w*-.+)$/.exec(name)?.[1];
}

/**
 * Returns the folder that rustup takes for a toolchain's name, without and with the host: `stable`, `1.80`,
 * `nightly-2024-05-01`. For rustup, `1.80` and `1.80.1` are two toolchains.
 */
export function folderFor(
  toolchain: string,
  installed: readonly string[],
  architecture: NodeJS.Architecture = process.arch,
  platform: NodeJS.Platform = process.platform,
): string | undefined {
  if (installed.includes(toolchain)) return toolchain;
  const candidates = installed.filter((name) => {
    const host = hostOf(name);
    return host !== undefined && name === `${toolchain}-${host}` && isOwn(host, architecture, platform);
  });
  return candidates[0];
}

const processors: Partial<Record<NodeJS.Architecture, readonly string[]>> = {
  x64: ['x86_64'],
  arm64: ['aarch64'],
  ia32: ['i686', 'i586'],
  arm: ['armv7', 'arm'],
  riscv64: ['riscv64gc'],
};
const systems: Partial<Record<NodeJS.Platform, string>> = {
  linux: 'linux',
  darwin: 'darwin',
  win32: 'windows',
};

function isOwn(host: string, architecture: NodeJS.Architecture, platform: NodeJS.Platform): boolean {
  const system = systems[platform];
  const words = processors[architecture];
  if (system === undefined || words === undefined) return true;
  return words.includes(host.split('-', 1)[0] ?? '') && host.split('-').includes(system);
}
