import { type Deadline, quote } from '@runner-actions/core';
import { aboutCall, type EngineAbout } from './container-engine-about.ts';
import { EngineError, type EngineRequest, requestEngine } from './container-engine-request.ts';
import {
  buildCacheSize,
  type Container,
  type ContainerSummary,
  createdId,
  exitCodeIn,
  type Image,
  type ImageKind,
  lastTagged,
  type Network,
  parseContainer,
  parseContainerSummary,
  parseImage,
  parseImageKind,
  parseInfo,
  parseNetwork,
  parseVolume,
  spaceReclaimed,
  type Volume,
  volumesIn,
} from './container-engine-shapes.ts';
import { isolatedContainer, type IsolatedContainer } from './isolated-container.ts';

/** A list without its invalid items. */
export interface Listed<T> {
  items: T[];
  /** False if an item was invalid, so that the absence of something proves nothing. */
  complete: boolean;
}

/** Whether a call removed something, or it had gone before. */
export type Gone = 'removed' | 'gone';

/**
 * A container engine with Docker's API: Docker, or podman. There are no calls to prune containers, networks or volumes:
 * what those remove depends on the engine's version. Every call throws EngineError if the engine refuses it, or gives no
 * valid answer before the deadline.
 */
export interface ContainerEngine {
  socket: string;
  /** Name of the machine where the engine runs; `undefined` if it is unknown. */
  machine: string | undefined;
  /** The folder of its images on that machine; `undefined` if it is unknown. */
  root: string | undefined;
  /** A text that identifies the engine, whichever socket leads to it. */
  identity: string;

  about(deadline: Deadline): Promise<EngineAbout>;
  /** @param label lists only the containers that have it, such as `name=value` */
  listContainers(deadline: Deadline, label?: string): Promise<Listed<ContainerSummary>>;
  /** @returns `undefined` if there is no such container */
  inspectContainer(id: string, deadline: Deadline): Promise<Container | undefined>;
  /** Creates a container that only `removeContainer` removes. Never pulls an image. @returns its id */
  createContainer(container: IsolatedContainer, deadline: Deadline): Promise<string>;
  startContainer(id: string, deadline: Deadline): Promise<void>;
  /** Waits until the container has ended. @returns its exit code */
  waitForContainer(id: string, deadline: Deadline): Promise<number>;
  /** Sends the stop signal, waits for `seconds`, then kills the container. */
  stopContainer(id: string, seconds: number, deadline: Deadline): Promise<void>;
  /** Kills the container if it runs, and removes it with its anonymous volumes. */
  removeContainer(id: string, deadline: Deadline): Promise<Gone>;

  listNetworks(deadline: Deadline): Promise<Listed<Network>>;
  inspectNetwork(id: string, deadline: Deadline): Promise<Network | undefined>;
  removeNetwork(id: string, deadline: Deadline): Promise<Gone>;

  /** Lists volumes that no container uses. */
  listDanglingVolumes(deadline: Deadline): Promise<Listed<Volume>>;
  removeVolume(name: string, deadline: Deadline): Promise<Gone>;

  listImages(deadline: Deadline): Promise<Listed<Image>>;
  /** Returns when an image was last tagged here; `undefined` if it is unknown, or there is no such image. */
  lastTagged(id: string, deadline: Deadline): Promise<number | undefined>;
  /** @returns `undefined` if there is no such image */
  inspectImage(id: string, deadline: Deadline): Promise<ImageKind | undefined>;
  /** Removes an image. The engine refuses with the status 409 if a container or another image needs it. */
  removeImage(id: string, deadline: Deadline): Promise<Gone>;

  /** @returns `undefined` if the engine has no build cache, as podman, or none that it can size */
  buildCache(deadline: Deadline): Promise<{ entries: number; bytes: number } | undefined>;
  /**
   * Removes build cache that no build uses: all that was last used at least `unusedFor` milliseconds ago, and as much of
   * the rest as is above `keepBytes`, the least recently used first.
   * @returns the freed bytes by the engine's count, which includes layers that images share; `undefined` if the engine has
   * no build cache
   */
  pruneBuildCache(
    options: { unusedFor: number } | { keepBytes: number },
    deadline: Deadline,
  ): Promise<number | undefined>;
}

/** The newest version of the API that this client was written for. Later ones renamed `keep-storage`. */
const newestVersion = '1.47';
/** Milliseconds for a call, unless it needs longer by its nature. */
const callTimeout = 10_000;
/** Milliseconds for calls that remove or add up many files. */
const long = { timeout: 120_000 };

/**
 * Connects to the engine behind a socket.
 * @throws EngineError if none answers; its `code` is that of the system, such as ENOENT or EACCES
 */
export async function openEngine(socket: string, deadline: Deadline): Promise<ContainerEngine> {
  const ping = { method: 'GET', path: '/_ping', deadline: deadline.limit(callTimeout) } as const;
  const { status, headers } = await requestEngine(socket, ping, 4096);
  const version = apiVersion(headers['api-version']);
  if (status !== 200 || version === undefined)
    throw new EngineError('what answers there is no container engine', { status });
  const call = caller(socket, version);
  const { machine, engine, root } = parseInfo(await call('GET', '/info', deadline));
  return {
    ...{ socket, machine, root, identity: engine ?? socket },
    ...aboutCall(call),
    ...containers(call),
    ...newContainers(call),
    ...networksAndVolumes(call),
    ...imagesAndCache(call),
  };
}

/** Negotiates the version: the engine's newest, or ours if that is older. */
export function apiVersion(offered: unknown): string | undefined {
  const [, major, minor] = /^(\d{1,3})\.(\d{1,3})$/.exec(typeof offered === 'string' ? offered : '') ?? [];
  if (major === undefined || minor === undefined) return undefined;
  const number = ([one, two]: readonly number[]): number => (one ?? 0) * 1000 + (two ?? 0);
  const isNewer = number([+major, +minor]) > number(newestVersion.split('.').map(Number));
  return isNewer ? newestVersion : `${+major}.${+minor}`;
}

/** @param path percent-encoded. @returns the parsed answer; `undefined` for the status 404 */
type Call = (
  method: EngineRequest['method'],
  path: string,
  deadline: Deadline,
  more?: {
    /** Milliseconds for this call. */
    timeout?: number;
    body?: object;
  },
) => Promise<unknown>;

function caller(socket: string, version: string): Call {
  return async (method, path, deadline, { timeout = callTimeout, body } = {}) => {
    const limited = deadline.limit(timeout);
    const request = { method, path: `/v${version}${path}`, deadline: limited, body };
    const answer = await requestEngine(socket, request);
    const { status, text } = answer;
    if (status === 404) return undefined;
    // 304: the container has already stopped.
    if (status === 204 || status === 304) return null;
    if (status === 200 || status === 201) return text === '' ? null : parseJson(text);
    throw new EngineError(`it answered with the status ${status}${reasonIn(text)}`, { status });
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new EngineError('its answer is not valid JSON');
  }
}

/** Returns the engine's own message as the end of a sentence; '' if there is none. */
function reasonIn(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    return typeof message === 'string' && message !== '' ? `: ${quote(message)}` : '';
  } catch {
    return '';
  }
}

function containers(
  call: Call,
): Pick<ContainerEngine, 'listContainers' | 'inspectContainer' | 'stopContainer' | 'removeContainer'> {
  return {
    listContainers: async (deadline, label) => {
      const filters = label === undefined ? '' : `&filters=${filterOf({ label: [label] })}`;
      return listOf(await call('GET', `/containers/json?all=1${filters}`, deadline), parseContainerSummary);
    },
    inspectContainer: async (id, deadline) => {
      const answer = await call('GET', `/containers/${id}/json`, deadline);
      return valid(answer, (value) => parseContainer(value, id), 'container');
    },
    stopContainer: async (id, seconds, deadline) => {
      const timeout = seconds * 1000 + callTimeout;
      await call('POST', `/containers/${id}/stop?t=${seconds}`, deadline, { timeout });
    },
    removeContainer: async (id, deadline) =>
      gone(await call('DELETE', `/containers/${id}?v=1&force=1`, deadline, long)),
  };
}

function newContainers(
  call: Call,
): Pick<ContainerEngine, 'createContainer' | 'startContainer' | 'waitForContainer'> {
  const known = <T>(answer: T | undefined, what: string): T => {
    if (answer === undefined) throw new EngineError(what, { status: 404 });
    return answer;
  };
  return {
    createContainer: async (container, deadline) => {
      const body = isolatedContainer(container);
      const answer = known(
        await call('POST', '/containers/create', deadline, { body }),
        'the image has gone',
      );
      const id = createdId(answer);
      if (id === undefined) throw new EngineError('its answer does not name the new container');
      return id;
    },
    startContainer: async (id, deadline) => {
      known(await call('POST', `/containers/${id}/start`, deadline), 'the container cannot be started');
    },
    waitForContainer: async (id, deadline) => {
      const timeout = deadline.remaining();
      const answer = await call('POST', `/containers/${id}/wait`, deadline, { timeout });
      const code = exitCodeIn(known(answer, 'the container has gone'));
      if (code === undefined) throw new EngineError('its answer has no exit code');
      return code;
    },
  };
}

function networksAndVolumes(
  call: Call,
): Pick<
  ContainerEngine,
  'listNetworks' | 'inspectNetwork' | 'removeNetwork' | 'listDanglingVolumes' | 'removeVolume'
> {
  const dangling = filterOf({ dangling: ['true'] });
  return {
    listNetworks: async (deadline) => listOf(await call('GET', '/networks', deadline), parseNetwork),
    inspectNetwork: async (id, deadline) => {
      const found = valid(await call('GET', `/networks/${id}`, deadline), parseNetwork, 'network');
      return found?.id === id ? found : undefined;
    },
    removeNetwork: async (id, deadline) => gone(await call('DELETE', `/networks/${id}`, deadline)),
    listDanglingVolumes: async (deadline) =>
      listOf(volumesIn(await call('GET', `/volumes?filters=${dangling}`, deadline)), parseVolume),
    removeVolume: async (name, deadline) =>
      gone(await call('DELETE', `/volumes/${encodeURIComponent(name)}`, deadline, long)),
  };
}

function imagesAndCache(
  call: Call,
): Pick<
  ContainerEngine,
  'listImages' | 'lastTagged' | 'inspectImage' | 'removeImage' | 'buildCache' | 'pruneBuildCache'
> {
  return {
    listImages: async (deadline) => listOf(await call('GET', '/images/json', deadline), parseImage),
    lastTagged: async (id, deadline) => lastTagged(await call('GET', `/images/${id}/json`, deadline)),
    inspectImage: async (id, deadline) =>
      valid(await call('GET', `/images/${id}/json`, deadline), parseImageKind, 'image'),
    removeImage: async (id, deadline) => gone(await call('DELETE', `/images/${id}`, deadline, long)),
    // Versions before 1.42 ignore the type and add up everything.
    buildCache: async (deadline) =>
      buildCacheSize(await call('GET', '/system/df?type=build-cache', deadline, { timeout: 15_000 })),
    pruneBuildCache: async (options, deadline) => {
      const query =
        'keepBytes' in options
          ? `all=true&keep-storage=${Math.floor(options.keepBytes)}`
          : `all=true&filters=${untilFilter(options.unusedFor)}`;
      const answer = await call('POST', `/build/prune?${query}`, deadline, long);
      return answer === undefined ? undefined : spaceReclaimed(answer);
    },
  };
}

const untilFilter = (milliseconds: number): string =>
  filterOf({ until: [`${Math.ceil(milliseconds / 1000)}s`] });

const filterOf = (filters: Record<string, readonly string[]>): string =>
  encodeURIComponent(JSON.stringify(filters));

const gone = (answer: unknown): Gone => (answer === undefined ? 'gone' : 'removed');

function listOf<T>(answer: unknown, parse: (item: unknown) => T | undefined): Listed<T> {
  if (!Array.isArray(answer)) throw new EngineError('its answer is not a list');
  const items = answer.map(parse).filter((item) => item !== undefined);
  return { items, complete: items.length === answer.length };
}

function valid<T>(answer: unknown, parse: (value: unknown) => T | undefined, what: string): T | undefined {
  if (answer === undefined) return undefined;
  const parsed = parse(answer);
  if (parsed === undefined) throw new EngineError(`its answer does not describe the ${what}`);
  return parsed;
}
