import type { Step } from '@runner-actions/core';
import { restorePhase } from './main.ts';

export { safeAnswer } from './main.ts';

/** `restore-local-cache/restore`: as the whole action, and never saves. Its post gives leases and locks back. */
export async function phase(step: Step): Promise<void> {
  await restorePhase(step, (inputs) => ({ ...inputs, save: 'never' }));
}
