import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { parseJson, quote } from '@runner-actions/core';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where an engine is, and what said so, as the end of a sentence. */
export type EngineAddress = { socket: string; from: string } | { unusable: string; advice: string };

/** What chooses Docker's engine. Source: the docker command, "Docker contexts": in this order. */
export type DockerChoice = { host: string } | { context: string; from: string } | 'default';

/** @param config the text of config.json; `undefined` if there is none */
export function dockerChoice(
  wanted: string | undefined,
  environment: Environment,
  config: string | undefined,
): DockerChoice {
  if (wanted !== undefined) return named(wanted, `the context ${wanted} of this requirement`);
  const host = environment['DOCKER_HOST'] ?? '';
  if (host !== '') return { host };
  const context = environment['DOCKER_CONTEXT'] ?? '';
  if (context !== '') return named(context, `the context ${quote(context)} of DOCKER_CONTEXT`);
  const current = textAt(config, 'currentContext');
  return current === undefined ? 'default' : named(current, `the current context ${quote(current)}`);
}

const named = (context: string, from: string): DockerChoice =>
  context === 'default' ? 'default' : { context, from };

/** Returns the file of a context, in the folder of Docker's configuration. Source: docker/cli, its context store. */
export function contextFile(folder: string, context: string): string {
  return join(folder, 'contexts/meta', createHash('sha256').update(context).digest('hex'), 'meta.json');
}

/** Returns the host in the file of a context; `undefined` if the text is none. */
export function hostOfContext(meta: string): string | undefined {
  try {
    const { Endpoints } = parseJson(meta) as { Endpoints?: { docker?: { Host?: unknown } } };
    const host = Endpoints?.docker?.Host;
    return typeof host === 'string' ? host : undefined;
  } catch {
    return undefined;
  }
}

/** Returns a text in a JSON map; `undefined` if there is none. */
function textAt(json: string | undefined, key: string): string | undefined {
  try {
    const value = (parseJson(json ?? '{}') as Record<string, unknown> | null)?.[key];
    return typeof value === 'string' && value !== '' ? value.slice(0, 200) : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the folders of plugins that a text of config.json adds. */
export function extraPluginFolders(config: string | undefined): string[] {
  try {
    const { cliPluginsExtraDirs: listed } = parseJson(config ?? '{}') as { cliPluginsExtraDirs?: unknown };
    return Array.isArray(listed) ? listed.filter((one) => typeof one === 'string').slice(0, 20) : [];
  } catch {
    return [];
  }
}

/** Returns the socket in an address such as `unix:///run/docker.sock`. */
export function addressOf(host: string, from: string): EngineAddress {
  const socket = /^(?:unix|npipe):\/\/(.+)$/.exec(host)?.[1];
  if (socket !== undefined) return { socket, from };
  const scheme = /^[a-z]{1,10}(?=:)/.exec(host)?.[0] ?? host;
  return {
    unusable: `${from} names an engine by ${quote(scheme)}, which is not asked`,
    advice: 'Only local engines are asked: unix:// and npipe://.',
  };
}
