import { type OciStep, ociSteps } from '@runner-actions/manifest';
import type { StepResult } from './runtime-io.ts';

/** The commands of a runtime for one container. */
export interface ContainerCommands {
  create(): Promise<StepResult>;
  start(): Promise<StepResult>;
  /** Sends SIGKILL. It does not wait. */
  kill(): Promise<StepResult>;
  remove(force: boolean): Promise<StepResult>;
  /** Returns `created`, `running`, `stopped`; `undefined` if the runtime does not know the container. */
  status(): Promise<string | undefined>;
  /** Remembers the cgroups of the container while it exists. */
  noteCgroups(): Promise<void>;
  /** Returns the cgroups that still exist. */
  remainingCgroups(): Promise<readonly string[]>;
  pause(milliseconds: number): Promise<void>;
}

export type LifecycleResult = { works: true } | { works: false; step: OciStep; sentence: string };

/** How long a killed container may take to stop. */
const stopLimit = { tries: 50, pause: 100 };

/**
 * Runs a container through its life, up to the step `last`, and checks after each step that the runtime did what it
 * said. Whatever happens, the container is removed.
 */
export async function runLifecycle(commands: ContainerCommands, last: OciStep): Promise<LifecycleResult> {
  const steps = ociSteps.slice(0, ociSteps.indexOf(last) + 1);
  let clean = false;
  try {
    for (const step of steps) {
      const sentence = await perform[step](commands);
      if (sentence !== undefined) return { works: false, step, sentence };
    }
    clean = last === 'delete';
    return { works: true };
  } finally {
    if (!clean) await commands.remove(true).catch(() => undefined);
  }
}

/** Each returns what is wrong, in the runtime's own words where it has some. */
const perform: Record<OciStep, (commands: ContainerCommands) => Promise<string | undefined>> = {
  create: async (commands) => {
    const wrong = refusal(await commands.create()) ?? (await unexpected(commands, 'created'));
    await commands.noteCgroups();
    return wrong;
  },
  start: async (commands) => refusal(await commands.start()) ?? (await unexpected(commands, 'running')),
  kill: async (commands) => refusal(await commands.kill()) ?? (await notStopped(commands)),
  delete: async (commands) => {
    const wrong = refusal(await commands.remove(false));
    if (wrong !== undefined) return wrong;
    if ((await commands.status()) !== undefined) return 'the runtime still knows the container';
    const cgroups = await commands.remainingCgroups();
    return cgroups.length === 0 ? undefined : `the cgroup ${cgroups[0]} remains`;
  },
};

const refusal = (result: StepResult): string | undefined => (result.done ? undefined : result.sentence);

async function unexpected(commands: ContainerCommands, wanted: string): Promise<string | undefined> {
  const found = await commands.status();
  return found === wanted
    ? undefined
    : `the container is ${found ?? 'unknown to the runtime'}, not ${wanted}`;
}

/** A signal takes effect later, so the state is asked until the container has stopped. */
async function notStopped(commands: ContainerCommands): Promise<string | undefined> {
  for (let tries = 0; tries < stopLimit.tries; tries += 1) {
    if ((await commands.status()) === 'stopped') return undefined;
    await commands.pause(stopLimit.pause);
  }
  return 'the container does not stop after SIGKILL';
}
