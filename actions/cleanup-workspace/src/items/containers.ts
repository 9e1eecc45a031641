import { dirname } from 'node:path';
import { type Container, isInside, type Network } from '@runner-actions/host';

/** What is known about this job and its machine. Paths are absolute and without links. */
export interface ContainerFacts {
  /** The label of this runner's containers; `undefined` if the runner's file cannot be read. */
  label: string | undefined;
  /** The labels of the other runners on this machine. */
  otherLabels: readonly string[];
  /** When this job began, in milliseconds since 1970; `undefined` if that is unknown. */
  began: number | undefined;
  /** Now, in milliseconds since 1970. */
  now: number;
  work: string;
  workspace: string;
  temp: string;
  /** Install folders and work folders of the other runners on this machine. */
  otherFolders: readonly string[];
  /** Whether this is the machine's only runner; `undefined` if that is unknown. */
  alone: boolean | undefined;
  /** Paths that the machine's policy protects. */
  protect: readonly string[];
  /** Whether the engine runs on this machine, not in a VM or elsewhere. Only then are its paths those of this machine. */
  sameMachine: boolean;
}

/**
 * Whether a container is this job's. `keep`: it may be, and the reason to leave it is for people. `other`: nothing shows
 * that it is.
 */
export type Verdict = { verdict: 'remove' | 'keep'; why: string } | { verdict: 'other' };

const other: Verdict = { verdict: 'other' };
const workingDirectory = 'com.docker.compose.project.working_dir';
const project = 'com.docker.compose.project';
/** The network that the runner creates for the containers of a job. */
const jobNetwork = 'github_network_';
/** Milliseconds by which clocks may differ, or may have been set during the job. */
const clockError = 60_000;

/**
 * Decides whether a container is this job's. The proofs, strongest first: the runner's label, and a bind mount or a
 * Compose folder in a folder of this job. Each needs a second one: when the container was created. Besides, it uses no
 * other runner's folder, and nothing says that it should live on. That it is new proves nothing: cron or an
 * administrator may have started it.
 * @param resolve resolves links in a path of this machine
 */
export function judgeContainer(
  container: Container,
  facts: ContainerFacts,
  resolve: (path: string) => string,
): Verdict {
  const binds = container.mounts.filter(({ type }) => type === 'bind').map(({ source }) => source);
  const folder = container.labels[workingDirectory];
  const written = folder === undefined || folder === '' ? binds : [...binds, folder];
  const paths = facts.sameMachine ? written.map((path) => ({ path, real: resolve(path) })) : [];
  const touches = (folders: readonly string[]): boolean =>
    paths.some(({ path, real }) => folders.some((each) => isInside(path, each) || isInside(real, each)));

  if (touches(facts.otherFolders)) return other;
  const labelled = facts.label !== undefined && container.labels[facts.label] === '';
  const isOwned = labelled || paths.some(({ real }) => isOfJob(real, facts));
  if (!isOwned) return other;
  if (touches(facts.protect)) return keep("it uses a path that the machine's policy protects");
  if (labelled) return judgeLabelled(container, facts);
  if (container.networks.some((name) => name.startsWith(jobNetwork)))
    return keep("it is on the network of the job's containers, which the runner removes after the job");
  if (['always', 'unless-stopped'].includes(container.restartPolicy))
    return keep(`its restart policy '${container.restartPolicy}' means that it should outlive the job`);
  if (facts.began === undefined) return keep('it is not known here when the job started');
  if (!isSinceStart(container, facts)) return keep('it was not created during this job');
  return remove(
    paths.some(({ path, real }) => path === folder && isOfJob(real, facts))
      ? 'its Compose project is in a folder of this job'
      : 'it mounts a folder of this job',
  );
}

const keep = (why: string): Verdict => ({ verdict: 'keep', why });
const remove = (why: string): Verdict => ({ verdict: 'remove', why });

/** A container that the runner started, in this job or in an earlier one that was killed. */
function judgeLabelled(container: Container, facts: ContainerFacts): Verdict {
  if (facts.otherLabels.includes(facts.label ?? ''))
    return keep('another runner on this machine has the same label');
  if (facts.began === undefined || container.created === undefined)
    return keep('it has the label of this runner, which removes it itself');
  if (isBeforeStart(container, facts)) return remove('this runner started it for an earlier job');
  if (!isSinceStart(container, facts)) return keep('its time of creation does not show which job started it');
  return container.networks.some((name) => name.startsWith(jobNetwork))
    ? keep('it is a container of this job, which the runner removes after the job')
    : remove('this runner started it for a step of this job');
}

/**
 * Returns whether a path shows that its container is this job's: it is in this repository's folder in `_work`, or in the
 * temp folder. Other folders in `_work` show nothing: those of other repositories, and those that runners share, such as
 * the tool cache.
 */
function isOfJob(path: string, { work, workspace, temp }: ContainerFacts): boolean {
  const own = [dirname(workspace), temp].filter((folder) => folder !== work && isInside(folder, work));
  return own.some((folder) => isInside(path, folder));
}

function isSinceStart(
  { created }: { created: number | undefined },
  { began, now }: Pick<ContainerFacts, 'began' | 'now'>,
): boolean {
  return began !== undefined && created !== undefined && created >= began && created <= now + clockError;
}

const isBeforeStart = ({ created }: { created: number | undefined }, { began }: ContainerFacts): boolean =>
  began !== undefined && created !== undefined && created < began - clockError;

/**
 * Chooses the networks that become useless: each container that uses one is removed. Besides, the network was created
 * during this job, has this runner's label, or belongs to the Compose project of a removed container.
 * @param all every container of the engine
 */
export function uselessNetworks(
  networks: readonly Network[],
  all: readonly Container[],
  removed: ReadonlySet<string>,
  facts: ContainerFacts,
): { network: Network; why: string }[] {
  return networks.flatMap((network) => {
    const { id, name, labels, driver, scope } = network;
    if (['bridge', 'host', 'none', 'podman'].includes(name) || scope !== 'local') return [];
    if (['host', 'null'].includes(driver)) return [];
    const users = all.filter((container) => [id, name].some((each) => container.networks.includes(each)));
    const itsProject = labels[project] ?? '';
    const fellows = itsProject === '' ? [] : all.filter((each) => each.labels[project] === itsProject);
    if ([...users, ...fellows].some((each) => !removed.has(each.id))) return [];
    if (isOfEarlierJob(network, facts))
      return [{ network, why: 'this runner created it for an earlier job' }];
    if (users.length + fellows.length === 0) return [];
    if (!isSinceStart(network, facts) && fellows.length === 0) return [];
    return [{ network, why: 'only containers that are removed used it' }];
  });
}

function isOfEarlierJob(
  { labels, created }: Network,
  { label, otherLabels, began }: ContainerFacts,
): boolean {
  if (label === undefined || labels[label] !== '' || otherLabels.includes(label)) return false;
  return began !== undefined && created !== undefined && created < began;
}
