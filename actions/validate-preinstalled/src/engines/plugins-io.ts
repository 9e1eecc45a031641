import { join } from 'node:path';
import { execute, parseJson } from '@runner-actions/core';
import type { Machine } from '../kinds/kind.ts';
import { lookAtPath } from '../paths/ask-path-io.ts';
import { probeEnvironment } from '../probe-environment.ts';
import { extraPluginFolders } from './engine-address.ts';
import { dockerFolder, readDockerConfig } from './engine-address-io.ts';

/** Source: docker/cli, the folders of its plugin manager. */
const systemFolders = [
  ...['/usr/local/lib/docker/cli-plugins', '/usr/local/libexec/docker/cli-plugins'],
  ...['/usr/lib/docker/cli-plugins', '/usr/libexec/docker/cli-plugins'],
];

/** A plugin of the docker command; without a version why it has none. */
export type Plugin = { path: string; version: string } | { path: string; broken: string };

/**
 * Finds a plugin and asks it for its version, in the form that every plugin must answer.
 * @returns `undefined` if there is none
 */
export async function findPlugin(name: string, machine: Machine): Promise<Plugin | undefined> {
  const windows = ['PROGRAMDATA', 'PROGRAMFILES'].map((variable) =>
    join(machine.job.environment[variable] ?? 'C:\\', 'Docker/cli-plugins'),
  );
  const folders = [
    ...extraPluginFolders(await readDockerConfig(machine)),
    join(dockerFolder(machine), 'cli-plugins'),
    ...(process.platform === 'win32' ? windows : systemFolders),
  ];
  const file = `docker-${name}${process.platform === 'win32' ? '.exe' : ''}`;
  for (const folder of folders) {
    const path = join(folder, file);
    const facts = await lookAtPath(path, machine, ['execute']);
    if (facts.there === 'file' && !facts.denied.includes('execute')) return askPlugin(path, machine);
  }
  return undefined;
}

async function askPlugin(path: string, machine: Machine): Promise<Plugin> {
  const { status, code, stdout } = await execute([path, 'docker-cli-plugin-metadata'], {
    ...{ cwd: await machine.emptyFolder(), env: probeEnvironment(machine.job.environment) },
    ...{ deadline: machine.deadline, timeout: 10_000, limitBytes: 64 * 1024 },
  });
  if (status !== 'exited' || code !== 0) return { path, broken: `ended with ${code ?? status}` };
  const version = versionIn(stdout);
  return version === undefined ? { path, broken: 'does not tell its version' } : { path, version };
}

/** Source: docker/cli, the metadata of a plugin. */
export function versionIn(metadata: string): string | undefined {
  try {
    const { Version: version } = parseJson(metadata) as { Version?: unknown };
    return typeof version === 'string' && version !== '' ? version.slice(0, 100) : undefined;
  } catch {
    return undefined;
  }
}
