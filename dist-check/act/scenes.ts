import type { Fleet, FleetRunner } from '@runner-actions/testing';
import { stringify } from 'yaml';
import { calledWorkflow } from '../examples.ts';

const addressOf = (name: string): string => `org/runner-actions/.github/workflows/${name}@v1`;

/** The workflow of a user who calls one of ours by its tag, and whose second job writes down what came of it. */
export function call(name: string, inputs: Record<string, unknown>, secrets = secretsOf(name)): string {
  return stringify({
    on: ['push', 'pull_request', 'pull_request_target', 'issue_comment', 'schedule', 'workflow_run'],
    permissions: {},
    jobs: {
      called: {
        permissions: { actions: name === 'rescue-queued-jobs.yml' ? 'write' : 'read', contents: 'read' },
        uses: addressOf(name),
        with: inputs,
        ...(Object.keys(secrets).length === 0 ? {} : { secrets }),
      },
      after: {
        needs: 'called',
        'runs-on': 'selector',
        steps: [
          {
            run: 'echo "$OUTPUTS" > "$EFFECT/outputs"',
            env: { OUTPUTS: '${{ toJSON(needs.called.outputs) }}' },
          },
        ],
      },
    },
  });
}

/**
 * What a call of the workflow put out, as an expression reads it: an output that it declares and that is not there is empty.
 * GitHub's runner leaves out those that are empty, act does not. None at all where the second job did not run.
 */
export function outputsOf(name: string, effects: Record<string, string>): Record<string, string> {
  if (effects['outputs'] === undefined) return {};
  const declared = Object.keys(calledWorkflow(addressOf(name))?.on.workflow_call?.outputs ?? {});
  const given = JSON.parse(effects['outputs']) as Record<string, string>;
  return { ...Object.fromEntries(declared.map((output) => [output, ''])), ...given };
}

function secretsOf(name: string): Record<string, string> {
  const token = {
    'runner-token': '${{ secrets.RUNNER_TOKEN }}',
    'app-id': '${{ secrets.APP_ID }}',
    'app-private-key': '${{ secrets.APP_KEY }}',
  };
  if (name.startsWith('hybrid-')) return { ...token, env: '${{ secrets.ENV }}' };
  return name === 'runner-heartbeat.yml' || name === 'config-check.yml' ? {} : token;
}

/** An organization with one runner with the labels self-hosted and linux. */
export function runners(state: Partial<FleetRunner>): Partial<Fleet> {
  const runner = { id: 3, name: 'own-1', os: 'linux', labels: ['self-hosted', 'linux'], ...state };
  return {
    organization_runners: [{ status: 'online', ...runner }],
    runner_groups: [{ id: 1, name: 'Default', visibility: 'all', default: true }],
  };
}

function pullRequest(repository: string) {
  return {
    pull_request: {
      number: 5,
      author_association: 'NONE',
      head: { ref: 'topic', repo: { full_name: repository } },
      base: { ref: 'main' },
    },
  };
}

export const fork = pullRequest('stranger/app');
export const own = pullRequest('octo/app');
/** Whose code the pull request is of, such an event does not tell. */
export const comment = { issue: { number: 5, pull_request: {} }, comment: { author_association: 'NONE' } };
/** A run of the repository itself, with its rights, that somebody's comment caused. */
export const causedByComment = {
  workflow_run: {
    event: 'issue_comment',
    actor: { login: 'octocat' },
    head_branch: 'main',
    head_repository: { full_name: 'octo/app' },
  },
};
export const dependabots = {
  pull_request: { ...own.pull_request, user: { login: 'dependabot[bot]' } },
};

/**
 * The steps that failed, by their names. act itself says that; of what a step that fails prints last, act may lose a part, since it
 * closes the terminal before it has read all of it. Source: act 0.2.89, `exec` of host_environment.go.
 */
export function failedSteps(log: string): string[] {
  return [...log.matchAll(/Failure - Main (.*?)(?: \[[\d.]+[a-zµ]+\])?$/gm)].map(([, name = '']) => name);
}
