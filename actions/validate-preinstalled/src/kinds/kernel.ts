import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { release } from 'node:os';
import { readKernelStart } from '@runner-actions/host';
import type { KernelRequirement } from '@runner-actions/manifest';
import { findLimit, meetsLimit, meetsValue, moduleState, parameterPath } from '../kernel/kernel.ts';
import type { Finding, Kind } from './kind.ts';

type Of<K extends KernelRequirement['kind']> = Extract<KernelRequirement, { kind: K }>;

const elsewhere = (wanted: string): Finding | undefined =>
  process.platform === 'linux'
    ? undefined
    : { status: 'error', found: `settings of the kernel cannot be read on ${process.platform}`, wanted };

/** A parameter of the kernel, as `sysctl` shows it. */
export const parameter = {
  async check({ name, wanted }) {
    const other = elsewhere(wanted.text);
    if (other !== undefined) return other;
    const value = await readFile(parameterPath(name), 'utf8').catch((error: NodeJS.ErrnoException) => error);
    if (value instanceof Error)
      return value.code === 'ENOENT'
        ? {
            ...{ status: 'fail', found: 'no such parameter', wanted: wanted.text },
            advice: 'Load the module that brings it, or use a kernel that has it.',
          }
        : { status: 'error', found: `not readable (${value.code ?? value.message})`, wanted: wanted.text };
    const found = value.trim().split(/\s+/).join(' ').slice(0, 200) || 'empty';
    const met = meetsValue(wanted.value, value);
    if (met === undefined)
      return { status: 'error', found: `${found}, which is no number`, wanted: wanted.text };
    if (met) return { status: 'pass', found, wanted: wanted.text };
    const set = `${name}=${wanted.value.wanted}`;
    const advice = `Run 'sudo sysctl -w "${set}"', and add '${set}' to a file in /etc/sysctl.d.`;
    return { status: 'fail', found, wanted: wanted.text, advice };
  },
} satisfies Kind<Of<'parameter'>>;

/** A module of the kernel that is loaded or built in. */
export const module = {
  check({ name }) {
    const wanted = 'loaded or built in';
    const other = elsewhere(wanted);
    if (other !== undefined) return other;
    const read = (path: string): string | undefined => readKernelStart({}, path, 2 ** 20);
    const state = moduleState(name, {
      loaded: read('/proc/modules'),
      builtin: read(`/lib/modules/${release()}/modules.builtin`),
      fileSystems: read('/proc/filesystems'),
      inSys: existsSync(`/sys/module/${name.replaceAll('-', '_')}`),
    });
    const advice = `Run 'sudo modprobe ${name}' on the machine, and add ${name} to a file in /etc/modules-load.d.`;
    if (state === 'none') return { status: 'fail', found: 'not loaded', wanted, advice };
    if (state !== 'unknown') return { status: 'pass', found: state, wanted };
    const found = `not loaded, and there is no list of what the kernel ${release()} has built in`;
    return { status: 'error', found, wanted, advice };
  },
} satisfies Kind<Of<'module'>>;

/** A limit of the processes of a job. */
export const limit = {
  check({ name, wanted }) {
    const other = elsewhere(wanted.text);
    if (other !== undefined) return other;
    const found = findLimit(limitsText(name), name);
    if (found === undefined)
      return { status: 'error', found: 'a limit that cannot be read', wanted: wanted.text };
    const text = found.soft === found.hard ? found.soft : `${found.soft} (hard limit ${found.hard})`;
    if (meetsLimit(wanted.value, found.soft)) return { status: 'pass', found: text, wanted: wanted.text };
    const value = wanted.value.wanted === 'unlimited' ? 'infinity' : wanted.value.wanted;
    const advice =
      `Set 'Limit${name.toUpperCase()}=${value}' in the service of the runner, or '${name}' in ` +
      '/etc/security/limits.conf, and restart the runner.';
    return { status: 'fail', found: text, wanted: wanted.text, advice };
  },
} satisfies Kind<Of<'limit'>>;

/**
 * Reads the limits of a job. Node raises its own limit of open files to the hard limit when it starts, so that one is
 * read from the process that started it. That has gone from sight in a container.
 */
function limitsText(name: string): string {
  const paths = [...(name === 'nofile' ? [`/proc/${process.ppid}/limits`] : []), '/proc/self/limits'];
  return paths.map((path) => readKernelStart({}, path, 16_384)).find((text) => text !== undefined) ?? '';
}
