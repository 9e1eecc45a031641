import { parseJson } from './json-tree.ts';
import { type Findings, type Place, Unreadable } from './stated.ts';
import { entriesOf, valueAt } from './tree.ts';

/**
 * Reads `global.json` (https://learn.microsoft.com/dotnet/core/tools/global-json). An SDK's third number holds its
 * feature band and its patch: 8.0.110 is patch 10 of band 1. `rollForward` says how far above the version an SDK may
 * be; whether it begins with `latest` only says which of them is taken. The rules are those of the resolver
 * (dotnet/runtime: src/native/corehost/fxr/sdk_resolver.cpp). There, newer previews count too, which a range here does
 * not allow.
 */
export function readGlobalJson(text: string, found: Findings) {
  const root = parseJson(text, { comments: true, trailingCommas: false });
  if (root.kind !== 'map') throw new Unreadable(root, 'a JSON object');
  const sdk = valueAt(root, 'sdk');
  const version = valueAt(sdk, 'version');
  const policy = valueAt(sdk, 'rollForward');
  const roll = policy?.kind === 'text' ? policy.text : version === undefined ? 'latestMajor' : 'patch';
  if (version?.kind === 'text') stateSdk(found, version, version.text, roll);
  else if (version !== undefined && version.kind !== 'plain')
    throw new Unreadable(version, 'a version in quotes');
  else if (sdk !== undefined) found.leave(sdk, 'sdk', 'names no version, so each SDK will do');
  for (const entry of entriesOf(sdk)) {
    if (entry.key === 'paths')
      found.leave(entry, 'sdk.paths', 'folders with SDKs of their own, which are not searched');
  }
  for (const entry of entriesOf(root)) {
    const why = otherKeys.get(entry.key);
    if (why !== undefined) found.leave(entry, entry.key, why);
  }
}

const otherKeys = new Map([
  ['tools', 'is read by the scripts of Arcade, not by .NET'],
  ['native-tools', 'is read by the scripts of Arcade, not by .NET'],
  ['msbuild-sdks', 'are packages that a build downloads'],
  ['test', 'configures a command, and asks for nothing'],
]);

function stateSdk(found: Findings, place: Place, version: string, roll: string) {
  const [, major, minor, patch] =
    /^(\d{1,3})\.(\d{1,3})\.(\d{1,5})(?:-[\w.-]{1,60})?(?:\+[\w.-]{1,60})?$/.exec(version) ?? [];
  if (major === undefined || minor === undefined || patch === undefined) {
    return found.leave(place, version, 'is no version of an SDK; three numbers are needed');
  }
  const bare = version.split('+', 1)[0] ?? '';
  const band = Math.floor(Number(patch) / 100);
  // .NET compares the names of policies without regard to case.
  const ends = new Map([
    ['disable', undefined],
    ['patch', `${major}.${minor}.${band + 1}00`],
    ['feature', `${major}.${Number(minor) + 1}`],
    ['minor', String(Number(major) + 1)],
    ['major', ''],
  ]);
  const name = roll.toLowerCase().replace(/^latest/, '');
  if (!ends.has(name) || roll.toLowerCase() === 'latestdisable') {
    return found.leave(place, `rollForward ${roll}`, 'is no policy of .NET');
  }
  const end = ends.get(name);
  const range = end === undefined ? bare : end === '' ? `>=${bare}` : `>=${bare} <${end}`;
  found.state(place, { section: 'sdks', tool: 'dotnet', version: range });
}
