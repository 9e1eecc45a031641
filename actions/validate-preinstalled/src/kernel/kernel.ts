import { compareNumbers, type Comparison } from '@runner-actions/manifest';

/**
 * Returns the path of a parameter in /proc/sys. Source: sysctl.d(5): if the first separator is a dot, dots and slashes
 * are exchanged, so that `net.ipv4.conf.eth0/1.forwarding` is of the device eth0.1.
 */
export function parameterPath(name: string): string {
  const isDotted = /^[^./]*\./.test(name);
  const path = isDotted ? name.replaceAll(/[./]/g, (separator) => (separator === '.' ? '/' : '.')) : name;
  return `/proc/sys/${path}`;
}

/** Compares a value of the kernel; `undefined` if only numbers can be compared so and it is none. */
export function meetsValue(wanted: Comparison, found: string): boolean | undefined {
  const plain = (text: string): string => text.trim().split(/\s+/).join(' ');
  if (wanted.operator === '=') return plain(found) === plain(wanted.wanted);
  if (wanted.operator === '!=') return plain(found) !== plain(wanted.wanted);
  return /^-?\d{1,30}$/.test(plain(found)) ? compareNumbers(wanted, BigInt(plain(found))) : undefined;
}

/** Lists of modules and file systems. `undefined`: not readable here. */
export interface ModuleLists {
  /** /proc/modules. */
  loaded: string | undefined;
  /** modules.builtin of the running kernel. */
  builtin: string | undefined;
  /** /proc/filesystems. */
  fileSystems: string | undefined;
  /** Whether /sys/module has it, as everything that is loaded, and what is built in and has parameters. */
  inSys: boolean;
}

/** `unknown`: not loaded, and what is built in cannot be read. */
export type ModuleState = 'loaded' | 'built in' | 'none' | 'unknown';

/** Finds a module. `-` and `_` are the same. Source: modprobe(8), proc(5), depmod(8). */
export function moduleState(name: string, { loaded, builtin, fileSystems, inSys }: ModuleLists): ModuleState {
  const same = (one: string): boolean => one.replaceAll('-', '_') === name.replaceAll('-', '_');
  const lines = (text: string | undefined): string[] => (text ?? '').split('\n');
  if (lines(loaded).some((line) => same(line.split(' ', 1)[0] ?? ''))) return 'loaded';
  const builtIns = lines(builtin).map((line) => line.split('/').at(-1)?.replace(/\.ko$/, '') ?? '');
  const types = lines(fileSystems).map((line) => line.split('\t')[1] ?? '');
  if (inSys || [...builtIns, ...types].some((one) => one !== '' && same(one))) return 'built in';
  return builtin === undefined ? 'unknown' : 'none';
}

/** The names of limits in /proc/PID/limits. Source: the kernel, fs/proc/base.c. */
const titles: Record<string, string> = {
  as: 'Max address space',
  core: 'Max core file size',
  cpu: 'Max cpu time',
  data: 'Max data size',
  fsize: 'Max file size',
  locks: 'Max file locks',
  memlock: 'Max locked memory',
  msgqueue: 'Max msgqueue size',
  nice: 'Max nice priority',
  nofile: 'Max open files',
  nproc: 'Max processes',
  rss: 'Max resident set',
  rtprio: 'Max realtime priority',
  rttime: 'Max realtime timeout',
  sigpending: 'Max pending signals',
  stack: 'Max stack size',
};

/** Finds a limit in the text of /proc/PID/limits. Each is a number or `unlimited`. */
export function findLimit(text: string, name: string): { soft: string; hard: string } | undefined {
  const title = titles[name];
  const line = text.split('\n').find((one) => title !== undefined && one.startsWith(`${title}  `));
  const [soft, hard] = line?.slice(title?.length).trim().split(/\s+/) ?? [];
  return soft === undefined || hard === undefined ? undefined : { soft, hard };
}

/** Compares a limit. `unlimited` is more than any number. */
export function meetsLimit(wanted: Comparison, found: string): boolean {
  if (wanted.wanted === 'unlimited') return found === 'unlimited';
  if (found === 'unlimited') return ['>=', '>', '!='].includes(wanted.operator);
  return compareNumbers(wanted, BigInt(found));
}
