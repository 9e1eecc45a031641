import type { World } from './world.ts';
import { type Job, record, type Workflow } from './workflow.ts';

/** Where a job with these labels would go. */
export type Place =
  | { kind: 'hosted'; where: string }
  | { kind: 'runner'; where: string }
  /** No runner can take it, so it would wait. */
  | { kind: 'waits'; where: string }
  /** It needs another operating system than this machine has. */
  | { kind: 'foreign'; where: string };

const hostedLabel = /^(ubuntu|macos|windows)-/i;
const systems: Record<string, string> = { linux: 'ubuntu', darwin: 'macos', win32: 'windows' };

/** Returns where GitHub would place a job with these labels in this world. */
export function placeOf(labels: readonly string[], world: World, platform = process.platform): Place {
  const [only] = labels;
  if (labels.length === 1 && only !== undefined) {
    if ((world.hosted ?? []).some((label) => isSame(label, only)))
      return { kind: 'hosted', where: `hosted ${only}` };
    const system = hostedLabel.exec(only)?.[1]?.toLowerCase();
    if (system !== undefined && runnersWith(labels, world).length === 0)
      return system === systems[platform]
        ? { kind: 'hosted', where: `hosted ${only}` }
        : { kind: 'foreign', where: `hosted ${only}` };
  }
  const matching = runnersWith(labels, world);
  const online = matching.filter(({ online = true }) => online);
  const wanted = labels.join(', ') || 'no label';
  if (online.some(({ busy = false }) => !busy)) return { kind: 'runner', where: `a free runner: ${wanted}` };
  if (online.length > 0) return { kind: 'runner', where: `a runner once it is free: ${wanted}` };
  if (matching.length > 0)
    return { kind: 'waits', where: `all runners with these labels are offline: ${wanted}` };
  return { kind: 'waits', where: `no runner has all of these labels: ${wanted}` };
}

function runnersWith(labels: readonly string[], { runners = [] }: World) {
  return runners.filter((runner) => labels.every((label) => runner.labels.some((own) => isSame(own, label))));
}

/** GitHub ignores upper and lower case in labels. */
function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

/** The hosted labels that GitHub documents. A label that looks like one, such as `ubuntu-99`, is not among them. */
const hostedLabels = ['latest', '26.04', '24.04', '22.04', '24.04-arm', '22.04-arm', 'slim'].map(
  (name) => `ubuntu-${name}`,
);
const macLabels = ['latest', '26', '15', '14', '15-intel', '26-intel'].map((name) => `macos-${name}`);

/**
 * Returns the labels for which act runs a job on this machine. act looks at one label at a time: it runs a job if it
 * knows any of the job's labels.
 *
 * @param more labels of cells, and groups, which act takes for labels
 */
export function machineLabels(world: World, more: readonly string[], platform = process.platform): string[] {
  const own = (world.runners ?? []).filter(({ online = true }) => online).flatMap(({ labels }) => labels);
  const hosted = platform === 'darwin' ? macLabels : hostedLabels;
  return [...new Set([...own, ...(world.hosted ?? []), ...hosted, ...more])];
}

/** Returns the labels that a workflow writes out; `undefined` if they are an expression. */
export function literalLabels(runsOn: unknown): string[] | undefined {
  const isMap = typeof runsOn === 'object' && !Array.isArray(runsOn);
  const labels = isMap ? record(runsOn)['labels'] : runsOn;
  const list = [labels ?? []].flat().map(String);
  return list.length === 0 || list.some((label) => label.includes('${{')) ? undefined : list;
}

/** Returns the group of runners that a job names. The world has no groups, so it cannot say whether one can take the job. */
export function groupOf(job: Job | undefined): string | undefined {
  const group = record(job?.['runs-on'])['group'];
  return typeof group === 'string' ? group : undefined;
}

/** Returns the key of the matrix that alone is the value of `runs-on`: `os` for `${{ matrix.os }}`. */
export function matrixKey({ 'runs-on': runsOn }: Job): string | undefined {
  return typeof runsOn === 'string'
    ? /^\$\{\{\s*matrix\.([\w-]+)\s*\}\}$/.exec(runsOn.trim())?.[1]
    : undefined;
}

/** Returns the labels of one cell of a matrix, if `runs-on` is a value of the matrix. */
export function labelsOfCell(job: Job, cell: Record<string, unknown>): string[] | undefined {
  const key = matrixKey(job);
  return key === undefined || cell[key] === undefined ? undefined : literalLabels(cell[key]);
}

/** Which cells of matrices act runs. */
export interface Cells {
  /** Values of `--matrix`, if some cells must not run. */
  selected: string[];
  /** Labels of the cells that run. */
  labels: string[];
  /** The jobs of which cells do not run, with the labels of these cells. */
  leftOut: { job: string; labels: string[] }[];
}

/**
 * Chooses the cells of matrices that can run. act evaluates `runs-on` once for all cells of a job, and at random for
 * which one. Cells that cannot run here would so decide about others.
 */
export function chooseCells({ jobs }: Workflow, ids: readonly string[], world: World): Cells {
  const cells: Cells = { selected: [], labels: [], leftOut: [] };
  const all = new Map<string, Set<string>>();
  const excluded = new Map<string, Set<string>>();
  for (const id of ids) {
    const job = jobs[id] ?? {};
    const key = matrixKey(job);
    for (const [name, values] of valuesOf(job.strategy?.matrix)) {
      for (const value of values) {
        add(all, name, asActPrints(value));
        const labels = name === key ? literalLabels(value) : undefined;
        if (labels === undefined) continue;
        const { kind } = placeOf(labels, world);
        if (kind === 'hosted' || kind === 'runner') cells.labels.push(...labels);
        else {
          cells.leftOut.push({ job: id, labels });
          add(excluded, name, asActPrints(value));
        }
      }
    }
  }
  for (const [name, values] of excluded)
    for (const value of all.get(name) ?? []) if (!values.has(value)) cells.selected.push(`${name}:${value}`);
  return cells;
}

/** Formats a value of a matrix as act does to compare it with `--matrix`. */
function asActPrints(value: unknown): string {
  return Array.isArray(value) ? `[${value.join(' ')}]` : String(value);
}

function add(map: Map<string, Set<string>>, key: string, value: string): void {
  map.set(key, (map.get(key) ?? new Set()).add(value));
}

/** Returns the values of each key of a matrix, with those of `include`. */
function valuesOf(matrix: unknown): Map<string, unknown[]> {
  const { include, exclude: _, ...keys } = record(matrix);
  const values = new Map(
    Object.entries(keys).map(([key, list]) => [key, Array.isArray(list) ? [...list] : []]),
  );
  for (const entry of Array.isArray(include) ? include : [])
    for (const [key, value] of Object.entries(record(entry)))
      values.set(key, [...(values.get(key) ?? []), value]);
  return values;
}

/**
 * Returns the sets of labels of self-hosted runners that a workflow writes out: in `runs-on`, in a matrix, and in inputs
 * such as `labels` and `select-on`. With those of the pools in the team's configuration, they are the default world.
 *
 * @param config the parsed configuration; unchecked
 */
export function wantedLabels({ jobs }: Workflow, config: unknown): string[][] {
  const sets = Object.values(jobs).flatMap((job) => {
    const steps = Array.isArray(job.steps) ? job.steps : [];
    const asked = [job.with, ...steps.map((step) => step.with)]
      .flatMap((inputs) => Object.entries(record(inputs)))
      .filter(([name]) => /^(?:labels|.*-on)$/.test(name));
    const cells = valuesOf(job.strategy?.matrix).get(matrixKey(job) ?? '') ?? [];
    return [
      literalLabels(job['runs-on']),
      ...cells.map((value) => literalLabels(value)),
      ...asked.map(([, value]) => listOf(value)),
    ];
  });
  const pools = Object.values(record(record(config)['pools'])).map((pool) =>
    literalLabels(record(pool)['runs-on']),
  );
  const own = [...sets, ...pools]
    .filter((labels) => labels !== undefined)
    .filter((labels) => labels.some((one) => isSame(one, 'self-hosted')));
  return [...new Map(own.map((labels) => [labels.join(','), labels])).values()];
}

/** Parses an input that is a list: with commas, in lines, or as JSON. */
function listOf(value: unknown): string[] | undefined {
  if (typeof value !== 'string' || value.includes('${{')) return undefined;
  const list = value.split(/[,\n]/).map((label) => label.replaceAll(/[[\]"'\s]/g, ''));
  return list.filter((label) => label !== '');
}
