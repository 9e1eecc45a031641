import type { Fleet, FleetRunner } from '@runner-actions/testing';
import { stringify } from 'yaml';

/** The workflow of a user who calls one of ours by its tag, and whose second job writes down what came of it. */
export function call(name: string, inputs: Record<string, unknown>, secrets = secretsOf(name)): string {
  return stringify({
    on: ['push', 'pull_request', 'pull_request_target', 'issue_comment', 'schedule'],
    permissions: {},
    jobs: {
      called: {
        permissions: { actions: name === 'rescue-queued-jobs.yml' ? 'write' : 'read', contents: 'read' },
        uses: `org/runner-actions/.github/workflows/${name}@v1`,
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

/** An organization with one runner with the labels self-hosted and linux. */
export function runners(state: Partial<FleetRunner>): Partial<Fleet> {
  const runner = { id: 3, name: 'own-1', os: 'linux', labels: ['self-hosted', 'linux'], ...state };
  return {
    organization_runners: [{ status: 'online', ...runner }],
    runner_groups: [{ id: 1, name: 'Default', visibility: 'all', default: true }],
  };
}

function pullRequest(repository: string): object {
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
