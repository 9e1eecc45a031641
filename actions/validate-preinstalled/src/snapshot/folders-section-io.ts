import { readFolder } from '../machine-facts/read-folder-io.ts';
import {
  listToolchains,
  readToolchain,
  rustupFolder,
  folderFor,
  type Toolchain,
} from '../machine-facts/rust/rustup-io.ts';
import { readCachedTool, toolCacheFolder } from '../machine-facts/toolcache-io.ts';
import type { Machine } from '../kinds/kind.ts';
import { exactRange } from './exact-range.ts';
import type { Section } from './section.ts';
import { byCharacters, inline, keyText, type Value } from './yaml.ts';

/** Writes the versions in the runner's tool cache. */
export async function toolcacheSection({ job: { environment } }: Machine): Promise<Section> {
  const name = 'toolcache';
  const root = toolCacheFolder(environment);
  const listed = root === undefined ? { names: [] } : await readFolder(root);
  if (root === undefined || 'missing' in listed) return { name, lines: [], notes: [] };
  if ('unknown' in listed) return { name, lines: [], notes: [`tool cache: ${listed.unknown}`] };
  const lines: string[] = [];
  // Other names cannot be written in a manifest.
  for (const tool of listed.names.filter((one) => /^\w[\w.+-]{0,99}$/.test(one)).sort(byCharacters)) {
    const found = await readCachedTool(root, tool, process.arch);
    const versions = 'unknown' in found ? [] : found.versions;
    const ranges = versions
      .map((version) => exactRange(version, 'semver'))
      .filter((one) => one !== undefined);
    if (versions.length > 0) lines.push(`  ${keyText(tool)}: ${inline(listOr(ranges, 'latest'))}`);
  }
  return { name, lines, notes: [] };
}

const listOr = (ranges: readonly string[], none: string): Value =>
  ranges.length === 0 ? none : [...ranges].sort(byCharacters);

/** Writes the toolchains that rustup has installed. */
export async function rustSection({ job: { environment } }: Machine): Promise<Section> {
  const name = 'rust';
  const folder = rustupFolder(environment);
  const installed = folder === undefined ? [] : await listToolchains(folder);
  if ('unknown' in installed) return { name, lines: [], notes: [`rust: ${installed.unknown}`] };
  const lines: string[] = [];
  const notes: string[] = [];
  for (const one of folder === undefined ? [] : [...installed].sort(byCharacters)) {
    const toolchain = await readToolchain(folder ?? '', one);
    if ('unknown' in toolchain) notes.push(`rust ${one}: ${toolchain.unknown}`);
    else lines.push(`  - ${inline(toolchainEntry(toolchain, installed))}`);
  }
  return { name, lines, notes };
}

function toolchainEntry({ name, host, version, components, targets }: Toolchain, all: readonly string[]) {
  const ending = `-${host ?? ''}`;
  const short = name.endsWith(ending) ? name.slice(0, -ending.length) : name;
  const range = version === undefined ? undefined : exactRange(version, 'semver');
  return {
    // Without the machine's architecture, so that two machines can be compared.
    toolchain: folderFor(short, all) === name ? short : name,
    ...(range === undefined ? {} : { version: range }),
    components: [...components].filter((one) => !one.startsWith('rust-std-')).sort(byCharacters),
    targets: [...targets].sort(byCharacters),
  };
}
