import { availableParallelism } from 'node:os';
import { type Inputs, quote, UserError } from '@runner-actions/core';

export const defaultManifest = '.github/runner-requirements.yml';

const modes = ['check', 'check-config'] as const;
const failures = ['fail', 'warn', 'fallback'] as const;

/** What the user asked for; `undefined` leaves it to the configuration, else to the default. */
export interface ValidateInputs {
  mode: (typeof modes)[number];
  /** Path of the team's configuration. */
  config: string | undefined;
  /** A path, or the YAML itself. */
  manifest: string | undefined;
  /** Where nobody names a manifest, and the usual one is not there, nothing is to be checked. */
  optional: boolean;
  onFailure: (typeof failures)[number];
  /** JSON for `runs-on`. */
  fallback: string;
  concurrency: number;
  /** Milliseconds. */
  timeout: number;
  /** The output `fingerprint` of an earlier check. */
  known: string | undefined;
}

export function readInputs(inputs: Inputs): Readonly<ValidateInputs> {
  const auto = Math.max(4, 2 * availableParallelism());
  const concurrency = inputs.text('concurrency') ?? 'auto';
  return Object.freeze({
    mode: inputs.choice('mode', modes) ?? 'check',
    config: inputs.text('config'),
    manifest: inputs.text('manifest'),
    optional: inputs.boolean('optional') ?? false,
    onFailure: inputs.choice('on-failure', failures) ?? 'fail',
    fallback: readFallback(inputs.text('fallback') ?? 'ubuntu-latest'),
    concurrency:
      concurrency === 'auto' ? auto : (inputs.integer('concurrency', { min: 1, max: 256 }) ?? auto),
    timeout: inputs.duration('timeout') ?? 60_000,
    known: inputs.text('known-fingerprint'),
  });
}

function readFallback(text: string): string {
  if (!/^[[{"]/.test(text)) return JSON.stringify(text);
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    throw new UserError(`Input 'fallback' is ${quote(text)}: expected a label, or JSON for 'runs-on'.`);
  }
}
