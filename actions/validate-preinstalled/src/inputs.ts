import { availableParallelism } from 'node:os';
import { type Inputs, quote, UserError } from '@runner-actions/core';

export const defaultManifest = '.github/runner-requirements.yml';

export interface ValidateInputs {
  mode: 'check' | 'check-config';
  /** A path, or the YAML itself. */
  manifest: string;
  /** Nobody named a manifest, and where the usual one is not there nothing is to be checked. */
  optional: boolean;
  onFailure: 'fail' | 'warn' | 'fallback';
  /** JSON for `runs-on`. */
  fallback: string;
  concurrency: number;
  /** Milliseconds. */
  timeout: number;
  /** The output `fingerprint` of an earlier check. */
  known: string | undefined;
}

/** @param requirements the manifest that the configuration names */
export function readInputs(inputs: Inputs, requirements?: string): Readonly<ValidateInputs> {
  const auto = Math.max(4, 2 * availableParallelism());
  const concurrency = inputs.text('concurrency') ?? 'auto';
  const named = inputs.text('manifest') ?? requirements;
  return Object.freeze({
    mode: inputs.choice('mode', ['check', 'check-config']) ?? 'check',
    manifest: named ?? defaultManifest,
    optional: (inputs.boolean('optional') ?? false) && named === undefined,
    onFailure: inputs.choice('on-failure', ['fail', 'warn', 'fallback']) ?? 'fail',
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
