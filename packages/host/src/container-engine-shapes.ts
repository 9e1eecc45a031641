/**
 * Parsers for the answers of the Docker Engine API. Source: the "Docker Engine API v1.41 Reference". An engine may be
 * of any version, and may be another program. Each parser checks what is used, and gives `undefined` for anything else.
 */

export interface ContainerMount {
  type: string;
  /** The name of a volume; '' for another type. */
  name: string;
  /** The path on the engine's machine. */
  source: string;
}

export interface ContainerSummary {
  /** 64 hexadecimal digits. */
  id: string;
  imageId: string;
}

export interface Container extends ContainerSummary {
  name: string;
  /** Milliseconds since 1970; `undefined` if it is unknown. */
  created: number | undefined;
  running: boolean;
  labels: Readonly<Record<string, string>>;
  /** `no`, `always`, `unless-stopped`, `on-failure`, or '' if it is unknown. */
  restartPolicy: string;
  mounts: ContainerMount[];
  /** Names of the volumes that the engine created for this container, since nothing named a volume for their folders. */
  ownVolumes: string[];
  /** Names and ids of its networks. */
  networks: string[];
}

export interface Network {
  id: string;
  name: string;
  created: number | undefined;
  driver: string;
  scope: string;
  labels: Readonly<Record<string, string>>;
  /** Whether running containers use it. A list does not tell; then it is false. */
  inUse: boolean;
}

export interface Volume {
  name: string;
  created: number | undefined;
  /** Whether it has a label other than the mark of a volume without a name. */
  labelled: boolean;
}

export interface Image {
  /** `sha256:` and 64 hexadecimal digits. */
  id: string;
  /** Names with a tag, without `<none>:<none>`. */
  tags: string[];
  /** Names with a digest, under which a registry has the image. */
  digests: string[];
  /** Milliseconds since 1970, when the image was built, perhaps elsewhere. */
  created: number | undefined;
  bytes: number;
}

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const itemsOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const textsOf = (value: unknown): string[] => itemsOf(value).map(textOf);
/** Number of labels, of mounts and of networks of a container, and characters of a label. More is not kept. */
const maxEach = 1_000;
const maxLabel = 4_096;
const labelsOf = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fieldsOf(value))
      .slice(0, maxEach)
      .flatMap(([key, label]) => {
        const isShort = key.length + textOf(label).length <= maxLabel;
        return isShort ? [[key, textOf(label)]] : [];
      }),
  );

const containerId = /^[\da-f]{64}$/;
const imageId = /^sha256:[\da-f]{64}$/;
/** Source: moby, `volume/names`, which allows no other names. */
const volumeName = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,254}$/;

/** Parses a time. The zero time of Go means that the engine does not know it. */
function timeOf(value: unknown): number | undefined {
  const time = typeof value === 'number' ? value * 1000 : Date.parse(textOf(value));
  return Number.isFinite(time) && time > 0 ? time : undefined;
}

export function parseContainerSummary(value: unknown): ContainerSummary | undefined {
  const { Id: id, ImageID: image } = fieldsOf(value);
  if (!containerId.test(textOf(id)) || textOf(image) === '') return undefined;
  return { id: textOf(id), imageId: textOf(image) };
}

/** @param id the container that was asked for; the answer about another one is invalid */
export function parseContainer(value: unknown, id: string): Container | undefined {
  const fields = fieldsOf(value);
  const host = fieldsOf(fields['HostConfig']);
  const { Config: config, State: state, Mounts: mounts } = fields;
  if (fields['Id'] !== id || textOf(fields['Image']) === '') return undefined;
  // Without the list of mounts, it is unknown to whom the container belongs.
  if (!Array.isArray(mounts) && mounts !== null) return undefined;
  if (itemsOf(mounts).length > maxEach) return undefined;
  const networks = Object.entries(fieldsOf(fieldsOf(fields['NetworkSettings'])['Networks'])).slice(
    0,
    maxEach,
  );
  return {
    id,
    imageId: textOf(fields['Image']),
    name: textOf(fields['Name']).replace(/^\//, ''),
    created: timeOf(fields['Created']),
    running: fieldsOf(state)['Running'] === true,
    labels: labelsOf(fieldsOf(config)['Labels']),
    restartPolicy: textOf(fieldsOf(host['RestartPolicy'])['Name']),
    mounts: itemsOf(mounts).map((mount) => {
      const { Type: type, Name: name, Source: source } = fieldsOf(mount);
      return { type: textOf(type), name: textOf(name), source: textOf(source) };
    }),
    ownVolumes: ownVolumes(fieldsOf(config), host, itemsOf(mounts)),
    networks: [
      textOf(host['NetworkMode']),
      ...networks.flatMap(([name, network]) => [name, textOf(fieldsOf(network)['NetworkID'])]),
    ].filter((name) => name !== ''),
  };
}

/**
 * Returns the volumes at folders that the image or `-v /folder` asks a volume for, if no bind, mount or other container
 * gave one. Podman also lists such volumes as binds, so there are none.
 */
function ownVolumes(config: Fields, host: Fields, mounts: readonly unknown[]): string[] {
  const { Binds: binds, Mounts: given, VolumesFrom: from } = host;
  const isKnown = [binds, given, from].every(
    (list) => list === undefined || list === null || Array.isArray(list),
  );
  if (!isKnown || itemsOf(given).length + itemsOf(from).length > 0) return [];
  const named = textsOf(binds).map((bind) => bind.split(':', 1)[0]);
  const wanted = Object.keys(fieldsOf(config['Volumes']));
  return mounts.map(fieldsOf).flatMap(({ Type: type, Name: name, Destination: folder }) => {
    const isOwn = type === 'volume' && wanted.includes(textOf(folder)) && !named.includes(textOf(name));
    return isOwn && containerId.test(textOf(name)) ? [textOf(name)] : [];
  });
}

export function parseNetwork(value: unknown): Network | undefined {
  const { Id: id, Name: name, Created: created, Driver, Scope, Labels, Containers } = fieldsOf(value);
  if (!containerId.test(textOf(id)) || textOf(name) === '') return undefined;
  return {
    ...{ id: textOf(id), name: textOf(name), created: timeOf(created) },
    ...{ driver: textOf(Driver), scope: textOf(Scope), labels: labelsOf(Labels) },
    inUse: Object.keys(fieldsOf(Containers)).length > 0,
  };
}

/** Source: moby 23.0, `AnonymousLabel`. */
const anonymousLabel = 'com.docker.volume.anonymous';

export function parseVolume(value: unknown): Volume | undefined {
  const { Name: name, CreatedAt: created, Labels: labels } = fieldsOf(value);
  if (!volumeName.test(textOf(name))) return undefined;
  const labelled = Object.keys(fieldsOf(labels)).some((label) => label !== anonymousLabel);
  return { name: textOf(name), created: timeOf(created), labelled };
}

/** Returns the list of volumes in an answer; `undefined` if it contains none. */
export const volumesIn = (answer: unknown): unknown => {
  const { Volumes: volumes } = fieldsOf(answer);
  // The engine writes `null` for an empty list.
  return volumes === null ? [] : volumes;
};

export function parseImage(value: unknown): Image | undefined {
  const { Id: id, RepoTags: tags, RepoDigests: digests, Created: created, Size: size } = fieldsOf(value);
  if (!imageId.test(textOf(id))) return undefined;
  const isName = (name: string): boolean => name !== '' && !name.startsWith('<none>');
  return {
    id: textOf(id),
    tags: textsOf(tags).filter(isName),
    digests: textsOf(digests).filter(isName),
    created: timeOf(created),
    bytes: countOf(size),
  };
}

/** What programs an image has. */
export interface ImageKind {
  /** In Go's names, such as `linux/amd64`. */
  platform: string;
  /** The program that it starts, such as `/bin/sh`; '' if it names none. */
  program: string;
}

export function parseImageKind(value: unknown): ImageKind | undefined {
  const { Os: os, Architecture: architecture, Config: config } = fieldsOf(value);
  if (textOf(os) === '' || textOf(architecture) === '') return undefined;
  const { Entrypoint: entrypoint, Cmd: command } = fieldsOf(config);
  const [program = ''] = [...textsOf(entrypoint), ...textsOf(command)];
  return { platform: `${textOf(os)}/${textOf(architecture)}`, program };
}

/** Returns the id of a container that was created; `undefined` if the answer has none. */
export function createdId(value: unknown): string | undefined {
  const id = textOf(fieldsOf(value)['Id']);
  return containerId.test(id) ? id : undefined;
}

/** Returns the exit code of a container; `undefined` if the answer has none. */
export function exitCodeIn(value: unknown): number | undefined {
  const { StatusCode: code } = fieldsOf(value);
  return typeof code === 'number' ? code : undefined;
}

/** Returns when an image was last tagged on this machine, as by a pull or a build. Podman does not know it. */
export const lastTagged = (value: unknown): number | undefined =>
  timeOf(fieldsOf(fieldsOf(value)['Metadata'])['LastTagTime']);

/** Sums up the build cache that neither a build nor an image uses; `undefined` if the engine has none. */
export function buildCacheSize(value: unknown): { entries: number; bytes: number } | undefined {
  const { BuildCache: cache } = fieldsOf(value);
  if (!Array.isArray(cache)) return undefined;
  const unused = cache.map(fieldsOf).filter(({ InUse, Shared }) => InUse === false && Shared !== true);
  return {
    entries: unused.length,
    bytes: unused.reduce((sum, { Size }) => sum + countOf(Size), 0),
  };
}

export const spaceReclaimed = (value: unknown): number => countOf(fieldsOf(value)['SpaceReclaimed']);

/** Returns the name of the engine's machine, and the engine's id. */
export function parseInfo(value: unknown): Record<'machine' | 'engine' | 'root', string | undefined> {
  const { Name: name, ID: id, DockerRootDir: root } = fieldsOf(value);
  return {
    machine: textOf(name) || undefined,
    engine: textOf(id) || undefined,
    root: textOf(root) || undefined,
  };
}

const countOf = (value: unknown): number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
