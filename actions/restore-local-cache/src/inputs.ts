import type { Config, SizeOrShare } from '@runner-actions/config';
import { type Inputs, quote, UserError } from '@runner-actions/core';

/** What the user asked for. Saved for post as it is: there are no secrets in it. */
export interface CacheInputs {
  paths: readonly string[];
  key: string;
  restoreKeys: readonly string[];
  failOnMiss: boolean;
  lookupOnly: boolean;
  crossOs: boolean;
  root: string | undefined;
  save: 'on-success' | 'always' | 'never';
  remote: 'auto' | 'off' | 'only';
  bounds: StoreBounds;
}

/** What the store may take of its disk. */
export interface StoreBounds {
  maxSize: SizeOrShare;
  /** Milliseconds since the last use. */
  maxAge: number;
  minFree: SizeOrShare;
}

/** GitHub's limits. Source: `@actions/cache`, `checkKey`. */
const longestKey = 512;
const mostKeys = 10;

/** @param team what the configuration says; its `root` counts only after the machine's own, so it is not read here */
export function readInputs(inputs: Inputs, team: Config['cache'] = {}): Readonly<CacheInputs> {
  const key = checkKey('key', inputs.required('key'));
  const restoreKeys = inputs.lines('restore-keys').map((prefix) => checkKey('restore-keys', prefix));
  if (restoreKeys.length >= mostKeys) {
    throw new UserError(
      `Input 'restore-keys' has ${restoreKeys.length} keys: expected at most ${mostKeys - 1}.`,
    );
  }
  inputs.required('path');
  return Object.freeze({
    paths: inputs.lines('path'),
    key,
    restoreKeys,
    failOnMiss: inputs.boolean('fail-on-cache-miss') ?? false,
    lookupOnly: inputs.boolean('lookup-only') ?? false,
    crossOs: inputs.boolean('enableCrossOsArchive') ?? false,
    root: inputs.text('root'),
    save: inputs.choice('save', ['on-success', 'always', 'never']) ?? 'on-success',
    remote: inputs.choice('remote', ['auto', 'off', 'only']) ?? team.remote ?? 'auto',
    bounds: {
      maxSize: sizeOrShare(inputs, 'max-size', inputs.text('max-size')) ?? team['max-size'] ?? { share: 0.2 },
      maxAge: inputs.duration('max-age') ?? team['max-age'] ?? 30 * 24 * 3_600_000,
      minFree: sizeOrShare(inputs, 'min-free', inputs.text('min-free')) ?? team['min-free'] ?? { share: 0.1 },
    },
  });
}

function sizeOrShare(inputs: Inputs, name: string, given: string | undefined): SizeOrShare | undefined {
  if (given === undefined) return undefined;
  return given.endsWith('%') ? { share: inputs.share(name) ?? 0 } : { bytes: inputs.bytes(name) ?? 0 };
}

/** Read when the job ends. No status: nothing is saved. */
export function readJobStatus(inputs: Inputs): string {
  return inputs.text('job-status') ?? '';
}

function checkKey(input: string, key: string): string {
  if (key.length > longestKey) {
    throw new UserError(
      `Input '${input}' is ${quote(key)}, ${key.length} characters long: expected at most ${longestKey}.`,
    );
  }
  if (key.includes(','))
    throw new UserError(`Input '${input}' is ${quote(key)}: a key may not have a comma.`);
  return key;
}
