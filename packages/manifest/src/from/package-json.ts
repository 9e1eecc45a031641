import { parseJson } from './json-tree.ts';
import { npmRange } from './npm-range.ts';
import { type Findings, Unreadable } from './stated.ts';
import { stateTool } from './state-tool.ts';
import { type Entry, type Value, describeValue, entriesOf, textAt, valueAt } from './tree.ts';
import { readNumber } from './version-text.ts';

/** Programs that a package may ask for. Other names in `engines` are hosts, such as an editor. */
const programs = new Set(['node', 'npm', 'pnpm', 'yarn', 'bun', 'deno']);

/**
 * Reads what `package.json` says about programs: `engines` and `devEngines`
 * (https://docs.npmjs.com/cli/configuring-npm/package-json), `packageManager`
 * (https://nodejs.org/api/packages.html#packagemanager) and `volta` (https://docs.volta.sh/guide/understanding).
 */
export function readPackageJson(text: string, found: Findings) {
  const root = parseJson(text, { comments: false, trailingCommas: false });
  if (root.kind !== 'map') throw new Unreadable(root, 'a JSON object');
  readEngines(found, valueAt(root, 'engines'));
  readDevEngines(found, valueAt(root, 'devEngines'));
  readPackageManager(found, valueAt(root, 'packageManager'));
  readVolta(found, valueAt(root, 'volta'));
}

function readEngines(found: Findings, engines: Value | undefined) {
  if (engines === undefined) return;
  if (engines.kind !== 'map') return found.leave(engines, 'engines', 'is no map of names and ranges');
  for (const { key, value } of engines.entries) {
    const text = `${key} ${describeValue(value)}`;
    if (!programs.has(key))
      found.leave(value, text, 'is no program that is known; say it in the manifest if it is one');
    else if (value.kind === 'text') stateTool(found, value, key, npmRange(value.text));
    else found.leave(value, text, 'is no range in quotes');
  }
}

/** In `devEngines`, one of several is enough, which the manifest cannot say of different tools (npm-install-checks). */
function readDevEngines(found: Findings, engines: Value | undefined) {
  for (const entry of entriesOf(engines)) {
    const choices = entry.value.kind === 'list' ? entry.value.items : [entry.value];
    const [only] = choices;
    if (entry.key !== 'runtime' && entry.key !== 'packageManager') {
      found.leave(
        entry,
        `devEngines.${entry.key}`,
        'is about the machine; say it under system in the manifest',
      );
    } else if (choices.length > 1) {
      const names = choices.map((choice) => textAt(choice, 'name') ?? describeValue(choice));
      found.leave(entry, `${entry.key} ${names.join(', ')}`, 'has choices, one of which is enough');
    } else if (only !== undefined) readDevEngine(found, entry, only);
  }
}

function readDevEngine(found: Findings, { key }: Entry, engine: Value) {
  const name = textAt(engine, 'name');
  const version = valueAt(engine, 'version');
  const onFail = textAt(engine, 'onFail');
  if (name === undefined) return found.leave(engine, `devEngines.${key}`, 'names no program');
  if (onFail === 'ignore') return found.leave(engine, `${key} ${name}`, 'asks to be ignored');
  const read = version?.kind === 'text' ? npmRange(version.text) : { version: 'latest' };
  const place = version ?? engine;
  if ('version' in read && programs.has(name) && onFail === 'warn') {
    return found.state(place, { section: 'tools', tool: name, version: read.version, severity: 'warn' });
  }
  if (!programs.has(name)) return found.leave(place, `${key} ${name}`, 'is no program that is known');
  stateTool(found, place, name, read);
}

/** `pnpm@9.1.0+sha512.…`: Corepack wants exactly this version, and checks its download by the digest. */
function readPackageManager(found: Findings, manager: Value | undefined) {
  if (manager === undefined) return;
  const text = describeValue(manager);
  const [, name, version] = /^([a-z]+)@([^@]+)$/.exec(text) ?? [];
  if (name === undefined || version === undefined) {
    return found.leave(manager, text, 'is no name with a version, such as pnpm@9.1.0');
  }
  if (/^https?:/.test(version))
    return found.leave(manager, text, 'is an address, which does not tell a version');
  if (!programs.has(name)) return found.leave(manager, text, 'is no package manager that is known');
  const exact = /^\d+\.\d+\.\d+/.test(version);
  stateTool(found, manager, name, exact ? readNumber(version) : npmRange(version));
}

function readVolta(found: Findings, volta: Value | undefined) {
  for (const { key, value } of entriesOf(volta)) {
    const text = describeValue(value);
    if (key === 'extends') found.leave(value, text, 'is another file, which is not read');
    else if (programs.has(key)) stateTool(found, value, key, readNumber(text));
    else found.leave(value, `${key} ${text}`, 'is no program that Volta knows');
  }
}
