import { features } from './devcontainer-features.ts';
import { parseJson } from './json-tree.ts';
import { type Findings, Unreadable } from './stated.ts';
import { stateRust, stateTool } from './state-tool.ts';
import { type Entry, type Value, describeValue, entriesOf, textAt, valueAt } from './tree.ts';
import { moves } from './version-meaning.ts';

/** What brings tools in ways that cannot be read. */
const otherKeys = new Map([
  ['image', 'is an image, which does not say what it holds'],
  ['build', 'is built from a Dockerfile, which is not read'],
  ['dockerFile', 'is a Dockerfile, which is not read'],
  ['dockerComposeFile', 'is a Compose file, which is not read'],
  ['initializeCommand', 'is a command, which is not read'],
  ['onCreateCommand', 'is a command, which is not read'],
  ['updateContentCommand', 'is a command, which is not read'],
  ['postCreateCommand', 'is a command, which is not read'],
]);

/**
 * Reads `devcontainer.json` (https://containers.dev/implementors/json_reference/): the features that are known, and
 * `hostRequirements`.
 */
export function readDevcontainer(text: string, found: Findings) {
  const root = parseJson(text, { comments: true, trailingCommas: true });
  if (root.kind !== 'map') throw new Unreadable(root, 'a JSON object');
  for (const entry of entriesOf(valueAt(root, 'features'))) readFeature(found, entry);
  for (const entry of entriesOf(valueAt(root, 'hostRequirements'))) readHost(found, entry);
  for (const entry of entriesOf(root)) {
    const why = otherKeys.get(entry.key);
    if (why !== undefined) found.leave(entry, entry.key, why);
  }
}

function readFeature(found: Findings, entry: Entry) {
  // The tag is the version of the feature, not of what it installs.
  const name = /^ghcr\.io\/devcontainers\/features\/([a-z\d-]+)(?:[:@]\S*)?$/.exec(entry.key)?.[1];
  const feature = name === undefined ? undefined : features.get(name);
  if (feature === undefined) return found.leave(entry, entry.key, 'is a feature that is not known');
  if ('why' in feature) return found.leave(entry, entry.key, feature.why);
  const options = entry.value;
  if (options.kind === 'plain' && options.text === 'false') {
    return found.leave(entry, entry.key, 'is switched off');
  }
  if (name === 'rust') return stateRust(found, entry, rustOf(options));
  // A feature may have its version instead of options.
  stateOption(found, entry, feature.tool, options.kind === 'text' ? options : valueAt(options, 'version'));
  for (const version of listed(options, 'additionalVersions')) stateTool(found, entry, feature.tool, version);
  for (const [option, tool, version = option] of feature.others ?? []) {
    const asked = valueAt(options, option);
    const off = asked === undefined || describeValue(asked) === 'false';
    if (!off) stateOption(found, asked, tool, valueAt(options, version) ?? asked);
  }
}

/** `latest` is the default of most features. `none` installs nothing, `os-provided` what the system has. */
function stateOption(found: Findings, entry: Entry | Value, tool: string, option: Value | undefined) {
  const version = option === undefined ? 'latest' : describeValue(option);
  const place = option ?? entry;
  if (version === 'none') return found.leave(place, `${tool} ${version}`, 'asks for nothing');
  if (version === 'true' || version === 'os-provided') return stateTool(found, place, tool, 'latest');
  if (version === 'lts') return found.leave(place, `${tool} lts`, moves);
  stateTool(found, place, tool, version);
}

function rustOf(options: Value) {
  const toolchain = (options.kind === 'text' ? options.text : textAt(options, 'version')) ?? 'latest';
  return { toolchain, components: listed(options, 'components'), targets: listed(options, 'targets') };
}

function listed(options: Value, option: string): string[] {
  const texts = (textAt(options, option) ?? '').split(',').map((text) => text.trim());
  return texts.filter((text) => text !== '' && text !== 'none');
}

/** Sizes are powers of 1024 (devcontainers/cli: src/spec-node/imageMetadata.ts, `parseBytes`). */
function readHost(found: Findings, { key, value }: Entry) {
  const text = describeValue(value);
  if (key === 'cpus' && /^[1-9]\d{0,5}$/.test(text)) {
    return found.state(value, { section: 'system', cores: `>=${text}` });
  }
  const size = sizeOf(text);
  if (key === 'memory' && size !== undefined) return found.state(value, { section: 'system', memory: size });
  if (key === 'storage' && size !== undefined)
    return found.state(value, { section: 'system', storage: size });
  if (key === 'gpu') return readGpu(found, value);
  found.leave(value, `${key} ${text}`, 'is no requirement that is known');
}

function readGpu(found: Findings, value: Value) {
  if (value.kind === 'plain' && value.text === 'true')
    return found.state(value, { section: 'gpu', count: '>=1' });
  if (value.kind !== 'map') return found.leave(value, `gpu ${describeValue(value)}`, 'asks for nothing');
  const memory = sizeOf(textAt(value, 'memory') ?? '');
  found.state(value, { section: 'gpu', count: '>=1', ...(memory === undefined ? {} : { memory }) });
  for (const entry of entriesOf(value)) {
    if (entry.key === 'memory' && memory !== undefined) continue;
    found.leave(entry, `gpu.${entry.key} ${describeValue(entry.value)}`, 'is nothing that a driver tells');
  }
}

const units = new Map([
  ['tb', 'TiB'],
  ['gb', 'GiB'],
  ['mb', 'MiB'],
  ['kb', 'KiB'],
]);

function sizeOf(text: string): string | undefined {
  const [, amount, unit] = /^(\d{1,15})([tgmk]b)?$/.exec(text) ?? [];
  if (amount === undefined) return undefined;
  return unit === undefined ? `>=${amount}B` : `>=${amount}${units.get(unit)}`;
}
