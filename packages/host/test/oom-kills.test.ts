import { describe, expect, it } from 'vitest';
import { readKills, whyUnreadable } from '../src/kernel-log.ts';
import { findKills, type KernelRecord, oomKills, parseKernelRecord } from '../src/oom-kills.ts';
import { kernelTree } from './kernel-tree.ts';
import * as recorded from './recorded-kernel-log.ts';

const killsIn = (records: readonly string[]) =>
  findKills(records.map(parseKernelRecord).filter((record): record is KernelRecord => record !== undefined));

describe('findKills', () => {
  it('reads the kill of a cgroup from Linux 6.18', () => {
    expect(killsIn(recorded.linux618)).toEqual([
      {
        ...{ at: 24_054.53466, pid: 31_719, name: 'node', memoryCgroup: '/t.28912' },
        ...{ constraint: 'cgroup', anonymousBytes: 64_768 * 1024 },
      },
    ]);
  });

  it.each([
    ['6.16, memory of the machine', recorded.linux616, [3_581_527, 'uwsgi', 'machine', 263_092, undefined]],
    ['5.4, memory of a cgroup', recorded.linux54, [63_214, 'uwsgi', 'cgroup', 164_992, undefined]],
    ['5.x without a user', recorded.nameWithBrackets, [15_925, '(resolved)', 'machine', 4_064, undefined]],
    ['before 5.0', recorded.twoLines, [27_438, 'R', 'machine', 1_041_924, undefined]],
    ['3.10 with the cgroup', recorded.taskLine, [42_453, 'memcg_test_1', 'cgroup', 96, '/13']],
    [
      'before 5.0, a child instead',
      recorded.childKilled,
      [18_177, 'palo_be', 'cgroup', 45_563_572, undefined],
    ],
  ])('reads one kill of Linux %s', (_title, records, expected) => {
    const kills = killsIn(records);
    expect(
      kills.map(({ pid, name, constraint, anonymousBytes = 0, memoryCgroup }) => [
        ...[pid, name, constraint, anonymousBytes / 1024, memoryCgroup],
      ]),
    ).toEqual([expected]);
  });

  it('takes names of processes and cgroups that look like other fields', () => {
    const cgroup = '/a,task=x,pid=1,uid=0/b';
    const kills = killsIn([
      `6,1,1000000,-;oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=${cgroup},task=n) total-vm:1kB,pid=77,uid=5\n`,
      '3,2,1000001,-;Out of memory: Killed process 77 (n) total-vm:1kB) total-vm:9kB, anon-rss:8kB, file-rss:0kB, shmem-rss:0kB, UID:5 pgtables:1kB oom_score_adj:0\n',
    ]);
    expect(kills).toMatchObject([
      { name: 'n) total-vm:1kB', memoryCgroup: cgroup, constraint: 'machine', anonymousBytes: 8 * 1024 },
    ]);
  });

  it('decodes bytes that the log does not print', () => {
    const [first] = killsIn([
      String.raw`3,1,1,-;Out of memory: Killed process 7 (\xc3\xa4\x0a\x5c) total-vm:9kB, anon-rss:8kB` +
        '\n',
    ]);
    expect(first?.name).toBe('ä\n\\');
  });

  it('does not give a kill the cgroup of an earlier one', () => {
    const [announcement = ''] = recorded.linux618.slice(1);
    const kills = killsIn([
      announcement,
      ...recorded.linux616,
      ...recorded.taskLine.slice(0, 1),
      ...recorded.twoLines,
    ]);
    expect(kills.map(({ memoryCgroup }) => memoryCgroup)).toEqual([undefined, undefined]);
  });

  it('gives all kills of memory.oom.group their cgroup', () => {
    // Made in the form of `mm/oom_kill.c` of Linux 6.18; nobody recorded one.
    const kill = (pid: number) =>
      `3,9,9,-;Memory cgroup out of memory: Killed process ${pid} (cc) total-vm:9kB, anon-rss:8kB\n`;
    const group = '6,8,8,-;Tasks in /job are going to be killed due to memory.oom.group set\n';
    const kills = killsIn([...recorded.linux618, group, kill(1), kill(2)]);
    expect(kills.map(({ memoryCgroup }) => memoryCgroup)).toEqual(['/t.28912', '/job', '/job']);
  });

  it('does not believe what a program wrote to the log, or half a record', () => {
    const kill = 'Out of memory: Killed process 7 (x) total-vm:9kB, anon-rss:8kB';
    expect(
      killsIn([`12,1,5,-;${kill}\n`, `11,1,5,-;${kill}\n`, kill, `3,1;${kill}`, `3,1,x,-;${kill}`]),
    ).toEqual([]);
    expect(
      killsIn([`3,1,5,-;someone says: ${kill}\n`, `3,1,5,-;Out of memory: Killed process 7 (x\n`]),
    ).toEqual([]);
  });
});

describe('readKills', () => {
  /** A file is no kernel log: it is read at once, as one record. So each test has one. */
  const log = (record: string) => kernelTree({ 'dev/kmsg': record });
  const [kill = ''] = recorded.linux54;

  it('returns only kills since a time', () => {
    expect(readKills(7_063, log(kill))).toMatchObject({ kills: [{ pid: 63_214 }], isComplete: true });
    expect(readKills(7_064, log(kill))).toEqual({ kills: [], isComplete: true });
  });

  it('says that a log without end was not read whole', () => {
    const endless = log(`3,1,5,-;x\n`.padEnd(5 * 2 ** 20, 'x'));
    expect(readKills(0, endless)).toEqual({ kills: [], isComplete: false });
  });

  it('returns unknown with the reason', () => {
    expect(readKills(0, kernelTree({}))).toEqual({
      unknown: 'The kernel log cannot be read: there is no /dev/kmsg here.',
    });
    expect(readKills(0, { platform: 'darwin' })).toHaveProperty('unknown');
    for (const code of ['EPERM', 'EACCES'])
      expect(whyUnreadable(Object.assign(new Error(code), { code }))).toContain('kernel.dmesg_restrict');
    expect(whyUnreadable(new Error('EIO: broken'))).toContain('EIO: broken');
  });
});

it('oomKills returns the count of the kernel, and undefined before Linux 4.13', () => {
  expect(oomKills(kernelTree({ 'proc/vmstat': 'nr_free_pages 5\noom_kill 3\nnuma_hit 1\n' }))).toBe(3);
  expect(oomKills(kernelTree({ 'proc/vmstat': 'nr_free_pages 5\n' }))).toBeUndefined();
  expect(oomKills(kernelTree({}))).toBeUndefined();
});
