import { availableParallelism } from 'node:os';
import { type Inputs, quote, UserError } from '@runner-actions/core';

export const defaultManifest = '.github/runner-requirements.yml';

const modes = ['check', 'plan', 'install', 'check-config', 'snapshot', 'diff'] as const;
const packageChoices = ['all', 'chosen'] as const;
const failures = ['fail', 'warn', 'fallback'] as const;

/** The parsed inputs. `undefined`: the configuration or the default decides. */
export interface ValidateInputs {
  mode: (typeof modes)[number];
  /** Path of the team's configuration. */
  config: string | undefined;
  /** A path, or the YAML itself. */
  manifest: string | undefined;
  /** Check nothing if no manifest is named and the default one does not exist. */
  optional: boolean;
  onFailure: (typeof failures)[number];
  /** JSON for `runs-on`. `undefined`: the manifest decides. */
  fallback: string | undefined;
  /** Whether the manifest's own commands may run, unless the event is untrusted. */
  allowCommands: boolean;
  concurrency: number;
  /** Milliseconds. */
  timeout: number;
  /** Path of the manifest that `diff` compares the machine with. */
  against: string | undefined;
  /** Which packages a snapshot has. */
  packages: (typeof packageChoices)[number];
  /** Milliseconds for all commands that install. */
  installTimeout: number;
  /** The output `fingerprint` of an earlier check. */
  known: string | undefined;
  /** Whether to use what earlier jobs of this runner noted. */
  reuse: boolean;
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
    fallback: readFallback(inputs.text('fallback')),
    allowCommands: inputs.boolean('allow-commands') ?? false,
    concurrency:
      concurrency === 'auto' ? auto : (inputs.integer('concurrency', { min: 1, max: 256 }) ?? auto),
    timeout: inputs.duration('timeout') ?? 60_000,
    against: inputs.text('against'),
    packages: inputs.choice('packages', packageChoices) ?? 'all',
    installTimeout: inputs.duration('install-timeout') ?? 10 * 60_000,
    known: inputs.text('known-fingerprint'),
    reuse: inputs.boolean('reuse') ?? true,
  });
}

function readFallback(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (!/^[[{"]/.test(text)) return JSON.stringify(text);
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    throw new UserError(`Input 'fallback' is ${quote(text)}: expected a label, or JSON for 'runs-on'.`);
  }
}
