// Generates the tables of the pages about the manifest: its keys, its tools, and the version files that it reads.
// `npm run docs` writes them with the schemas; `npm run docs:check` fails when they are stale.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  commonKeyDescriptions,
  describeManifest,
  describeTools,
  type KeyDescription,
  manifestSchema,
  sectionNames,
} from '@runner-actions/manifest';
import { versionFiles } from '@runner-actions/manifest/from';
import { root } from './actions.ts';
import { replace, table } from './readme.ts';

/** The tables by the names in their markers, such as `<!-- keys: tools -->`. */
export function manifestTables(): Record<string, string> {
  const keys = describeManifest();
  const heads = Object.keys(manifestSchema.entries).filter((name) => !isSection(name));
  return {
    'keys: manifest': keyTable(keys.filter(({ key }) => heads.some((head) => isAtOrBelow(key, head)))),
    'keys: every requirement': keyTable(commonKeyDescriptions()),
    // The first key is the section itself, which the page describes.
    ...Object.fromEntries(
      sectionNames.map((name) => [
        `keys: ${name}`,
        keyTable(keys.filter(({ key }) => key !== name && isAtOrBelow(key, name))),
      ]),
    ),
    'keys: from': table(
      ['file', 'what is read'],
      versionFiles.map(({ names, about }) => [names.map((name) => `\`${name}\``).join(', '), escape(about)]),
    ),
    tools: table(
      ['tool', 'command', 'scheme'],
      describeTools().map(({ names, command, scheme }) => [
        names.map((name) => `\`${name}\``).join(', '),
        `\`${escape(command)}\``,
        scheme,
      ]),
    ),
  };
}

function isSection(name: string): boolean {
  return sectionNames.some((one) => one === name);
}

function isAtOrBelow(key: string, head: string): boolean {
  return key === head || key.startsWith(`${head}.`) || key.startsWith(`${head}[`);
}

function keyTable(keys: readonly KeyDescription[]): string {
  const rows = keys.map(({ key, value, about }) => [`\`${key}\``, escape(value), escape(about)]);
  return table(['key', 'value', 'what it is'], rows);
}

function escape(text: string): string {
  return text.replaceAll('|', '\\|');
}

/**
 * Returns a page with its tables.
 * @throws Error if a marker has no end, or names no table
 */
export function withManifestTables(text: string, tables = manifestTables()): string {
  const names = [...text.matchAll(/^<!-- (keys: [^>]+|tools) -->$/gm)].map(([, name = '']) => name);
  return names.reduce((page, name) => {
    const found = tables[name];
    if (found === undefined) throw new Error(`the marker <!-- ${name} --> names no table`);
    return replace(page, name, found);
  }, text);
}

/** Returns the path and the fresh text of each page about the manifest. */
export function manifestPages(): [path: string, fresh: string][] {
  const tables = manifestTables();
  const paths = globSync(['docs/requirements*.md', 'docs/install.md'], { cwd: root }).sort();
  return paths.map((path) => {
    const page = join(root, path);
    return [page, withManifestTables(readFileSync(page, 'utf8'), tables)];
  });
}
