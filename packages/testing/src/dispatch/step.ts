import { readInputs, readJob, startDeadline, type Step } from '@runner-actions/core';
import { payloadOf, repository } from './view.ts';
import type { World } from './world.ts';

function noState(): never {
  throw new Error('There is no state in the main phase.');
}

/** Creates a step of an action in a world. It keeps its outputs in memory, and shows and writes nothing. */
export function createStep(world: World, given: Record<string, string>) {
  const outputs = new Map<string, string>();
  const inputs = readInputs((name) => given[name] ?? '');
  const nothing = (): void => undefined;
  const job = readJob({
    GITHUB_REPOSITORY: `${repository.owner}/${repository.name}`,
    GITHUB_REPOSITORY_ID: String(repository.id),
    GITHUB_EVENT_NAME: 'push',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_RUN_ID: '999999',
    GITHUB_WORKFLOW_REF: world.files.caller,
    GITHUB_ACTOR: 'octocat',
    // No checkout is searched for a configuration.
    GITHUB_WORKSPACE: '/nowhere',
  });
  const step: Step = {
    phase: 'main',
    // The runner would mask a secret in the log.
    inputs: { ...inputs, secret: inputs.text },
    outputs: { set: (name, value) => void outputs.set(name, String(value)) },
    state: { save: nothing, isSaved: () => false, load: noState },
    log: { info: nothing, debug: nothing, group: nothing },
    annotate: nothing,
    summary: { add: nothing },
    report: async () => undefined,
    announceReport: () => '',
    deadline: startDeadline(60_000),
    job: { ...job, payload: () => payloadOf(world) },
  };
  return { step, outputs };
}
