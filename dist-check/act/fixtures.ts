import type { Fleet, FleetRunner } from '@runner-actions/testing';
import { stringify } from 'yaml';
import { ownName } from '../release/pages.ts';

/** Returns the reference by which a user's job calls a workflow of this project. */
export function referenceTo(name: string): string {
  return `${ownName}/.github/workflows/${name}@v1`;
}

/**
 * Returns a user's workflow with two jobs: one calls a workflow of this project by its tag, the next one writes the
 * outputs of that call to `$EFFECT/outputs`.
 */
export function callingWorkflow(
  name: string,
  inputs: Record<string, unknown>,
  secrets = secretsOf(name),
): string {
  return stringify({
    on: ['push', 'pull_request', 'pull_request_target', 'issue_comment', 'schedule', 'workflow_run'],
    permissions: {},
    jobs: {
      called: {
        permissions: { actions: name === 'rescue-queued-jobs.yml' ? 'write' : 'read', contents: 'read' },
        uses: referenceTo(name),
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

function secretsOf(name: string): Record<string, string> {
  const token = {
    'runner-token': '${{ secrets.RUNNER_TOKEN }}',
    'app-id': '${{ secrets.APP_ID }}',
    'app-private-key': '${{ secrets.APP_KEY }}',
  };
  if (name.startsWith('hybrid-')) return { ...token, env: '${{ secrets.ENV }}' };
  return name === 'runner-heartbeat.yml' || name === 'config-check.yml' ? {} : token;
}

/** Returns an organization that has one runner with the labels `self-hosted` and `linux`. */
export function oneRunner(state: Partial<FleetRunner>): Partial<Fleet> {
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

export const pullRequestFromFork = pullRequest('outsider/app');
export const ownPullRequest = pullRequest('octo/app');
/** A comment on a pull request. The payload does not say whether the pull request comes from a fork. */
export const comment = { issue: { number: 5, pull_request: {} }, comment: { author_association: 'NONE' } };
/** A run with the permissions of the repository itself, which a comment of any user triggered. */
export const runTriggeredByComment = {
  workflow_run: {
    event: 'issue_comment',
    actor: { login: 'octocat' },
    head_branch: 'main',
    head_repository: { full_name: 'octo/app' },
  },
};
export const pullRequestOfDependabot = {
  pull_request: { ...ownPullRequest.pull_request, user: { login: 'dependabot[bot]' } },
};
