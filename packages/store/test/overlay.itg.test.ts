import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withMounts } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';

const source = join(import.meta.dirname, '../src/index.ts');
const fixture = join(import.meta.dirname, 'fixture.ts');

/**
 * A script and the result that it sets in `told`. `target` is a folder of the lower layer; the entry has `sub/file`.
 */
interface Scenario {
  script: string;
  /** Run as a user without root permissions. */
  asUser?: boolean;
  /** Root owns a folder in the target. */
  theirs?: boolean;
  told: Record<string, unknown>;
}

const scenarios: Record<string, Scenario> = {
  'is replaced by a lease, and the copy is returned as ready': {
    script: `
      const { mode, trash, lease } = restore();
      told.mode = mode;
      told.there = names(target);
      told.old = listing(join(trash[0], 'old-0')) === before;
      told.back = checkIn(store, lease, { keep: true, most: 1 }).outcome;
      told.again = restore().mode;`,
    told: { mode: 'copy', there: ['sub', 'sub/file'], old: true, back: 'clean', again: 'lease' },
  },
  'is replaced by a copy of its user, including read-only folders': {
    asUser: true,
    script: `
      told.mode = restore({ mode: 'copy' }).mode;
      told.there = names(target);`,
    told: { mode: 'copy', there: ['sub', 'sub/file'] },
  },
  'stays unchanged when a file in it cannot be moved': {
    asUser: true,
    theirs: true,
    script: `
      try {
        restore();
      } catch (error) {
        told.code = error.code;
      }
      told.same = listing(target) === before;
      told.mode = fs.statSync(target).mode & 0o777;
      told.left = ['staging', 'leases'].flatMap((name) => names(join(store.root, name))).filter((path) => path.includes('/'));`,
    told: { code: 'EPERM', same: true, mode: 0o555, left: [] },
  },
  'is filled by an update, and becomes read-only again': {
    asUser: true,
    script: `
      told.outcome = restore({ onExisting: 'update' }).outcome;
      told.there = names(target);
      const { mode, mtimeMs } = fs.statSync(target);
      told.root = [mode & 0o777, mtimeMs];`,
    told: {
      outcome: 'restored',
      there: ['a', 'a/closed', 'a/closed/file', 'b', 'sub', 'sub/file', 'theirs'],
      root: [0o555, 1_000_000],
    },
  },
};

/** Scenarios for root run first: a process that became another user cannot change back. */
const ordered = Object.entries(scenarios).sort(
  ([, one], [, other]) => Number(one.asUser ?? false) - Number(other.asUser ?? false),
);

/**
 * Runs all scenarios in a private mount namespace.
 * @returns the reason if that is not possible
 */
function run(): Record<string, unknown> | string {
  if (process.getuid?.() !== 0) return 'not root';
  const folder = mkdtempSync(join(tmpdir(), 'overlay-'));
  chmodSync(folder, 0o755);
  const wrap = withMounts([['-t', 'tmpfs', '-o', 'mode=755', 'tmpfs', folder]]);
  if (wrap === undefined) return 'no mount namespaces';
  const bodies = ordered.map(
    ([name, { script, asUser = false }], index) =>
      `all[${JSON.stringify(name)}] = (() => { const told = {}; const { store, target, before, restore } = made[${index}];
        if (${asUser} && process.getuid() === 0) process.setgroups([]), process.setgid(65534), process.setuid(65534); ${script} return told; })();`,
  );
  const code = `
    import { execFileSync } from 'node:child_process';
    import * as fs from 'node:fs';
    import { join } from 'node:path';
    import { checkIn, pathFromText, openStore, restoreEntry } from ${JSON.stringify(source)};
    import { get, listing, options, save } from ${JSON.stringify(fixture)};
    const names = (path) => fs.readdirSync(path, { recursive: true }).sort();
    const run = (...words) => execFileSync(words[0], words.slice(1), { stdio: ['ignore', 'pipe', 'ignore'] });
    const all = {};
    const made = ${JSON.stringify(ordered.map(([, scenario]) => scenario))}.map(begin);
    function begin({ asUser, theirs }, index) {
      const [lower, upper, work, root] = ['lower', 'upper', 'work', 'root'].map((name) => join(${JSON.stringify(folder)}, String(index), name));
      const inside = join(lower, 'ws/tree');
      for (const path of [join(inside, 'a/closed'), join(inside, 'theirs'), root, upper, work]) fs.mkdirSync(path, { recursive: true });
      for (const path of ['a/closed/file', 'b']) fs.writeFileSync(join(inside, path), 'old');
      if (asUser) run('chown', '-R', '65534:65534', lower);
      if (theirs) fs.chownSync(join(inside, 'theirs'), 0, 0);
      for (const path of ['a/closed', 'a', 'theirs', '']) {
        fs.chmodSync(join(inside, path), 0o555);
        fs.utimesSync(join(inside, path), 1000, 1000);
      }
      try {
        run('mount', '-t', 'overlay', '-o', 'lowerdir=' + lower + ',upperdir=' + upper + ',workdir=' + work, 'overlay', root);
      } catch {
        console.log(JSON.stringify('no overlay on a file system in memory'));
        process.exit();
      }
      const store = openStore(join(root, 'store'));
      fs.mkdirSync(join(root, 'tree/sub'), { recursive: true });
      fs.writeFileSync(join(root, 'tree/sub/file'), 'new');
      save(store, 'k', join(root, 'tree'));
      if (asUser) run('chown', '-R', '65534:65534', store.root);
      const target = join(root, 'ws/tree');
      const restore = (how) => restoreEntry(store, get(store, 'k'), [pathFromText(target)], options(how));
      return { store, target, before: listing(target), restore };
    }
    ${bodies.join('\n')}
    console.log(JSON.stringify(all));`;
  const node = [process.execPath, '--input-type=module', '--eval', code];
  const { stdout, stderr } = spawnSync(wrap[0] ?? '', [...wrap.slice(1), ...node], { encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Record<string, unknown> | string;
}

const all = run();
const reason = typeof all === 'string' ? `: ${all}` : '';

describe.skipIf(reason !== '')(`a folder of an overlay’s lower layer${reason}`, () => {
  it.each(ordered)('%s', (name, { told }) => {
    expect((all as Record<string, unknown>)[name]).toEqual(told);
  });
});
