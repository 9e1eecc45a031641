import {
  checkConfig,
  defaultPath,
  filesToCheck,
  normalizeConfigPath,
  printEffective,
  problemsToError,
  warnIgnored,
} from '@runner-actions/config';
import type { Step } from '@runner-actions/core';
import type { ValidateInputs } from './inputs.ts';

/**
 * Implements `mode: check-config`: validates the configuration file of the checkout, with every environment. The
 * settings are not applied, so this may also read the file of a fork.
 * @throws UserError if the configuration is invalid, or a part of it cannot be fetched
 */
export async function checkConfiguration(step: Step, inputs: Pick<ValidateInputs, 'config'>): Promise<void> {
  const path = normalizeConfigPath(inputs.config ?? defaultPath);
  const loaded = await checkConfig(filesToCheck(step), { repository: undefined, ref: undefined, path });
  if (loaded.kind === 'wrong') {
    step.outputs.set('ok', false);
    step.outputs.set('status', 'fail');
    throw problemsToError(step, loaded.problems);
  }
  if (loaded.kind !== 'read') throw new Error('a checked configuration is read or wrong');
  warnIgnored(step, loaded.ignored);
  step.outputs.set('ok', true);
  step.outputs.set('status', 'pass');
  const environments =
    loaded.environments.length === 0 ? '' : `, environments ${loaded.environments.join(', ')}`;
  step.log.info(`${path} is valid: ${loaded.names.join(', ')}${environments}.`);
  step.log.group('The effective configuration', printEffective(loaded.tree).trimEnd().split('\n'));
}
