import { type Inputs, UserError } from '@runner-actions/core';
import { type RunsOn, readRunsOn } from './runs-on.ts';

export const whenBusy = ['fallback', 'queue'] as const;
export const trustedAssociations = ['OWNER', 'MEMBER', 'COLLABORATOR'] as const;

/** What the user asked for. */
export interface SelectInputs {
  labels: readonly string[];
  fallback: RunsOn | 'fail' | 'skip';
  token: string | undefined;
  runnerToken: string | undefined;
  whenBusy: (typeof whenBusy)[number];
  minFree: number;
  onUnknown: 'fallback' | 'use';
  onError: 'fallback' | 'fail';
  /** Author associations in capitals, and `dependabot`; empty: the same repository only. */
  trust: readonly string[];
  /** Milliseconds. */
  deadline: number;
}

export async function readInputs(inputs: Inputs): Promise<Readonly<SelectInputs>> {
  const policy = inputs.choice('when-busy', whenBusy) ?? 'fallback';
  const minFree = inputs.integer('min-free', { min: 1, max: 10_000 }) ?? 1;
  if (policy === 'queue' && minFree !== 1) {
    throw new UserError(
      "Input 'min-free' has no meaning with 'when-busy: queue'. Remove it, or use 'when-busy: fallback'.",
    );
  }
  return Object.freeze({
    labels: readLabels(inputs),
    fallback: readFallback(inputs.text('fallback') ?? 'ubuntu-latest', await structuredFallback(inputs)),
    token: inputs.secret('token'),
    runnerToken: inputs.secret('runner-token'),
    whenBusy: policy,
    minFree,
    onUnknown: inputs.choice('on-unknown', ['fallback', 'use']) ?? 'fallback',
    onError: readOnError(inputs),
    trust: readTrust(inputs),
    deadline: inputs.duration('deadline') ?? 20_000,
  });
}

/** Read apart, since the safe answer wants it where other inputs may be what is wrong. */
export function readOnError(inputs: Inputs): SelectInputs['onError'] {
  return inputs.choice('on-error', ['fallback', 'fail']) ?? 'fallback';
}

/** Labels match without regard to case, so the same one twice is one. */
function readLabels(inputs: Inputs): string[] {
  const labels = inputs.list('labels');
  const unique = new Map(labels.map((label) => [label.toLowerCase(), label]));
  if (unique.size > 0) return [...unique.values()];
  throw new UserError(
    "Input 'labels' is empty. Name the labels of your runners, for example 'self-hosted, linux, x64'.",
  );
}

async function structuredFallback(inputs: Inputs): Promise<unknown> {
  const text = inputs.text('fallback') ?? '';
  return /^\s*(\{|group\s*:|labels\s*:)/.test(text) ? inputs.structured('fallback') : undefined;
}

function readFallback(text: string, structured: unknown): SelectInputs['fallback'] {
  return text === 'fail' || text === 'skip' ? text : readRunsOn('fallback', text, structured);
}

function readTrust(inputs: Inputs): string[] {
  const valid: readonly string[] = [...trustedAssociations, 'CONTRIBUTOR', 'dependabot'];
  return inputs
    .list('trust')
    .filter((entry) => entry !== 'same-repository')
    .map((entry) => {
      const found = valid.find((name) => name.toLowerCase() === entry.toLowerCase());
      if (found !== undefined) return found;
      throw new UserError(`Input 'trust' is '${entry}': expected same-repository, ${valid.join(', ')}.`);
    });
}
