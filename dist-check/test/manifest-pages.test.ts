import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkConfig, describeProblem, type Files } from '@runner-actions/config';
import { loadManifest } from '@runner-actions/manifest';
import { manifestPages, manifestTables, withManifestTables } from '../manifest-pages.ts';
import { readPages } from '../page-length.ts';

/** Files that the manifests of the pages name. */
const named: Record<string, string> = {
  '.nvmrc': '22\n',
  'go.mod': 'module example\n\ngo 1.22\n',
  'rust-toolchain.toml': '[toolchain]\nchannel = "1.80"\n',
};

/** All YAML blocks of the pages. */
const blocks = Object.entries(readPages()).flatMap(([page, text]) =>
  [...text.matchAll(/^( *)```ya?ml\n([^]*?)^\1```$/gm)].map(({ 1: indent = '', 2: block = '' }) => ({
    ...withStart(block.replaceAll(new RegExp(`^${indent}`, 'gm'), '')),
    page,
  })),
);
const about = /^(?:docs\/requirements|actions\/validate-preinstalled\/)/;
const versioned = blocks.filter(({ block }) => block.startsWith('version: 1\n'));
const manifests = versioned.filter(({ page }) => about.test(page));
const others = versioned.filter(({ page }) => !about.test(page));
/** Manifests in the input `manifest` or `requirements` of a step or a job. */
const inputs = blocks.flatMap(({ page, block }) =>
  inputsIn(/\b(?:manifest|requirements): \|/.test(block) ? parse(block) : undefined).map((block) => ({
    ...withStart(block),
    page,
  })),
);

/** Adds the line after the version, for the titles of tests. */
function withStart(block: string): { block: string; start: string } {
  return { block, start: block.split('\n')[1] ?? '' };
}

function inputsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) =>
    ['manifest', 'requirements'].includes(key) && typeof one === 'string' && one.includes('\n')
      ? [one]
      : inputsIn(one),
  );
}

function filesWith(block: string): Files {
  return {
    read: async ({ repository, path }) => {
      const text = repository === undefined && path === 'manifest.yml' ? block : named[path];
      // The base of the example about null.
      return { kind: 'text', text: text ?? 'version: 1\ntools: { gh: latest }\n' };
    },
  };
}

const place = { repository: undefined, ref: undefined, path: 'manifest.yml' };

/** Returns the mistakes of a manifest, and how many requirements it has. */
async function load(block: string): Promise<{ problems: string[]; count: number }> {
  const loaded = await loadManifest(filesWith(block), place);
  if (loaded.kind === 'read') return { problems: [], count: loaded.manifest.requirements.length };
  if (loaded.kind === 'wrong') return { problems: loaded.problems.map(describeProblem), count: 0 };
  return { problems: [loaded.why], count: 0 };
}

describe('the manifests in pages', () => {
  it('are found', () => {
    expect(manifests.length).toBeGreaterThan(20);
    expect(inputs.length).toBeGreaterThan(0);
  });

  it.each([...manifests, ...inputs])('load and require something: $page, $start', async ({ block }) => {
    const { problems, count } = await load(block);
    expect(problems).toEqual([]);
    expect(count).toBeGreaterThan(0);
  });

  it.each(others)('or configurations on other pages load: $page, $start', async ({ block }) => {
    const { problems } = await load(block);
    const config = await checkConfig(filesWith(block), place);
    expect(problems.length === 0 || config.kind === 'read', problems.join('\n')).toBe(true);
  });
});

describe('the tables of ranges', () => {
  const page = readPages()['docs/requirements.md'] ?? '';

  /** Returns the ranges in the first column of the table with this head. */
  function rangesOf(head: string): string[] {
    const [, rows = ''] = page.split(`\n| ${head} |\n| --- | --- |\n`);
    const cells = rows.split('\n\n', 1)[0]?.split('\n') ?? [];
    return cells.flatMap((row) =>
      [
        ...row
          .replaceAll('\\|', '¦')
          .split('|', 2)
          .join('')
          .matchAll(/`([^`]+)`/g),
      ].map(([, range = '']) => range.replaceAll('¦', '|')),
    );
  }

  const withRange = (range: string): string => `version: 1\ntools: { own: ${JSON.stringify(range)} }\n`;

  it.each(rangesOf('written | means'))('have ranges that are accepted: %s', async (range) => {
    expect((await load(withRange(range))).problems).toEqual([]);
  });

  it.each(rangesOf('refused | write'))('have ranges that are refused: %s', async (range) => {
    expect((await load(withRange(range))).problems).toHaveLength(1);
  });
});

describe('the tables of the manifest', () => {
  const pages = manifestPages();

  it('are all on a page, and fresh', () => {
    const text = pages.map(([, fresh]) => fresh).join('\n');
    const missing = Object.keys(manifestTables()).filter((name) => !text.includes(`<!-- ${name} -->`));
    expect(missing).toEqual([]);
    for (const [path, fresh] of pages) expect(readFileSync(path, 'utf8'), path).toBe(fresh);
  });

  it('replace what is between the markers', () => {
    const page = 'a\n<!-- keys: x -->\nold\n<!-- /keys: x -->\nb\n';
    const fresh = 'a\n<!-- keys: x -->\n\nnew\n\n<!-- /keys: x -->\nb\n';
    expect(withManifestTables(page, { 'keys: x': 'new' })).toBe(fresh);
  });

  it('are refused for a marker that names none, or that has no end', () => {
    expect(() => withManifestTables('<!-- keys: y -->\n', { 'keys: x': '' })).toThrow('names no table');
    expect(() => withManifestTables('<!-- keys: x -->\n', { 'keys: x': '' })).toThrow('missing');
  });

  it('have a row for each key of a section', () => {
    expect(manifestTables()['keys: oci']).toContain('| `oci.required` | `any`, `all` | Which runtimes');
    expect(manifestTables()['keys: users']).not.toContain('`user.groups`');
  });
});
