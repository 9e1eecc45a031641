import { homedir } from 'node:os';
import { join } from 'node:path';
import { engineSockets } from '@runner-actions/host';
import type { EngineRequirement } from '@runner-actions/manifest';
import type { Machine } from '../kinds/kind.ts';
import { lookAtPath, readPath } from '../paths/ask-path-io.ts';
import { addressOf, contextFile, dockerChoice, type EngineAddress, hostOfContext } from './engine-address.ts';

const limitBytes = 2 ** 20;

/** Returns the folder of Docker's configuration. */
export function dockerFolder({ job: { environment } }: Machine): string {
  return environment['DOCKER_CONFIG'] || join(environment['HOME'] || homedir(), '.docker');
}

/** Reads Docker's configuration; `undefined` if there is none. */
export function readDockerConfig(machine: Machine): Promise<string | undefined> {
  return machine.once('docker config', () => readText(join(dockerFolder(machine), 'config.json'), machine));
}

async function readText(path: string, machine: Machine): Promise<string | undefined> {
  try {
    return await readPath(path, limitBytes, machine);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

/** Finds the engine that the commands of the job use. */
export async function findAddress(
  { name, spec }: EngineRequirement,
  machine: Machine,
): Promise<EngineAddress> {
  const { environment } = machine.job;
  return name === 'podman' ? podmanAddress(environment) : dockerAddress(spec.context, machine);
}

/** Source: podman-remote(1), podman-system-service(1). */
function podmanAddress(environment: Machine['job']['environment']): EngineAddress {
  const host = environment['CONTAINER_HOST'] ?? '';
  if (host !== '') return addressOf(host, 'CONTAINER_HOST');
  const user = process.geteuid?.();
  const { sockets } = engineSockets({ ...environment, DOCKER_HOST: undefined }, process.platform, user);
  const ofPodman = sockets.filter((socket) => socket.endsWith('podman.sock'));
  const socket = user === 0 ? ofPodman.at(-1) : ofPodman[0];
  if (socket !== undefined) return { socket, from: 'the default' };
  return { unusable: `podman has no service on ${process.platform}`, advice: 'Set CONTAINER_HOST.' };
}

async function dockerAddress(wanted: string | undefined, machine: Machine): Promise<EngineAddress> {
  const { environment } = machine.job;
  const choice = dockerChoice(wanted, environment, await readDockerConfig(machine));
  if (choice === 'default') {
    const given = { ...environment, DOCKER_HOST: undefined };
    const [socket = ''] = engineSockets(given, process.platform, process.geteuid?.()).sockets;
    return { socket, from: 'the default' };
  }
  if ('host' in choice) return addressOf(choice.host, 'DOCKER_HOST');
  const meta = await readText(contextFile(dockerFolder(machine), choice.context), machine);
  const host = meta === undefined ? undefined : hostOfContext(meta);
  if (host !== undefined) return addressOf(host, choice.from);
  return { unusable: `${choice.from} does not exist`, advice: "See 'docker context ls'." };
}

/** Returns the socket of an engine of this user's own that runs although the command does not use it. */
export async function unusedRootlessSocket(used: string, machine: Machine): Promise<string | undefined> {
  const given = { ...machine.job.environment, DOCKER_HOST: undefined };
  const { sockets } = engineSockets(given, process.platform, process.geteuid?.());
  for (const socket of sockets.filter((one) => one.endsWith('/docker.sock') && one !== used))
    if ((await lookAtPath(socket, machine)).there === 'socket') return socket;
  return undefined;
}
