import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { describeMachine, takeSample } from '../src/sample-io.ts';

function tree(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'kernel-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

it('leaves out what the kernel does not tell', async () => {
  const root = tree({ 'proc/stat': 'cpu  1 1 1 1 1 1 1 1\n' });
  const sample = await takeSample([], { root, platform: 'linux' });
  expect(Object.keys(sample).sort()).toEqual(['cpu', 'disks', 'monotonic', 'pressure', 'wall']);
  expect(sample.pressure).toEqual({});
  expect(describeMachine(2_000, { root, platform: 'linux' }).notes).toEqual([
    'This kernel does not tell pressure (PSI).',
  ]);
});

it.each(['darwin', 'win32'] as const)(
  'has CPU and memory on %s, and says what is missing',
  async (platform) => {
    const sample = await takeSample([tmpdir()], { platform });
    expect(sample.cpu?.idle).toBeGreaterThan(0);
    expect(sample.memory?.usedBytes).toBeGreaterThan(0);
    expect(sample.network).toBeUndefined();
    expect(describeMachine(2_000, { platform }).notes).toHaveLength(1);
  },
);

it('has a monotonic clock that does not go back', async () => {
  const [first, second] = [await takeSample([]), await takeSample([])];
  expect(second.monotonic).toBeGreaterThanOrEqual(first.monotonic);
});
