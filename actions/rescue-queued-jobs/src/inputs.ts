import { type Inputs, UserError } from '@runner-actions/core';

export interface RescueInputs {
  token: string;
  runnerToken: string | undefined;
  /** Labels of each pool. Empty: all jobs that request `self-hosted`. */
  pools: readonly (readonly string[])[];
  /** Whether the pools serve only this repository. */
  exclusive: boolean;
  /** Milliseconds. */
  after: number;
  maxRuns: number;
  /** File names or paths of workflows. */
  rerunSuperseded: readonly string[];
  calls: number;
  /** Milliseconds. */
  deadline: number;
  dryRun: boolean;
}

/** Milliseconds. GitHub may take a minute to offer a job to a free runner. */
const minAfter = 2 * 60_000;

export function readInputs(inputs: Inputs): Readonly<RescueInputs> {
  const token = inputs.secret('token');
  if (token === undefined)
    throw new UserError(
      "Input 'token' is empty. Pass a token with 'actions: write', such as ${{ github.token }}.",
    );
  const after = inputs.duration('after') ?? 10 * 60_000;
  if (after < minAfter)
    throw new UserError(`Input 'after' is '${inputs.text('after') ?? ''}': expected at least 2m.`);
  const rerunSuperseded = inputs.list('rerun-superseded');
  const noFile = rerunSuperseded.find((name) => !/\.ya?ml$/.test(name));
  if (noFile !== undefined)
    throw new UserError(
      `Input 'rerun-superseded' is '${noFile}': expected the file names of workflows, such as 'ci.yml'.`,
    );
  return Object.freeze({
    token,
    runnerToken: inputs.secret('runner-token'),
    pools: inputs.lists('labels'),
    exclusive: inputs.boolean('exclusive') ?? false,
    after,
    maxRuns: inputs.integer('max-runs', { min: 1, max: 100 }) ?? 5,
    rerunSuperseded,
    calls: inputs.integer('calls', { min: 5, max: 1000 }) ?? 40,
    deadline: inputs.duration('deadline') ?? 2 * 60_000,
    dryRun: inputs.boolean('dry-run') ?? false,
  });
}
