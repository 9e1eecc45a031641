import { writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { pageSizeOf, parseCounters, readCounters } from '../../src/job-use/process-counters.ts';
import { kernelTree } from '../kernel-tree.ts';

it('parses a name with blanks, parentheses and letters of more than one byte', () => {
  const name = Buffer.from('a) S 1 (ö', 'utf8').toString('latin1');
  const text = `7 (${name}) R 3 1 4 0 -1 0 1 2 3 4 100 50 30 20 20 0 1 0 777 1000 10`;
  expect(parseCounters(text)).toEqual({
    ...{ parent: 3, session: 4, startTime: 777, name: 'a) S 1 (ö', zombie: false },
    ...{ cpuSeconds: 1.5, reapedSeconds: 0.5 },
  });
});

it.each(['', '7', '7 (cut', '7 (cut) R 1', ')('])('does not take %j for a process', (text) => {
  expect(parseCounters(text)).toBeUndefined();
});

it('reads the size of a page from the auxiliary vector, and takes 4 KiB if there is none', () => {
  const kernel = kernelTree({});
  expect(pageSizeOf(kernel)).toBe(4096);
  const vector = Buffer.alloc(48);
  for (const [index, value] of [33n, 0xffff_ffffn, 6n, 65_536n].entries())
    vector.writeBigUInt64LE(value, index * 8);
  mkdirSync(join(kernel.root ?? '', 'proc/self'), { recursive: true });
  writeFileSync(join(kernel.root ?? '', 'proc/self/auxv'), vector);
  expect(pageSizeOf(kernel)).toBe(65_536);
});

it.runIf(process.platform === 'linux')('reads this process as the system shows it', () => {
  const { rss } = process.memoryUsage();
  const found = readCounters(process.pid, pageSizeOf());
  expect(found).toMatchObject({ pid: process.pid, parent: process.ppid, zombie: false });
  expect(found?.memoryBytes).toBeGreaterThan(0);
  expect(found?.memoryBytes).toBeLessThan(rss * 2);
  expect(readCounters(2 ** 30, 4096)).toBeUndefined();
});
