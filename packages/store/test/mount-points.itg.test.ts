import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const source = join(import.meta.dirname, '../src/index.ts');
const fixture = join(import.meta.dirname, 'fixture.ts');
const isServed = spawnSync('unshare', ['--mount', 'true']).status === 0;

/**
 * A script and the result that it must set in `told`. It has a tree with `sub/file`, a store, a target, and
 * `mount(where)`.
 */
interface Scenario {
  script: string;
  told: Record<string, unknown>;
}

/** Creates one scenario for each of `values`. */
const each = <T>(
  values: readonly T[],
  scenarioOf: (value: T) => [string, Scenario],
): Record<string, Scenario> => Object.fromEntries(values.map(scenarioOf));
const ways = ['replace', 'merge', 'update'] as const;

const scenarios: Record<string, Scenario> = {
  ...each(['sub', 'new', 'sub/deep'], (at) => [
    `does not check in a copy with a mount at ${at}, and keeps the mounted files`,
    {
      script: `
        save(store, 'k', tree);
        const { lease } = restoreEntry(store, get(store, 'k'), [pathFromText(target)], options());
        mount(join(target, '${at}'));
        told.outcome = checkIn(store, lease, { keep: true, most: 1 }).outcome;
        told.theirs = fs.readFileSync(join(target, '${at}', 'theirs'), 'utf8');
        told.leases = names(join(store.root, 'leases'));`,
      told: { outcome: 'mounted', theirs: 'precious', leases: [] },
    },
  ]),
  'does not empty a folder of the store that is a mount point': {
    script: `
      const left = join(store.root, 'staging', '4194302_1____1b4e28ba-0000-4000-8000-000000000000');
      mount(left);
      told.first = removeStagingFolder(left).reason;
      told.theirs = fs.readFileSync(join(left, 'theirs'), 'utf8');`,
    told: { first: 'another mount', theirs: 'precious' },
  },
  'copies a tree with a mount instead of moving it, without the mounted files': {
    script: `
      mount(join(tree, 'sub/volume'));
      const skipped = [];
      told.outcome = save(store, 'k', tree, { move: true, skip: (...what) => skipped.push(what) });
      told.skipped = skipped.map(([path, why]) => [path.slice(tree.length), why]);
      told.left = names(tree);
      told.saved = names(join(get(store, 'k').folder, 'tree-0'));`,
    told: {
      outcome: 'saved',
      skipped: [['/sub/volume', 'something is mounted there']],
      left: ['sub', 'sub/file', 'sub/volume', 'sub/volume/theirs'],
      saved: ['sub', 'sub/file'],
    },
  },
  'copies the contents of a mount point that is saved': {
    script: `
      mount(target);
      told.outcome = save(store, 'k', target, { move: true });
      told.saved = names(join(get(store, 'k').folder, 'tree-0'));
      told.left = names(target);`,
    told: { outcome: 'saved', saved: ['theirs'], left: ['theirs'] },
  },
  ...each(['copy', 'lease'], (mode) => [
    `replaces the files around a mount in the target with mode ${mode}`,
    {
      script: `
        save(store, 'k', tree);
        mount(join(target, 'sub/volume'));
        fs.writeFileSync(join(target, 'sub/stale'), '');
        fs.writeFileSync(join(target, 'other'), '');
        const { trash, why } = restoreEntry(store, get(store, 'k'), [pathFromText(target)], options({ mode: '${mode}' }));
        told.there = names(target);
        told.why = why;
        told.trash = trash.flatMap(names).length;`,
      told: {
        there: ['sub', 'sub/file', 'sub/volume', 'sub/volume/theirs'],
        why: 'something is mounted in the target',
        trash: 2,
      },
    },
  ]),
  ...each(ways, (way) => [
    `changes nothing with ${way} when the entry has files at a mount`,
    {
      script: `
        save(store, 'k', tree);
        mount(join(target, 'sub'));
        fs.writeFileSync(join(target, 'other'), '');
        try {
          restoreEntry(store, get(store, 'k'), [pathFromText(target)], options({ onExisting: '${way}' }));
        } catch (error) {
          told.message = error.message.replace(target, 'TARGET');
        }
        told.there = names(target);`,
      told: {
        message: 'something is mounted at TARGET/sub, where the entry has files',
        there: ['other', 'sub', 'sub/theirs'],
      },
    },
  ]),
  ...each(ways, (way) => [
    `fills a target that is a mount point with ${way}`,
    {
      script: `
        save(store, 'k', tree);
        mount(target);
        told.outcome = restoreEntry(store, get(store, 'k'), [pathFromText(target)], options({ onExisting: '${way}' })).outcome;
        told.there = names(target);
        execFileSync('umount', [target]);
        told.under = names(target);`,
      told: {
        outcome: 'restored',
        there: way === 'replace' ? ['sub', 'sub/file'] : ['sub', 'sub/file', 'theirs'],
        under: [],
      },
    },
  ]),
};

/**
 * Runs all scenarios in a private mount namespace.
 * @param kind another file system, or a folder of the same one
 */
function run(kind: 'tmpfs' | 'bind'): Record<string, unknown> {
  const bodies = Object.entries(scenarios).map(
    ([name, { script }]) =>
      `all[${JSON.stringify(name)}] = (() => { const told = {}; const { volume, tree, store, target, mount } = begin(); ${script} return told; })();`,
  );
  const code = `
    import { execFileSync } from 'node:child_process';
    import * as fs from 'node:fs';
    import { join } from 'node:path';
    import { checkIn, removeStagingFolder, pathFromText, restoreEntry } from ${JSON.stringify(source)};
    import { get, make, options, save } from ${JSON.stringify(fixture)};
    const names = (path) => fs.readdirSync(path, { recursive: true }).sort();
    function begin() {
      const made = make();
      const volume = join(made.folder, 'volume');
      fs.mkdirSync(volume);
      const mount = (where) => {
        fs.mkdirSync(where, { recursive: true });
        execFileSync('mount', ${kind === 'bind' ? "['--bind', volume, where]" : "['-t', 'tmpfs', 'tmpfs', where]"});
        fs.writeFileSync(join(where, 'theirs'), 'precious');
      };
      return { ...made, volume, mount };
    }
    const all = {};
    ${bodies.join('\n')}
    console.log(JSON.stringify(all));`;
  const own = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  const node = [process.execPath, '--input-type=module', '--eval', code];
  const { stdout, stderr, status } = spawnSync('unshare', ['--mount', ...own, ...node], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe.skipIf(!isServed).each(['tmpfs', 'bind'] as const)('the store with mounts of type %s', (kind) => {
  const all = isServed ? run(kind) : {};

  it.each(Object.entries(scenarios))('%s', (name, { told }) => {
    expect(all[name]).toEqual(told);
  });
});
