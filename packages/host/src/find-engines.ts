import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { type Deadline, messageOf, quote } from '@runner-actions/core';
import { type ContainerEngine, openEngine } from './container-engine.ts';
import { EngineError } from './container-engine-request.ts';

/** The engines of this machine, and why others cannot be used. */
export interface FoundEngines {
  engines: ContainerEngine[];
  /** One sentence for each engine that was found and cannot be used. */
  problems: string[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Returns the sockets of the engines that a job's commands use: the one that DOCKER_HOST names, or else the usual ones of
 * Docker and podman. An engine behind TCP or SSH is not used: it may be on another machine, and needs credentials.
 * Contexts of the Docker command are not read.
 * @param user the numeric user id; `undefined` on Windows
 */
export function engineSockets(
  environment: Environment,
  platform: NodeJS.Platform,
  user: number | undefined,
): { sockets: string[]; problem?: string } {
  const host = environment['DOCKER_HOST'] ?? '';
  if (host !== '') {
    const path = /^(?:unix|npipe):\/\/(.+)$/.exec(host)?.[1];
    if (path !== undefined) return { sockets: [path] };
    const scheme = /^[a-z]{1,10}(?=:)/.exec(host)?.[0] ?? host;
    return {
      sockets: [],
      problem: `DOCKER_HOST names an engine by ${quote(scheme)}. Only local ones are used: unix:// and npipe://.`,
    };
  }
  if (platform === 'win32') return { sockets: ['//./pipe/docker_engine'] };
  const given = environment['XDG_RUNTIME_DIR'] ?? '';
  // A job may have set it to any text.
  const isPath = /^\/[^\p{Cc}]*$/u.test(given);
  const runtime = isPath ? given : user === undefined ? '' : `/run/user/${user}`;
  const ofUser = ['docker.sock', 'podman/podman.sock'].map((name) => join(runtime, name));
  return {
    sockets: ['/var/run/docker.sock', ...(runtime === '' ? [] : ofUser), '/run/podman/podman.sock'],
  };
}

/** Connects to the engines of this machine. A socket without an engine is no problem. */
export async function findEngines(environment: Environment, deadline: Deadline): Promise<FoundEngines> {
  const { sockets, problem } = engineSockets(environment, process.platform, process.geteuid?.());
  const found: FoundEngines = { engines: [], problems: problem === undefined ? [] : [problem] };
  // Podman's package can make Docker's socket a link to its own.
  for (const socket of new Set(sockets.map(realSocket))) {
    try {
      const engine = await openEngine(socket, deadline);
      if (found.engines.every(({ identity }) => identity !== engine.identity)) found.engines.push(engine);
    } catch (error) {
      const { code = '' } = error as EngineError;
      if (!(error instanceof EngineError)) throw error;
      if (['ENOENT', 'ENOTDIR', 'ECONNREFUSED'].includes(code)) continue;
      const why = ['EACCES', 'EPERM'].includes(code) ? 'this user may not use it' : messageOf(error);
      found.problems.push(`The container engine at ${socket} is not used: ${why}.`);
    }
  }
  return found;
}

function realSocket(path: string): string {
  try {
    return process.platform === 'win32' ? path : realpathSync(path);
  } catch {
    return path;
  }
}
