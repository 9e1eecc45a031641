// Commands that a machine runs by itself, with the Node of the runner instead of that of this project: `npm run
// test:node`.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { findRunnerNode, withPolicy } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import { action, filled, keysIn, runCommand, storeOf } from './stage.ts';

const bundle = join(action, 'dist/store.js');
const env = { PATH: process.env['PATH'] };

const answers: [args: string[], text: RegExp, json: RegExp][] = [
  [['stats'], /: 1 entry, 8 B.*\n {2}octo\/app: 1 entry/, /"entries": 1,/],
  [['gc'], /^0 entries and copies removed/, /"evicted": \[\]/],
  [['gc', '--dry-run'], /^0 entries and copies would be removed/, /"evicted": \[\]/],
  [
    ['fsck', '--full'],
    /^1 entry and 0 ready copies checked with their content: 0 problems/,
    /"problems": \[\]/,
  ],
  [['prune', '--dry-run', '--older-than', '0s'], /^1 entry or copy would be removed/, /"key": "k-1"/],
];

const old = findRunnerNode();
const version = spawnSync(old, ['--version'], { encoding: 'utf8' }).stdout.trim();

describe.skipIf(old === process.execPath)(`store command on the Node of the runner (${version})`, () => {
  it.each(['', '--json'])('runs each command %s', async (...switches) => {
    const options = switches.filter((one) => one !== '');
    const directory = await filled();
    const root = storeOf(directory);
    const run = (...args: string[]) => runCommand([...args, '--root', root, ...options], { node: old });
    for (const [args, text, json] of answers) {
      const { status, stdout, stderr } = await run(...args);
      expect([args, status, stderr]).toEqual([args, 0, '']);
      expect(stdout).toMatch(options.length === 0 ? text : json);
    }
    expect(keysIn(directory)).toEqual(['k-1']);
    const pruned = await run('prune', '--older-than', '0s');
    expect([pruned.status, pruned.stderr, keysIn(directory)]).toEqual([0, '', []]);
  });

  it('evicts old entries under a machine policy', async () => {
    const directory = await filled();
    const entry = spawnSync('find', [storeOf(directory), '-name', 'entry.json'], {
      encoding: 'utf8',
    }).stdout.trim();
    rmSync(join(storeOf(directory), 'counted'), { force: true });
    spawnSync('sed', ['-i', 's/"createdAt":[0-9]*/"createdAt":1/', entry]);
    const wrap = withPolicy('cache: { max-age: 1h }\n') ?? [];
    const [file = '', ...rest] = [...wrap, old, bundle, 'gc', '--root', storeOf(directory)];
    const { status, stdout } = spawnSync(file, rest, { encoding: 'utf8', env });
    expect([status, stdout]).toEqual([0, expect.stringMatching(/1 entry or copy removed/)]);
    expect(keysIn(directory)).toEqual([]);
  });
});
