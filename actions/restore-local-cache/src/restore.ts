import type { Step } from '@runner-actions/core';
import { restorePhase } from './main.ts';

export { safeAnswer } from './main.ts';

/**
 * Runs `restore-local-cache/restore`: like the whole action, but it never saves. Its post step releases leases and
 * locks.
 */
export async function phase(step: Step): Promise<void> {
  await restorePhase(step, (inputs) => ({ ...inputs, save: 'never' }));
}
