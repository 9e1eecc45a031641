import {
  checkConfig,
  defaultPath,
  normalizeConfigPath,
  printEffective,
  warnIgnored,
} from '@runner-actions/config';
import { type Step, trustOf } from '@runner-actions/core';
import type { ValidateInputs } from './inputs.ts';
import { filesOfCheckout, mistakesToError } from './strangers/guard-files-io.ts';

/**
 * Implements `mode: check-config`: validates the configuration file of the checkout, with every environment. The
 * settings are not applied, so this may also read the file of a fork.
 * @throws UserError if the configuration is invalid, or a part of it cannot be fetched
 */
export async function checkConfiguration(step: Step, inputs: Pick<ValidateInputs, 'config'>): Promise<void> {
  const path = normalizeConfigPath(inputs.config ?? defaultPath);
  const loaded = await checkConfig(filesOfCheckout(step), { repository: undefined, ref: undefined, path });
  if (loaded.kind === 'wrong') {
    step.outputs.set('ok', false);
    step.outputs.set('status', 'fail');
    throw await mistakesToError(step, loaded.problems, path);
  }
  if (loaded.kind !== 'read') throw new Error('a checked configuration is read or wrong');
  warnIgnored(step, loaded.ignored);
  step.outputs.set('ok', true);
  step.outputs.set('status', 'pass');
  const environments =
    loaded.environments.length === 0 ? '' : `, environments ${loaded.environments.join(', ')}`;
  step.log.info(`${path} is valid: ${loaded.names.join(', ')}${environments}.`);
  // It has what other repositories say, which the token reads and a stranger may not.
  if (trustOf(step.job, []).trusted)
    step.log.group('The effective configuration', printEffective(loaded.tree).trimEnd().split('\n'));
}
