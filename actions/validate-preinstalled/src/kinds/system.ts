import { readFile } from 'node:fs/promises';
import { release } from 'node:os';
import { execute, formatBytes } from '@runner-actions/core';
import { hostCapacity } from '@runner-actions/host';
import { judge, type Range, type ParsedText, type SystemRequirement } from '@runner-actions/manifest';
import { readOsRelease } from '../os-release-io.ts';
import type { Finding, Kind, Machine } from './kind.ts';
import { compareSize } from './size.ts';

/** Properties of the whole machine: system, architecture, cores, memory and the like. */
export const system = {
  check: (requirement, machine) => checkFact(requirement, machine),
} satisfies Kind<SystemRequirement>;

async function checkFact(requirement: SystemRequirement, machine: Machine): Promise<Finding> {
  const { fact, wanted } = requirement;
  switch (fact) {
    case 'os':
      return oneOf(machine.facts.os, wanted);
    case 'arch':
      return oneOf(process.arch, wanted);
    case 'distribution':
      return distribution(requirement);
    case 'kernel':
      return judged(release(), wanted);
    case 'glibc':
      return judged(glibcVersion(), wanted, 'this system does not use the GNU C library');
    case 'musl':
      return judged(await muslVersion(machine), wanted, 'this system does not use musl');
    case 'flags':
      return flags(wanted);
    case 'cores': {
      const { value, source } = hostCapacity().cores;
      return compared(value >= wanted.value, `${value} (${source})`, wanted.text);
    }
    case 'memory': {
      const { value, source } = hostCapacity().memory;
      const { met, found } = compareSize(value, wanted.value, source !== 'machine');
      return compared(met, `${found} (${source})`, wanted.text);
    }
    case 'swap': {
      const bytes = await swapBytes();
      if (bytes === undefined)
        return { status: 'error', found: 'swap that cannot be read', wanted: wanted.text };
      return compared(bytes >= wanted.value.bytes, formatBytes(bytes), wanted.text);
    }
  }
}

function compared(met: boolean, found: string, wanted: string): Finding {
  return {
    status: met ? 'pass' : 'fail',
    found,
    wanted,
    ...(met ? {} : { advice: 'Choose another runner.' }),
  };
}

function oneOf(found: string, wanted: readonly string[]): Finding {
  return compared(wanted.includes(found), found, wanted.join(' or '));
}

/** @param absent what is found if there is no version */
function judged(found: string | undefined, range: ParsedText<Range>, absent = 'none'): Finding {
  if (found === undefined) return compared(false, absent, range.text);
  const verdict = judge(range.value, found);
  if ('unknown' in verdict)
    return { status: 'error', found: `${found}: ${verdict.unknown}`, wanted: range.text };
  return compared(verdict.met, found, range.text);
}

function distribution({ wanted, version }: SystemRequirement & { fact: 'distribution' }): Finding {
  const release = readOsRelease();
  const text = [wanted.join(' or '), version?.text ?? ''].filter((part) => part !== '').join(' ');
  if (release === undefined) return compared(false, 'no Linux distribution', text);
  const found = [release.id, release.version ?? 'without a version'].join(' ');
  // The ids of distributions are in lower case. Source: os-release(5).
  if (wanted.length > 0 && !wanted.some((id) => id.toLowerCase() === release.id))
    return compared(false, found, text);
  if (version === undefined) return compared(true, found, text);
  return { ...judged(release.version, version, found), found, wanted: text };
}

/** Reads the version of the GNU C library that this process uses. Node knows it without a process. */
export function glibcVersion(): string | undefined {
  const report = process.report as typeof process.report & { excludeNetwork: boolean };
  // Without this, a report asks for the names of network interfaces, which may take long.
  report.excludeNetwork = true;
  const { header } = report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime;
}

/** musl's loader prints its version and ends with 1 when it gets no program. */
export async function muslVersion({ deadline }: Machine): Promise<string | undefined> {
  const architecture = { x64: 'x86_64', arm64: 'aarch64' }[process.arch as string] ?? process.arch;
  const { stderr } = await execute([`/lib/ld-musl-${architecture}.so.1`], {
    env: {},
    deadline,
    timeout: 10_000,
  });
  return /^musl libc[^\n]*\nVersion (\S+)/.exec(stderr)?.[1];
}

async function flags(wanted: readonly string[]): Promise<Finding> {
  const text = wanted.join(', ');
  const info = await readFile('/proc/cpuinfo', 'utf8').catch(() => undefined);
  const line = /^(?:flags|Features)[ \t]*:(.*)$/m.exec(info ?? '')?.[1];
  if (line === undefined) return { status: 'error', found: 'flags that cannot be read here', wanted: text };
  const found = new Set(line.trim().split(' '));
  const missing = wanted.filter((flag) => !found.has(flag));
  return compared(missing.length === 0, missing.length === 0 ? text : `no ${missing.join(', ')}`, text);
}

async function swapBytes(): Promise<number | undefined> {
  const info = await readFile('/proc/meminfo', 'utf8').catch(() => undefined);
  const kibibytes = /^SwapTotal:\s+(\d+) kB$/m.exec(info ?? '')?.[1];
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
}
