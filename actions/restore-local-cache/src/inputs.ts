import type { SizeOrShare } from '@runner-actions/config';
import { type Inputs, quote, UserError } from '@runner-actions/core';
import { modes } from '@runner-actions/store';

/** What the user asked for; what the team or the machine may say as well is `undefined` where it is not given. There are no secrets in it. */
export type CacheInputs = ReturnType<typeof readInputs>;

/** Whether content is compared, for which each file's digest is noted when it is saved. */
export function needsDigests({ verify }: Pick<CacheInputs, 'verify'>): boolean {
  return verify === 'full' || verify === 'pinned';
}

/** What the store may take of its disk, as far as the user says it. */
export interface BoundsInputs {
  maxSize: SizeOrShare | undefined;
  /** Of one repository; `undefined`: no quota. */
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
    /** A folder, or `s3://bucket/prefix`. */
    shared,
    verify: inputs.choice('verify', ['off', 'stat', 'full', 'pinned']) ?? 'stat',
    readyCopies: inputs.integer('ready-copies', { min: 0, max: 64 }) ?? 4,
    /** Milliseconds for a look-up at a level, and for a transfer. */
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

/** As `@actions/glob` reads it: white space after `!` is no part of the path. */
function normalizeExclusion(path: string): string {
  return path.startsWith('!') ? `!${path.slice(1).trim()}` : path;
}

/** For the store's own command as well. */
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

/** A proof lets whoever reads it try secrets, as many as they like. */
const minSharedKeyLength = 16;

/** What packs of the shared level are proven with; read again in each phase, as all secrets are. @throws UserError */
export function readSharedKey(inputs: Inputs): string | undefined {
  const secret = inputs.secret('shared-key');
  if (secret !== undefined && secret.length < minSharedKeyLength) {
    throw new UserError(
      `Input 'shared-key' is too short: expected at least ${minSharedKeyLength} characters. Take random ones, such as 'openssl rand -hex 32' prints, and keep them as a secret.`,
    );
  }
  return secret;
}

/** Read when the job ends. No status: nothing is saved. */
export function readJobStatus(inputs: Inputs): string {
  return inputs.text('job-status') ?? '';
}

function checkKey(input: string, key: string): string {
  if (key.length > maxKeyLength) {
    throw new UserError(
      `Input '${input}' is ${quote(key)}, ${key.length} characters long: expected at most ${maxKeyLength}.`,
    );
  }
  if (key.includes(','))
    throw new UserError(`Input '${input}' is ${quote(key)}: a key may not have a comma.`);
  return key;
}
