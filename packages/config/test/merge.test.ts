import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { type Config, loadConfig, orderedPools, printEffective, readDocument } from '../src/index.ts';
import { fileSchema } from '../src/schema/config.ts';
import { merge, toTree, toValue, type Tree } from '../src/tree.ts';
import { goodConfig, layer } from './arbitrary-config.ts';
import { filesOf } from './problems-of.ts';

const tree = layer.map((value) => toTree(readDocument(stringify(value), 'a.yml'), fileSchema));

/** Returns the tree with its deletions and the order of its keys, without the positions. */
function shape(part: Tree): unknown {
  if (part.kind === 'branch')
    return { replaces: part.replaces, entries: [...part.entries].map(([key, child]) => [key, shape(child)]) };
  return part.kind === 'leaf' ? { value: part.value } : 'deleted';
}

describe('merge', () => {
  it('is associative, including deletions and the order of keys', () => {
    fc.assert(
      fc.property(tree, tree, tree, (a, b, c) => {
        expect(shape(merge(merge(a, b), c))).toEqual(shape(merge(a, merge(b, c))));
      }),
    );
  });

  it('changes nothing when an empty tree or the same tree is merged', () => {
    const nothing = toTree(readDocument('{}', 'a.yml'), fileSchema);
    fc.assert(
      fc.property(tree, (a) => {
        expect(shape(merge(a, nothing))).toEqual(shape(a));
        expect(toValue(merge(nothing, a))).toEqual(toValue(a));
        expect(toValue(merge(a, a))).toEqual(toValue(a));
      }),
    );
  });

  it('lets the later tree override the earlier one, and applies its deletions', () => {
    fc.assert(
      fc.property(tree, tree, (a, b) => {
        const merged = toValue(merge(a, b)) as Record<string, Record<string, unknown>>;
        if (b.kind !== 'branch') return;
        for (const [section, part] of b.entries) {
          if (part.kind === 'deleted') expect(merged).not.toHaveProperty(section);
          if (part.kind === 'leaf') expect(merged[section]).toEqual(part.value);
          for (const [key, child] of part.kind === 'branch' ? part.entries : [])
            if (child.kind !== 'branch') expect(merged[section]?.[key]).toEqual(toValue(child));
        }
      }),
    );
  });

  it('deletes through a layer in between, and keeps values that later layers set', () => {
    fc.assert(
      fc.property(tree, tree, tree, (a, b, c) => {
        const cut = toTree(readDocument('{ pools: null, metrics: null, cache: null }', 'a.yml'), fileSchema);
        const merged = toValue(merge(a, merge(merge(cut, b), c))) as Record<string, unknown>;
        const without = toValue(merge(b, c)) as Record<string, unknown>;
        for (const section of ['pools', 'metrics', 'cache'])
          expect(merged[section]).toEqual(without[section]);
      }),
    );
  });

  it('orders pools by pool-order, then in the order of the base, then new ones', () => {
    const order = fc.option(fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e')), { nil: undefined });
    const set = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { minLength: 1 });
    fc.assert(
      fc.property(set, set, order, (base, own, chosen) => {
        const poolsOf = (names: string[]) =>
          toTree(
            readDocument(
              stringify({ pools: Object.fromEntries(names.map((name) => [name, { 'runs-on': name }])) }),
              'a.yml',
            ),
            fileSchema,
          );
        const { pools } = toValue(merge(poolsOf(base), poolsOf(own))) as Pick<Config, 'pools'>;
        const named = (chosen ?? []).filter((name) => base.includes(name) || own.includes(name));
        const expected = [...new Set([...named, ...base, ...own])];
        const config = { ...(pools === undefined ? {} : { pools }), 'pool-order': named };
        expect(orderedPools(config).map(({ name }) => name)).toEqual(expected);
      }),
    );
  });
});

describe('printEffective', () => {
  it('prints a file that gives the same configuration when it is read again', async () => {
    const place = { repository: undefined, ref: undefined, path: 'a.yml' };
    const load = (text: string) =>
      loadConfig(filesOf({ 'a.yml': text, 'b.yml': 'metrics: { interval: 5s }\n' }), place);
    await fc.assert(
      fc.asyncProperty(layer, async (value) => {
        const first = await load(stringify({ extends: './b.yml', ...value }));
        if (first.kind !== 'read') return fc.pre(false);
        const printed = printEffective(first.tree);
        const again = await load(printed);
        expect(again.kind, printed).toBe('read');
        if (again.kind === 'read') expect(again.config).toEqual(first.config);
        if (again.kind === 'read')
          expect(printEffective(again.tree).replaceAll(/ # .*$/gm, '')).toBe(
            printed.replaceAll(/ # .*$/gm, ''),
          );
      }),
    );
  });

  it('does the same for complete configurations, with and without an environment', async () => {
    const place = { repository: undefined, ref: undefined, path: 'a.yml' };
    const environment = fc.constantFrom(undefined, { name: 'test', mayBeMissing: false });
    await fc.assert(
      fc.asyncProperty(goodConfig, environment, async (value, chosen) => {
        const text = stringify(value);
        const first = await loadConfig(filesOf({ 'a.yml': text }), place, chosen);
        if (first.kind !== 'read') throw new Error(`${JSON.stringify(first)} ${text}`);
        const printed = printEffective(first.tree);
        const again = await loadConfig(filesOf({ 'a.yml': printed }), place);
        if (again.kind !== 'read') throw new Error(`${JSON.stringify(again)} ${printed}`);
        expect(again.config, printed).toEqual(first.config);
        expect(orderedPools(again.config)).toEqual(orderedPools(first.config));
      }),
      { numRuns: 300 },
    );
  });
});
