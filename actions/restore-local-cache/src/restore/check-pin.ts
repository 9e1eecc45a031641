import { type Entry, retireEntry, type Store } from '@runner-actions/store';
import type { pinOf } from '../levels/github/pins.ts';
import { missOnError } from './miss-on-error.ts';
import type { RestoreContext } from './place-entry.ts';

/**
 * With `verify: pinned`, returns whether the pin in GitHub’s cache matches the entry. If it does not, the entry is
 * taken out of use. If the pin cannot be read, the entry is not used, but stays in the store.
 */
export async function matchesPin(
  { step, plan }: RestoreContext,
  store: Store,
  entry: Entry,
): Promise<boolean> {
  if (plan.inputs.verify !== 'pinned') return true;
  const { key } = entry.metadata;
  const { openPins, pinOf } = await import('../levels/github/pins.ts');
  const known = await missOnError(step, 'The pin in GitHub’s cache', async () => {
    const pins = openPins(step, plan);
    if (pins === undefined) throw new Error('the runner offers no cache service');
    return { fingerprint: await pins.read(key, step.deadline.limit(plan.inputs.lookupTimeout)) };
  });
  if (known === undefined) return false;
  if (known.fingerprint !== undefined && known.fingerprint === readPin(entry, pinOf)) return true;
  const why = known.fingerprint === undefined ? 'has no pin for it' : 'has a pin with other content for it';
  step.annotate('warning', `The entry ${key} is not used: GitHub’s cache ${why}.`);
  retireEntry(store, entry);
  return false;
}

function readPin(entry: Entry, read: typeof pinOf): string | undefined {
  try {
    return read(entry);
  } catch {
    return undefined;
  }
}
