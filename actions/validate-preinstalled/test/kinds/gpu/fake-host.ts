import type { Execution } from '@runner-actions/core';
import { checkGpu } from '../../../src/kinds/gpu.ts';
import type { GpuHost } from '../../../src/kinds/gpu/gpu-host.ts';
import type { Finding } from '../../../src/kinds/kind.ts';
import type { GpuRequirement } from '@runner-actions/manifest';
import { requirementsOf } from '../check-kind.ts';

export interface FakeMachine {
  /** Output by command line, such as `nvidia-smi -L`. A prefix is enough. A number is the exit code. */
  commands?: Record<string, string | { code: number; stdout?: string; stderr?: string }>;
  files?: Record<string, string>;
  /** Targets of links, or paths that exist. */
  links?: Record<string, string>;
  denied?: readonly string[];
  environment?: Record<string, string>;
  platform?: NodeJS.Platform;
}

/** A machine that answers with recorded outputs. `asked` lists the commands that ran. */
export function fakeHost(machine: FakeMachine): GpuHost & { asked: string[] } {
  const {
    commands = {},
    files = {},
    links = {},
    denied = [],
    environment = {},
    platform = 'linux',
  } = machine;
  const asked: string[] = [];
  const answer = (line: string): Execution | undefined => {
    const key = Object.keys(commands).findLast(
      (one) => line === one || line.startsWith(`${one} `) || line.startsWith(`${one}=`),
    );
    if (key === undefined) return undefined;
    const given = commands[key] ?? '';
    const { code = 0, stdout = '', stderr = '' } = typeof given === 'string' ? { stdout: given } : given;
    return { status: 'exited', code, signal: null, stdout, stderr, truncated: false, milliseconds: 1 };
  };
  const missing: Execution = {
    ...{ status: 'not-started', code: null, signal: null, stdout: '', stderr: '' },
    ...{ truncated: false, milliseconds: 1 },
  };
  const paths = [...Object.keys(files), ...Object.keys(links), ...denied];
  const isProgram = (name: string): boolean =>
    Object.keys(commands).some((one) => one.split(' ', 1)[0] === name);
  return {
    ...{ platform, environment, asked },
    find: async (program) => (isProgram(program) ? `/usr/bin/${program}` : undefined),
    run: async (program, args) => {
      if (!isProgram(program)) return undefined;
      const line = [program, ...args].join(' ');
      asked.push(line);
      return answer(line) ?? { ...missing, status: 'exited', code: 1 };
    },
    runAt: async (path, args) => answer([path, ...args].join(' ')) ?? missing,
    read: async (path) => files[path],
    list: async (path) =>
      paths
        .filter((one) => one.startsWith(`${path}/`))
        .map((one) => one.slice(path.length + 1).split('/', 1)[0] ?? ''),
    realPath: async (path) => links[path] ?? (paths.includes(path) ? path : undefined),
    access: async (path) => (denied.includes(path) ? 'denied' : paths.includes(path) ? 'allowed' : 'missing'),
  };
}

/** Checks each requirement in a section `gpu`. @returns the findings by the requirement's name */
export async function checkAllOf(section: object, machine: FakeMachine): Promise<Record<string, Finding>> {
  const host = fakeHost(machine);
  const found = new Map<string, Promise<unknown>>();
  const once = <T>(key: string, find: () => Promise<T>): Promise<T> => {
    const known = found.get(key) ?? find();
    found.set(key, known);
    return known as Promise<T>;
  };
  const findings: Record<string, Finding> = {};
  for (const requirement of await requirementsOf('gpu', section))
    findings[requirement.name] = await checkGpu(requirement as unknown as GpuRequirement, host, once);
  return findings;
}

/** Checks a section with one requirement. */
export async function checkOne(section: object, machine: FakeMachine): Promise<Finding> {
  const [finding] = Object.values(await checkAllOf(section, machine));
  if (finding === undefined) throw new Error('the section has no requirement');
  return finding;
}
