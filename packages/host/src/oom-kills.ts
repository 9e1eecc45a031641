import { type Kernel, readKernel } from './kernel-files.ts';

/** A process that the kernel killed because memory ran out. */
export interface OomKill {
  /** Seconds of the kernel log's clock, which starts at boot and stands still in suspend. */
  at: number;
  /** In the machine's first namespace of process ids, so not as a container sees it. */
  pid: number;
  /** At most 15 bytes, chosen by the process. Node 24 calls itself `MainThread`. */
  name: string;
  /**
   * The cgroup of the victim, as the machine sees it. Kernels before 5.0 name it only for a limit of a
   * cgroup.
   */
  memoryCgroup?: string;
  /**
   * Whose memory ran out: the cgroup's that has a limit, the machine's, or that of some NUMA nodes. Kernels
   * before 5.0 count the last as the machine's.
   */
  constraint: 'cgroup' | 'machine' | 'nodes';
  /** What the process held and was freed, without file pages. */
  anonymousBytes?: number;
}

/** A message of the kernel log. `at` in seconds. */
export interface KernelRecord {
  at: number;
  message: string;
}

/**
 * Returns how many processes the kernel has killed since boot; `undefined` before Linux 4.13. Source:
 * proc_vmstat(5).
 */
export function oomKills(kernel: Kernel = {}): number | undefined {
  const count = /^oom_kill (\d+)$/m.exec(readKernel(kernel, '/proc/vmstat') ?? '')?.[1];
  return count === undefined ? undefined : Number(count);
}

/**
 * Parses a record of `/dev/kmsg`: priority and facility, sequence, microseconds and flags, then the message
 * and lines of properties. Source: the kernel's page "ABI testing: dev-kmsg".
 * @returns `undefined` for what is not the kernel's: programs may write to the log, with another facility
 */
export function parseKernelRecord(record: string): KernelRecord | undefined {
  const semicolon = record.indexOf(';');
  const [priority, , microseconds] = record.slice(0, Math.max(0, semicolon)).split(',');
  const at = Number(microseconds || Number.NaN) / 1e6;
  if (!Number.isFinite(at) || !/^[0-7]$/.test(priority ?? '')) return undefined;
  const [message = ''] = record.slice(semicolon + 1).split('\n', 1);
  return { at, message };
}

/** What the kernel says of a kill before it says which process it was. */
interface Announced {
  constraint: OomKill['constraint'];
  memoryCgroup?: string;
  pid?: number;
}

const constraints = new Map<string, OomKill['constraint']>([
  ['CONSTRAINT_MEMCG', 'cgroup'],
  ['CONSTRAINT_NONE', 'machine'],
  ['CONSTRAINT_CPUSET', 'nodes'],
  ['CONSTRAINT_MEMORY_POLICY', 'nodes'],
]);

/**
 * Finds the kills in records of the kernel log. Since Linux 5.0, a line `oom-kill:` with the cgroups stands
 * before the line of the process. Before, the cause had a line of its own. Source: `mm/oom_kill.c` and
 * `mm/memcontrol.c`.
 */
export function findKills(records: readonly KernelRecord[]): OomKill[] {
  const kills: OomKill[] = [];
  let announced: Announced | undefined;
  // With `memory.oom.group`, the kernel names a cgroup once and then kills all of its processes.
  let group: string | undefined;
  for (const { at, message } of records) {
    const next = announcement(message);
    if (next !== undefined) announced = joined(message, announced, next);
    if (message.startsWith('oom-kill:')) group = undefined;
    group = groupKilled(message) ?? group;
    const killed = killedProcess(message);
    if (killed === undefined) continue;
    const isSame = announced !== undefined && (announced.pid === undefined || announced.pid === killed.pid);
    const { constraint, memoryCgroup }: Announced = (isSame ? announced : undefined) ?? {
      constraint: causeOf(message),
      ...(group === undefined ? {} : { memoryCgroup: group }),
    };
    kills.push({ at, constraint, ...killed, ...(memoryCgroup === undefined ? {} : { memoryCgroup }) });
    announced = undefined;
  }
  return kills;
}

/** Of the lines before Linux 5.0, the first has the cgroup and the second the cause. */
function joined(message: string, before: Announced | undefined, next: Announced): Announced {
  return message.startsWith('oom-kill:') || next.constraint === 'machine' ? next : { ...before, ...next };
}

function groupKilled(message: string): string | undefined {
  const [start, end] = [
    'Tasks in ',
    message.lastIndexOf(' are going to be killed due to memory.oom.group set'),
  ];
  return message.startsWith(start) && end > 0 ? decodeEscapes(message.slice(start.length, end)) : undefined;
}

const causeOf = (message: string): OomKill['constraint'] =>
  message.startsWith('Memory cgroup out of memory') ? 'cgroup' : 'machine';

function announcement(message: string): Announced | undefined {
  if (message.startsWith('oom-kill:')) return parseOomKill(message);
  if (message.includes('out of memory: Kill process ') || message.startsWith('Out of memory: Kill process '))
    return { constraint: causeOf(message) };
  const start = 'Task in ';
  const end = message.lastIndexOf(' killed as a result of limit of ');
  if (!message.startsWith(start) || end < 0) return undefined;
  return { constraint: 'cgroup', memoryCgroup: decodeEscapes(message.slice(start.length, end)) };
}

/** Names of cgroups and processes may hold commas and equals signs, so fields are found from both ends. */
function parseOomKill(message: string): Announced {
  const constraint = /^oom-kill:constraint=([A-Z_]+),/.exec(message)?.[1] ?? '';
  const pid = /,pid=(\d+),uid=\d+$/.exec(message)?.[1];
  const [start, end] = [message.indexOf(',task_memcg='), message.lastIndexOf(',task=')];
  const memoryCgroup =
    start < 0 || end < start ? undefined : message.slice(start + ',task_memcg='.length, end);
  return {
    constraint: constraints.get(constraint) ?? 'machine',
    ...(memoryCgroup === undefined ? {} : { memoryCgroup: decodeEscapes(memoryCgroup) }),
    ...(pid === undefined ? {} : { pid: Number(pid) }),
  };
}

/** A name may hold brackets. The sizes after it have none. */
function killedProcess(message: string): Pick<OomKill, 'pid' | 'name' | 'anonymousBytes'> | undefined {
  const words = 'Killed process ';
  const at = message.indexOf(words);
  if (
    at < 0 ||
    !/^(?:|Out of memory: |Memory cgroup out of memory: |Out of memory and .{1,40}: )$/.test(
      message.slice(0, at),
    )
  )
    return undefined;
  const rest = message.slice(at + words.length);
  const pid = /^(\d+) \(/.exec(rest)?.[1];
  const end = Math.max(rest.lastIndexOf(') total-vm:'), rest.lastIndexOf('), UID'));
  if (pid === undefined || end < 0) return undefined;
  const kilobytes = /, anon-rss:(\d+)kB/.exec(rest.slice(end))?.[1];
  return {
    pid: Number(pid),
    name: decodeEscapes(rest.slice(pid.length + 2, end)),
    ...(kilobytes === undefined ? {} : { anonymousBytes: Number(kilobytes) * 1024 }),
  };
}

/** The log writes `\x0a` for a byte that cannot be printed. */
function decodeEscapes(text: string): string {
  if (!text.includes('\\x')) return text;
  const bytes = text
    .split(/(\\x[\da-f]{2})/)
    .map((part) => (/^\\x[\da-f]{2}$/.test(part) ? Buffer.from(part.slice(2), 'hex') : Buffer.from(part)));
  return Buffer.concat(bytes).toString('utf8');
}
