import type { SizeOrShare } from '@runner-actions/config';
import { type Inputs, quote, type Step, UserError } from '@runner-actions/core';
import { modes } from '@runner-actions/store';

/**
 * The inputs of the step, without secrets. An input that the configuration or the machine policy can also set is
 * `undefined` when it is not given.
 */
export type CacheInputs = ReturnType<typeof readInputs>;

/** Returns whether file content is compared on restore. Saves must then record a digest of each file. */
export function needsDigests({ verify }: Pick<CacheInputs, 'verify'>): boolean {
  return verify === 'full' || verify === 'pinned';
}

/** The limits of the store, as far as the inputs set them. */
export interface BoundsInputs {
  maxSize: SizeOrShare | undefined;
  /** Limit for each repository. `undefined`: no limit. */
  maxRepositorySize: SizeOrShare | undefined;
  /** Milliseconds since the last use. */
  maxAge: number | undefined;
  minFree: SizeOrShare | undefined;
}

/** GitHub's limits. Source: `@actions/cache`, `checkKey`. */
const maxKeyLength = 512;
const maxKeys = 10;

export function readInputs(inputs: Inputs) {
  const shared = inputs.text('shared');
  if (shared !== undefined && !/^(s3:\/\/[^/]+|\/|[A-Za-z]:[\\/])/.test(shared)) {
    throw new UserError(
      `Input 'shared' is ${quote(shared)}: expected an absolute path, or s3://bucket/prefix.`,
    );
  }
  return Object.freeze({
    ...readKeys(inputs),
    failOnMiss: inputs.boolean('fail-on-cache-miss') ?? false,
    lookupOnly: inputs.boolean('lookup-only') ?? false,
    crossOs: inputs.boolean('enableCrossOsArchive') ?? false,
    root: inputs.text('root'),
    mode: inputs.choice('mode', ['auto', ...modes]) ?? 'auto',
    immutable: inputs.lines('immutable'),
    onExisting: inputs.choice('on-existing', ['auto', 'replace', 'merge', 'fail']) ?? 'auto',
    save: inputs.choice('save', ['on-success', 'always', 'never']) ?? 'on-success',
    scope: inputs.choice('scope', ['auto', 'repository', 'host']) ?? 'auto',
    remote: inputs.choice('remote', ['auto', 'off', 'only']),
    layout: inputs.choice('remote-layout', ['portable', 'actions-cache']) ?? 'portable',
    prefer: inputs.choice('prefer', ['exact', 'nearest']) ?? 'exact',
    /** A directory, or `s3://bucket/prefix`. */
    shared,
    verify: inputs.choice('verify', ['off', 'stat', 'full', 'pinned']) ?? 'stat',
    readyCopies: inputs.integer('ready-copies', { min: 0, max: 64 }) ?? 4,
    /** Milliseconds for one lookup at a remote level, and for one transfer. */
    lookupTimeout: inputs.duration('lookup-timeout') ?? 10_000,
    transferTimeout: inputs.duration('transfer-timeout') ?? 10 * 60_000,
    bounds: readBounds(inputs),
  });
}

function readKeys(inputs: Inputs): { paths: string[]; key: string; restoreKeys: string[] } {
  const key = checkKey('key', inputs.required('key'));
  const restoreKeys = inputs.lines('restore-keys').map((prefix) => checkKey('restore-keys', prefix));
  if (restoreKeys.length >= maxKeys) {
    throw new UserError(
      `Input 'restore-keys' has ${restoreKeys.length} keys: expected at most ${maxKeys - 1}.`,
    );
  }
  inputs.required('path');
  return { paths: inputs.lines('path').map(normalizeExclusion), key, restoreKeys };
}

/** Removes white space after `!`, as `@actions/glob` does. */
function normalizeExclusion(path: string): string {
  return path.startsWith('!') ? `!${path.slice(1).trim()}` : path;
}

/** Reads the limits of the store. The store command uses the same options. */
export function readBounds(inputs: Inputs): BoundsInputs {
  return {
    maxSize: sizeOrShare(inputs, 'max-size', inputs.text('max-size')),
    maxRepositorySize: sizeOrShare(inputs, 'max-repository-size', inputs.text('max-repository-size')),
    maxAge: inputs.duration('max-age'),
    minFree: sizeOrShare(inputs, 'min-free', inputs.text('min-free')),
  };
}

function sizeOrShare(inputs: Inputs, name: string, given: string | undefined): SizeOrShare | undefined {
  if (given === undefined) return undefined;
  return given.endsWith('%') ? { share: inputs.share(name) ?? 0 } : { bytes: inputs.bytes(name) ?? 0 };
}

/** Anyone who can read a proof can try any number of keys against it, so short keys are refused. */
const minSharedKeyLength = 16;

/**
 * Reads the key for proofs of packs at the shared level. It is a secret, so each phase reads it again.
 * @throws UserError if it is too short
 */
export function readSharedKey(inputs: Inputs): string | undefined {
  const secret = inputs.secret('shared-key');
  if (secret !== undefined && secret.length < minSharedKeyLength) {
    throw new UserError(
      `Input 'shared-key' is too short: expected at least ${minSharedKeyLength} characters. Generate one with 'openssl rand -hex 32' and store it as a secret.`,
    );
  }
  return secret;
}

/**
 * Reads the status of the job when it ends. Empty: unknown. Gitea's runner does not evaluate the default again at the end,
 * so that a failed job still has the `success` of its start. Source: gitea/act 0.261.8, `runPostStep` of
 * pkg/runner/action.go.
 */
export function readJobStatus({ inputs, job }: Pick<Step, 'inputs' | 'job'>): string {
  const status = inputs.text('job-status') ?? '';
  return job.engine === 'gitea' && status === 'success' ? '' : status;
}

function checkKey(input: string, key: string): string {
  if (key.length > maxKeyLength) {
    throw new UserError(
      `Input '${input}' is ${quote(key)}, ${key.length} characters long: expected at most ${maxKeyLength}.`,
    );
  }
  if (key.includes(','))
    throw new UserError(`Input '${input}' is ${quote(key)}: a key must not contain a comma.`);
  return key;
}
