import { describe, expect, it } from 'vitest';
import { checkConfig, type Files, loadConfig, orderedPools } from '../src/index.ts';
import { filesOf, problemsOf } from './problems-of.ts';

const place = { repository: undefined, ref: undefined, path: 'a.yml' };
const load = (texts: Record<string, string>, name?: string) =>
  loadConfig(filesOf(texts), place, name === undefined ? undefined : { name, mayBeMissing: false });

async function read(texts: Record<string, string>, environment?: string) {
  const loaded = await load(texts, environment);
  if (loaded.kind !== 'read') throw new Error(JSON.stringify(loaded));
  return loaded;
}

describe('extends', () => {
  it('lets a later base override an earlier one, and the file override both', async () => {
    const { config, names, originOf } = await read({
      'a.yml': 'extends: [./b.yml, c.yml]\nmetrics: { charts: text }\n',
      'b.yml': 'metrics: { interval: 1s, currency: EUR, charts: none }\n',
      'c.yml': 'metrics: { interval: 2s, charts: mermaid }\n',
    });
    expect(config.metrics).toEqual({ interval: 2000, currency: 'EUR', charts: 'text' });
    expect(names).toEqual(['b.yml', 'c.yml', 'a.yml']);
    expect(originOf(['metrics', 'interval'])).toEqual({ file: 'c.yml', line: 1, column: 22 });
  });

  it('resolves local paths in a file of another repository in that repository and at its ref', async () => {
    const { config } = await read({
      'a.yml': 'extends: org/.github:ci/base.yml@v1\n',
      'org/.github:ci/base.yml@v1': 'extends: [../more.yml, other/repo:x.yml]\n',
      'org/.github:more.yml@v1': 'metrics: { currency: CHF }\n',
      'other/repo:x.yml': 'cache: { max-age: 1d }\n',
    });
    expect(config).toEqual({ metrics: { currency: 'CHF' }, cache: { 'max-age': 86_400_000 } });
  });

  it('refuses a circular extends and prints the chain', async () => {
    const texts = {
      'a.yml': 'extends: ./b.yml\n',
      'b.yml': 'extends: ./c.yml\n',
      'c.yml': 'extends: ./a.yml\n',
    };
    expect(await problemsOf(texts)).toEqual([
      "c.yml:1:10 extends: found './a.yml', expected no circular 'extends': a.yml → b.yml → c.yml → a.yml.",
    ]);
  });

  it('allows the same base through two files', async () => {
    const { config } = await read({
      'a.yml': 'extends: [b.yml, c.yml]\n',
      'b.yml': 'extends: d.yml\n',
      'c.yml': 'extends: d.yml\n',
      'd.yml': 'metrics: { currency: EUR }\n',
    });
    expect(config.metrics?.currency).toBe('EUR');
  });

  it('refuses more than 10 files in a chain, and more than 30 files in total', async () => {
    const deep = Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => [
        index === 0 ? 'a.yml' : `${index}.yml`,
        `extends: ./${index + 1}.yml\n`,
      ]),
    );
    expect((await problemsOf(deep))[0]).toMatch(
      /^9\.yml:1:10 extends: .*at most 10 files in a chain of 'extends': a\.yml → 1\.yml → .* → 10\.yml/,
    );
    const many = Array.from({ length: 40 }, (_, index) => `b${index}.yml`);
    const wide = {
      'a.yml': `extends: [${many.join(', ')}]\n`,
      ...Object.fromEntries(many.map((name) => [name, ''])),
    };
    expect((await problemsOf(wide))[0]).toMatch(/at most 30 files in all/);
  });

  it('reports the mistakes of all files at once, each at its position', async () => {
    expect(await problemsOf({ 'a.yml': 'extends: b.yml\nx: 1\n', 'b.yml': 'cache:\n  y: 1\n' })).toEqual([
      expect.stringMatching(/^2:1 found 'x'/),
      expect.stringMatching(/^b\.yml:2:3 cache: found 'y'/),
    ]);
  });

  it('reports the mistakes of a base once when two files extend it', async () => {
    const texts = {
      'a.yml': 'extends: [b.yml, c.yml]\n',
      'b.yml': 'extends: d.yml\n',
      'c.yml': 'extends: d.yml\n',
      'd.yml': 'x: 1\n',
    };
    expect(await problemsOf(texts)).toEqual([expect.stringMatching(/^d\.yml:1:1 found 'x'/)]);
  });

  it('reports files that cannot be fetched as mistakes in a check, and once when the configuration is loaded', async () => {
    const text = 'cach: {}\nextends:\n  - o/r:b.yml\n  - o/r:b.yml\n';
    const files = (own: string): Files => ({
      read: ({ repository }) =>
        Promise.resolve(
          repository === undefined ? { kind: 'text', text: own } : { kind: 'unknown', why: 'away' },
        ),
    });
    const checked = await checkConfig(files(text), place);
    expect(checked.kind === 'wrong' && checked.problems).toMatchObject([
      { line: 1, column: 1, found: 'cach' },
      { line: 3, column: 5, path: ['extends', 0], expected: 'a file that can be read (o/r:b.yml: away)' },
      { line: 4, column: 5, path: ['extends', 1], expected: 'a file that can be read (o/r:b.yml: away)' },
    ]);
    const used = await loadConfig(files(text.replace('cach:', 'cache:')), place);
    expect(used).toEqual({ kind: 'unknown', why: ['o/r:b.yml: away'] });
  });

  it('reports a mistake that only the merge causes in the file that caused it', async () => {
    const texts = {
      'a.yml': 'extends: b.yml\npools: { p: { when-busy: queue } }\n',
      'b.yml': 'pools:\n  p:\n    runs-on: x\n    min-free: 2\n',
    };
    expect(await problemsOf(texts)).toEqual([
      expect.stringMatching(/^b\.yml:4:15 pools\.p\.min-free: found '2'/),
    ]);
  });
});

describe('merging', () => {
  it('deletes with null, also through files in between, and lets a later file set a new value', async () => {
    const base = { 'c.yml': 'metrics: { interval: 1s, currency: EUR }\n' };
    const gone = await read({
      ...base,
      'a.yml': 'extends: b.yml\n',
      'b.yml': 'extends: c.yml\nmetrics: { interval: null }\n',
    });
    expect(gone.config.metrics).toEqual({ currency: 'EUR' });
    const fresh = await read({
      ...base,
      'a.yml': 'extends: b.yml\nmetrics: { charts: text }\n',
      'b.yml': 'extends: c.yml\nmetrics: null\n',
    });
    expect(fresh.config.metrics).toEqual({ charts: 'text' });
  });

  it('replaces lists and runs-on as a whole', async () => {
    const { config } = await read({
      'a.yml': 'extends: b.yml\npools: { p: { runs-on: { group: g } } }\ncleanup: { keep: [c] }\n',
      'b.yml': 'pools: { p: { runs-on: [x, y] } }\ncleanup: { keep: [a, b] }\n',
    });
    expect(config.pools?.['p']?.['runs-on']).toEqual({ group: 'g' });
    expect(config.cleanup?.keep).toEqual(['c']);
  });

  it('orders pools by pool-order, then in the order of the base, with new ones last', async () => {
    const order = async (texts: Record<string, string>) =>
      orderedPools((await read(texts)).config).map(({ name }) => name);
    const base = 'pools:\n  z: { runs-on: x }\n  y: { runs-on: x }\n';
    const child = 'extends: b.yml\npools:\n  a: { runs-on: x }\n  y: { min-free: 2 }\n';
    expect(await order({ 'a.yml': child, 'b.yml': base })).toEqual(['z', 'y', 'a']);
    expect(await order({ 'a.yml': `${child}pool-order: [a, z]\n`, 'b.yml': base })).toEqual(['a', 'z', 'y']);
  });

  it('applies an environment from any file on top, including its deletions', async () => {
    const texts = {
      'a.yml': 'extends: b.yml\nmetrics: { interval: 3s, currency: EUR }\n',
      'b.yml': 'environments:\n  test: { metrics: { interval: 9s, currency: null } }\n',
    };
    expect((await read(texts, 'test')).config.metrics).toEqual({ interval: 9000 });
    expect((await read(texts)).config.metrics).toEqual({ interval: 3000, currency: 'EUR' });
  });

  it('keeps the written form of labels', async () => {
    const { config } = await read({
      'a.yml': 'pools: { p: { runs-on: [1.10, 0755, 012345e6, 0x1F, true, 1_0] } }\n',
    });
    expect(config.pools?.['p']?.['runs-on']).toEqual(['1.10', '0755', '012345e6', '0x1F', 'true', '1_0']);
  });
});

it('accepts an empty file and a file that contains only comments', async () => {
  for (const text of ['', '# nothing yet\n', '\uFEFFversion: 1\n'])
    expect((await read({ 'a.yml': text })).config).toEqual({});
});
