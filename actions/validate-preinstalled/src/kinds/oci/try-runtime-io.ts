import { writeFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { existsSync } from 'node:fs';
import { monotonicNow, readSmallFile } from '@runner-actions/core';
import type { OciRequirement, OciRuntime } from '@runner-actions/manifest';
import { probeEnvironment } from '../../probe-environment.ts';
import { findOnPath } from '../../search-path-io.ts';
import type { Machine } from '../kind.ts';
import { cgroupsOf } from './cgroups-io.ts';
import { makeRoot, noexecMounts, waitingProgram } from './container-parts-io.ts';
import { explainFailure, ownSentence } from './explain-failure.ts';
import { type ContainerCommands, runLifecycle } from './lifecycle.ts';
import { ociConfig } from './oci-config.ts';
import { leftovers, makePrivateFolder, ownFolder, removePrivateFolder } from './private-folder-io.ts';
import { callRuntime, createContainer, type RuntimeCall } from './runtime-io.ts';

/** What a runtime did. `found` names the failed step. */
export interface RuntimeResult {
  runtime: OciRuntime;
  works: boolean;
  found: string;
  advice?: string;
}

/** Tries one runtime with a container of the machine's own programs. */
export async function tryRuntime(
  runtime: OciRuntime,
  program: string,
  { last }: OciRequirement,
  machine: Machine,
): Promise<RuntimeResult> {
  const own = await ownFolder();
  await machine.once('oci leftovers', () => removeLeftovers(own, machine));
  const sleep = await waitingProgram(await findOnPath('sleep', machine.job.environment));
  if (sleep === undefined)
    return {
      runtime,
      works: false,
      found: 'no program `sleep` of the system on PATH',
      advice: 'Install coreutils.',
    };
  const { id, path } = await makePrivateFolder(own);
  const call = callOf(runtime, program, path, machine);
  try {
    const bundle = join(path, 'bundle');
    const parts = await makeRoot(bundle, sleep);
    const config = ociConfig({ ...parts, user: userOf() });
    await writeFile(join(bundle, 'config.json'), JSON.stringify(config));
    await mkdir(join(path, `state-${runtime}`));
    const commands = commandsOf(call, bundle, id);
    const started = monotonicNow();
    const result = await runLifecycle(commands, last);
    const time = `${Math.round(monotonicNow() - started)} ms`;
    if (result.works) return { runtime, works: true, found: `${runtime} (${last} after ${time})` };
    const sentence = ownSentence(result.sentence);
    const advice = explainFailure(sentence, noexecMounts([bundle, sleep]));
    return { runtime, works: false, found: `${runtime} fails at ${result.step}: ${sentence}`, advice };
  } finally {
    await removeUnlessNeeded({ ...call, deadline: undefined }, id);
  }
}

/** Removes the folder, unless the runtime needs it to remove the container: then the next check does both. */
async function removeUnlessNeeded(call: RuntimeCall, id: string): Promise<void> {
  const { done } = await callRuntime(call, ['state', id]);
  if (!done) await removePrivateFolder(call.folder);
}

/** A runtime that does not run as root maps its own user to root, which needs no range of other users. */
function userOf(): { uid: number; gid: number } | undefined {
  const [uid, gid] = [process.getuid?.() ?? 0, process.getgid?.() ?? 0];
  return uid === 0 ? undefined : { uid, gid };
}

/** Root of a user namespace, as in a rootless container, is not the machine's root. */
function lacksRoot(): boolean {
  const map = readSmallFile('/proc/self/uid_map', 4096) ?? '';
  return userOf() !== undefined || !/^ *0 +0 +4294967295$/m.test(map);
}

function callOf(runtime: OciRuntime, program: string, folder: string, machine: Machine): RuntimeCall {
  const { job, deadline } = machine;
  // Without root, crun can make no cgroup unless one is delegated, and the container needs none.
  const options = runtime === 'crun' && lacksRoot() ? ['--cgroup-manager=disabled'] : [];
  const environment = probeEnvironment(job.environment);
  return {
    program,
    options: ['--root', join(folder, `state-${runtime}`), ...options],
    folder,
    environment,
    deadline,
  };
}

function parseState(json: string): { status?: unknown; pid?: unknown } {
  try {
    return JSON.parse(json) as object;
  } catch {
    return {};
  }
}

function commandsOf(call: RuntimeCall, bundle: string, id: string): ContainerCommands {
  let cgroups: readonly string[] = [];
  const state = async (): Promise<{ status?: unknown; pid?: unknown }> => {
    const result = await callRuntime(call, ['state', id]);
    return result.done ? parseState(result.output) : {};
  };
  return {
    create: () => createContainer(call, bundle, id),
    start: () => callRuntime(call, ['start', id]),
    kill: () => callRuntime(call, ['kill', id, 'KILL']),
    remove: (force) =>
      force
        ? callRuntime({ ...call, deadline: undefined }, ['delete', '--force', id])
        : callRuntime(call, ['delete', id]),
    status: async () => {
      const { status } = await state();
      return typeof status === 'string' ? status : undefined;
    },
    noteCgroups: async () => {
      const { pid } = await state();
      cgroups = typeof pid === 'number' ? cgroupsOf(pid, id) : [];
    },
    remainingCgroups: async () => cgroups.filter((path) => existsSync(path)),
    pause: (milliseconds) => wait(milliseconds),
  };
}

/** Removes the containers of checks that were killed. */
async function removeLeftovers(own: string, machine: Machine): Promise<void> {
  for (const { id, path } of await leftovers(own)) {
    const names = await readdir(path).catch((): string[] => []);
    for (const runtime of ['runc', 'crun'] as const) {
      const [program] = await findOnPath(runtime, machine.job.environment);
      if (names.includes(`state-${runtime}`) && program !== undefined)
        await callRuntime(callOf(runtime, program, path, machine), ['delete', '--force', id]);
    }
    await removePrivateFolder(path);
  }
}
