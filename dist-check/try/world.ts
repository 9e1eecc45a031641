import { describeProblem, mapOf, readDocument, textSchema, validate } from '@runner-actions/config';
import type { Fleet, FleetRunner } from '@runner-actions/testing';
import * as v from 'valibot';
import { UsageError } from './usage-error.ts';

const texts = mapOf(v.string(), textSchema);
const permissions = v.strictObject(
  Object.fromEntries(
    ['actions', 'administration', 'contents', 'metadata', 'organization_self_hosted_runners'].map((name) => [
      name,
      v.optional(v.picklist(['read', 'write'], 'read or write')),
    ]),
  ),
);
const ownerAndName = v.pipe(v.string(), v.regex(/^[\w.-]+\/[\w.-]+$/, 'OWNER/NAME, such as octo/app'));

const worldSchema = v.strictObject({
  repository: v.optional(ownerAndName),
  owner: v.optional(v.picklist(['user', 'organization'], 'user or organization')),
  runners: v.optional(
    v.array(
      v.strictObject({
        labels: v.pipe(v.array(textSchema), v.minLength(1, 'at least one label')),
        name: v.optional(textSchema),
        online: v.optional(v.boolean()),
        busy: v.optional(v.boolean()),
      }),
    ),
  ),
  hosted: v.optional(v.array(textSchema)),
  tokens: v.optional(mapOf(v.string(), permissions)),
  secrets: v.optional(texts),
  vars: v.optional(texts),
  files: v.optional(texts),
  event: v.optional(
    v.strictObject({
      name: v.optional(textSchema),
      payload: v.optional(mapOf(v.string(), v.unknown())),
    }),
  ),
});

/** What GitHub knows, and what triggers the run. A key that is missing has the default of `defaultWorld`. */
export type World = v.InferOutput<typeof worldSchema>;
export type WorldRunner = NonNullable<World['runners']>[number];

/**
 * Reads a world file.
 * @param file used in messages
 * @throws UsageError that lists all mistakes, each with its line
 */
export function parseWorld(text: string, file: string): World {
  const document = readDocument(text, file);
  // An empty file is a world with the default of each key.
  if (document.value === null && document.problems.length === 0) return {};
  const validation = validate(document, worldSchema);
  if (!validation.ok)
    throw new UsageError(
      validation.problems
        .map((problem) => `${file}:${problem.line}:${problem.column}: ${describeProblem(problem)}`)
        .join('\n'),
    );
  const outside = Object.keys(validation.value.files ?? {}).filter((path) => !isInside(path));
  if (outside.length > 0)
    throw new UsageError(
      `${file}: files: ${outside.join(', ')}: expected a path inside the repository, such as .github/runner-config.yml.`,
    );
  return validation.value;
}

function isInside(path: string): boolean {
  return !/^(?:[/\\]|$)/.test(path) && !path.split(/[/\\]/).some((part) => part === '..' || part === '.git');
}

/** The text of the token that a job gets as `GITHUB_TOKEN`, unless the world has a secret of this name. */
export const jobToken = 'ghs_token_of_the_job';
/** The text of the token that may list runners, in a world that names no tokens. */
export const runnerToken = 'ghp_may_list_runners';

/** Returns the world of a user who names nothing: one free runner for each set of labels, and a token that lists it. */
export function defaultWorld(
  labels: readonly (readonly string[])[],
): Required<Pick<World, 'runners' | 'tokens' | 'secrets'>> {
  const runners = labels.length === 0 ? [['self-hosted', 'linux', 'x64']] : labels;
  return {
    runners: runners.map((one) => ({ labels: [...one], online: true, busy: false })),
    tokens: { [runnerToken]: { administration: 'read', organization_self_hosted_runners: 'read' } },
    secrets: { RUNNER_TOKEN: runnerToken },
  };
}

/** Returns the runners as the API lists them. */
export function runnersOf(world: World): FleetRunner[] {
  return (world.runners ?? []).map(({ labels, name, online = true, busy = false }, index) => ({
    id: index + 1,
    name: name ?? `runner-${index + 1}`,
    os: 'linux',
    status: online ? 'online' : 'offline',
    busy,
    labels,
  }));
}

/**
 * Returns the state of the GitHub simulator.
 * @param files the files that the API returns, by path
 * @param granted the permissions of the job's token
 */
export function fleetOf(
  world: World,
  { repository, sha, files }: { repository: string; sha: string; files: Record<string, string> },
  granted: Record<string, 'read' | 'write'>,
): Fleet {
  const [login = '', name = ''] = repository.split('/');
  const kind = world.owner ?? 'organization';
  const runners = runnersOf(world);
  const tokens = Object.entries(world.tokens ?? {}).map(([text, permissions]) => [
    text,
    { permissions: permissions as Record<string, 'read' | 'write'> },
  ]);
  return {
    owner: { login, kind },
    repositories: [
      {
        ...{ id: 1, name, private: true, files, files_at: { [sha]: files } },
        ...(kind === 'user' ? { runners } : {}),
      },
    ],
    ...(kind === 'user'
      ? {}
      : {
          organization_runners: runners.map((runner) => ({ ...runner, runner_group_id: 1 })),
          runner_groups: [{ id: 1, name: 'Default', visibility: 'all', default: true }],
        }),
    tokens: {
      [world.secrets?.['GITHUB_TOKEN'] ?? jobToken]: { permissions: granted },
      ...(Object.fromEntries(tokens) as Fleet['tokens']),
    },
  };
}
