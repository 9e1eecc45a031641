import { isPackageName } from './names.ts';
import { type Findings, type PackageManager, type Place, Unreadable, onOneLine } from './stated.ts';
import { stateRust, stateTool } from './state-tool.ts';
import { parseToml } from './toml-tree.ts';
import { type Entry, type Value, describeValue, entriesOf, textAt, textsOf, valueAt } from './tree.ts';
import { readVersion } from './version-text.ts';

/** Sections that ask for something else than tools, or change what the names mean. The others ask for nothing. */
const otherSections = new Map([
  ['min_version', 'is about mise itself'],
  ['alias', 'gives versions other names'],
  ['tool_alias', 'gives tools and versions other names'],
  ['plugins', 'says where mise gets tools'],
  ['bootstrap', 'sets up a machine; write what it must have'],
]);

/**
 * Reads `mise.toml` (https://mise.jdx.dev/configuration.html#tools-dev-tools). A list of versions asks for all of
 * them, unlike in `.tool-versions`.
 */
export function readMise(text: string, found: Findings) {
  const root = parseToml(text);
  const tools = valueAt(root, 'tools');
  if (tools !== undefined && tools.kind !== 'map') throw new Unreadable(tools, 'a section [tools]');
  for (const entry of entriesOf(tools)) stateEntry(found, entry);
  for (const entry of entriesOf(root)) {
    const why = otherSections.get(entry.key);
    if (why !== undefined) found.leave(entry, entry.key, why);
  }
}

/** A tool with one version: a text, or a table with `version` and options. */
interface Request extends Place {
  name: string;
  version: string;
  options: Value | undefined;
}

function stateEntry(found: Findings, { key, value }: Entry) {
  // `"ubi:cli/cli[exe=gh]"` has its options in the name.
  const [, name = key, inName] = /^([^[\]]+)\[([^[\]]*)\]$/.exec(key) ?? [];
  const items = value.kind === 'list' ? value.items : [value];
  for (const item of items) {
    const options = item.kind === 'map' ? item : undefined;
    const version = versionOf(item);
    const systems = valueAt(options, 'os');
    if (version === undefined)
      found.leave(item, `${key} = ${describeValue(item)}`, 'is no version in quotes');
    else if (systems !== undefined)
      found.leave(item, key, `is for some systems only: ${onOneLine(textsOf(systems).join(', '))}`);
    else
      stateRequest(
        found,
        { line: item.line, column: item.column, name, version, options },
        exeOf(options, inName),
      );
  }
}

/** mise writes other requests as keys of their own: `{ ref = "main" }` is `ref:main`. */
function versionOf(item: Value): string | undefined {
  if (item.kind === 'text') return item.text;
  const version = textAt(item, 'version');
  if (version !== undefined) return version;
  const other = ['prefix', 'ref', 'tag', 'branch', 'rev', 'path'].find(
    (key) => textAt(item, key) !== undefined,
  );
  return other === undefined ? undefined : `${other}:${textAt(item, other)}`;
}

function exeOf(options: Value | undefined, inName: string | undefined): string | undefined {
  const written = inName?.split(',').find((option) => option.startsWith('exe='));
  return textAt(options, 'exe') ?? textAt(options, 'bin') ?? written?.slice('exe='.length);
}

/** Backends that install a package of a registry, by its name there (https://mise.jdx.dev/dev-tools/backends/). */
const registries = new Map<string, PackageManager>([
  ['cargo', 'cargo'],
  ['gem', 'gem'],
  ['go', 'go'],
  ['npm', 'npm'],
  ['pipx', 'pip'],
]);

function stateRequest(found: Findings, request: Request, exe: string | undefined) {
  const [, backend, name = ''] = /^([a-z]+):(.*)$/.exec(request.name) ?? [];
  if (backend === undefined || backend === 'core') {
    const tool = backend === undefined ? request.name : name;
    if (tool === 'rust') return stateRust(found, request, rustOf(request));
    return stateTool(found, request, tool, request.version);
  }
  const manager = registries.get(backend);
  if (manager !== undefined) return statePackage(found, request, manager, name);
  if (exe !== undefined) return stateTool(found, request, exe, request.version);
  found.leave(
    request,
    `${request.name} ${request.version}`,
    `is a download of ${onOneLine(backend)}; which command it brings is not said`,
  );
}

function rustOf({ version, options }: Request) {
  const listed = (key: string) =>
    textsOf(valueAt(options, key)).flatMap((text) =>
      text
        .split(',')
        .map((name) => name.trim())
        .filter(Boolean),
    );
  return { toolchain: version, components: listed('components'), targets: listed('targets') };
}

function statePackage(found: Findings, request: Request, manager: PackageManager, written: string) {
  const text = `${request.name} ${request.version}`;
  // `pipx:black[jupyter]` adds extras, `pipx:psf/black` and addresses are repositories.
  const name = written.split('[', 1)[0] ?? '';
  const address = name.includes(':') || (name.includes('/') && (manager === 'pip' || manager === 'cargo'));
  if (address)
    return found.leave(request, text, 'is a repository, which does not tell the name of a package');
  if (!isPackageName(name)) return found.leave(request, text, 'is no name of a package');
  const read = readVersion(manager, request.version);
  if ('why' in read) return found.leave(request, text, read.why);
  const version = read.version === 'latest' ? {} : { version: read.version };
  found.state(request, { section: 'packages', manager, name, ...version });
}
