import { environmentsOf, resolveTrees } from './effective-config.ts';
import type { FilePlace, Files } from './files.ts';
import { type Layers, readLayers } from './layers.ts';
import type { Environment, Loaded } from './load.ts';
import type { Problem } from './problem.ts';
import { fileSchema } from './schema/config.ts';
import type { Ignored } from './secret-names.ts';
import { type Tree, toTree } from './tree.ts';

/** Reads an existing configuration file and all files that it extends, and resolves the effective configuration. */
export async function resolveConfig(
  files: Files,
  place: FilePlace,
  environment?: Environment,
): Promise<Loaded> {
  return load(await readLayers(files, place, fileSchema), environment);
}

const treesOf = ({ layers }: Layers): Tree[] => layers.map(({ document }) => toTree(document, fileSchema));

function load(layers: Layers, environment?: Environment): Loaded {
  const { names, problems, unknown, missing } = layers;
  if (problems.length > 0) return { kind: 'wrong', problems };
  if (unknown.length > 0) return { kind: 'unknown', why: [...new Set(unknown.map(({ why }) => why))] };
  if (missing !== undefined) return { kind: 'none', why: missing.why };
  const trees = treesOf(layers);
  const environments = environmentsOf(trees);
  const ignored = environment?.mayBeMissing === true && !environments.includes(environment.name);
  const resolution = resolveTrees(trees, ignored ? undefined : environment?.name);
  if (!resolution.ok) return { kind: 'wrong', problems: resolution.problems };
  return { kind: 'read', names, environments, ...resolution.effective };
}

/** Implements `checkConfig` of load.ts: checks the configuration without and with each environment. */
export async function checkWithEnvironments(files: Files, place: FilePlace): Promise<Loaded> {
  const layers = await readLayers(files, place, fileSchema);
  const absent = [...layers.unknown, ...(layers.missing === undefined ? [] : [layers.missing])];
  const unreadable = [...layers.problems, ...absent.map(({ problem }) => problem)];
  if (unreadable.length > 0) return { kind: 'wrong', problems: unreadable };
  const loaded = load(layers);
  const own = loaded.kind === 'wrong' ? loaded.problems : [];
  const known = new Set(own.map((problem) => JSON.stringify(problem)));
  const ignored = new Map<string, Ignored>();
  const note = (one: Loaded): void => {
    if (one.kind === 'read') for (const value of one.ignored) ignored.set(JSON.stringify(value), value);
  };
  note(loaded);
  const more = new Map<string, { problem: Problem; environments: string[] }>();
  for (const name of environmentsOf(treesOf(layers))) {
    const other = load(layers, { name, mayBeMissing: false });
    note(other);
    for (const problem of other.kind === 'wrong' ? other.problems : []) {
      const key = JSON.stringify(problem);
      const { environments } = more.get(key) ?? { environments: [] };
      if (!known.has(key)) more.set(key, { problem, environments: [...environments, name] });
    }
  }
  const others = [...more.values()].map(({ problem, environments }) => ({
    ...problem,
    expected: `${problem.expected} (environment ${environments.join(', ')})`,
  }));
  if (own.length + others.length > 0) return { kind: 'wrong', problems: [...own, ...others] };
  return loaded.kind === 'read' ? { ...loaded, ignored: [...ignored.values()] } : loaded;
}
