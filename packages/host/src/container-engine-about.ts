import type { Deadline } from '@runner-actions/core';

/** What a container engine says of itself. `undefined`: it does not say. */
export interface EngineAbout {
  program: 'docker' | 'podman';
  version: string | undefined;
  /** The newest version of Docker's API that it has. */
  api: string | undefined;
  /** The oldest one. */
  oldestApi: string | undefined;
  /** Whether it runs without root. */
  rootless: boolean;
}

type Fields = Readonly<Record<string, unknown>>;
const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
/** Characters of a version. */
const maxText = 100;
const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value.slice(0, maxText) : undefined;

/**
 * Parses the answers to `GET /version` and `GET /info`. Source: "Docker Engine API v1.41 Reference"; podman 4.3, which
 * names its component "Podman Engine".
 */
export function parseAbout(version: unknown, info: unknown): EngineAbout {
  const { Version, ApiVersion, MinAPIVersion, Components: components } = fieldsOf(version);
  const { SecurityOptions: options, Rootless } = fieldsOf(info);
  const names = Array.isArray(components) ? components.map((one) => textOf(fieldsOf(one)['Name']) ?? '') : [];
  return {
    program: names.some((name) => name.startsWith('Podman')) ? 'podman' : 'docker',
    ...{ version: textOf(Version), api: textOf(ApiVersion), oldestApi: textOf(MinAPIVersion) },
    rootless: Rootless === true || (Array.isArray(options) && options.includes('name=rootless')),
  };
}

/** Returns the call that asks an engine about itself. */
export const aboutCall = (call: (method: 'GET', path: string, deadline: Deadline) => Promise<unknown>) => ({
  about: async (deadline: Deadline): Promise<EngineAbout> =>
    parseAbout(await call('GET', '/version', deadline), await call('GET', '/info', deadline)),
});
