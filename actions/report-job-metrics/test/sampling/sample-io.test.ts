import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { describeMachine, openMachine } from '../../src/sampling/sample-io.ts';

function tree(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'kernel-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

it('openMachine omits what the kernel does not report', async () => {
  const root = tree({ 'proc/stat': 'cpu  1 1 1 1 1 1 1 1\n' });
  const sample = await openMachine([], { root, platform: 'linux' }).read();
  expect(Object.keys(sample).sort()).toEqual(['cpu', 'disks', 'monotonic', 'pressure', 'wall']);
  expect(sample.pressure).toEqual({});
  expect(describeMachine(2_000, { root, platform: 'linux' }).notes).toEqual([
    'This kernel does not report pressure (PSI).',
  ]);
});

it.each(['darwin', 'win32'] as const)(
  'openMachine reads CPU and memory on %s, and describeMachine notes what is missing',
  async (platform) => {
    const sample = await openMachine([tmpdir()], { platform }).read();
    expect(sample.cpu?.idle).toBeGreaterThan(0);
    expect(sample.memory?.usedBytes).toBeGreaterThan(0);
    expect(sample.network).toBeUndefined();
    expect(describeMachine(2_000, { platform }).notes).toHaveLength(1);
  },
);

it('openMachine uses a monotonic clock', async () => {
  const machine = openMachine([]);
  const [first, second] = [await machine.read(), await machine.read()];
  expect(second.monotonic).toBeGreaterThanOrEqual(first.monotonic);
});
