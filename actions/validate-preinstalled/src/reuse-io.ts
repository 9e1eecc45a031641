import type { Step } from '@runner-actions/core';
import { bootId } from '@runner-actions/host';
import type { Requirement } from '@runner-actions/manifest';
import { compareFingerprint, type Fingerprint } from './fingerprint.ts';
import type { ValidateInputs } from './inputs.ts';
import type { Machine } from './kinds/kind.ts';
import { openNotes } from './private-notes-io.ts';
import type { Result } from './results.ts';

/** What earlier checks proved, so that this one need not check it again. */
export interface Reuse {
  known: ReadonlySet<Requirement>;
  /** Keeps for later jobs of this runner what this check found. */
  remember(results: readonly Result[]): Promise<void>;
}

/** Milliseconds after which everything is checked again. */
const longest = 24 * 60 * 60 * 1000;

/**
 * Finds the requirements that passed before and whose state has not changed: by the fingerprint that the workflow gives,
 * else by what this runner noted since the machine started.
 */
export function openReuse(
  step: Step,
  inputs: Pick<ValidateInputs, 'known' | 'reuse'>,
  requirements: readonly Requirement[],
  fingerprint: Fingerprint,
  machine: Machine,
): Reuse {
  const { digest, skippable } = fingerprint;
  const forget = async (): Promise<void> => undefined;
  if (inputs.known !== undefined) {
    const comparison = compareFingerprint(inputs.known, digest);
    if (comparison !== 'same') {
      step.log.info(`All requirements are checked: ${comparison}.`);
      return { known: new Set(), remember: forget };
    }
    step.log.info(
      `According to the fingerprint nothing changed for ${skippable.size} requirements: as checked before.`,
    );
    return { known: skippable, remember: forget };
  }
  const boot = bootId();
  if (!inputs.reuse || boot === undefined || !isKept(machine)) return { known: new Set(), remember: forget };
  const notes = openNotes(machine.job, 'verified');
  const key = `${boot} ${digest}`;
  const known = readNote(notes.get(key), requirements, skippable);
  if (known.size > 0)
    step.log.info(
      `As checked before, since nothing changed: ${known.size} of ${requirements.length} requirements.`,
    );
  return {
    known,
    remember: async (results) => {
      const passed = results.map(
        ({ status, requirement }) => status === 'pass' && skippable.has(requirement),
      );
      // A check that repeats what is noted would only make the note younger.
      if (known.size === 0 && passed.includes(true))
        await notes.keep(key, `${Date.now()} ${passed.map(Number).join('')}`);
    },
  };
}

/** Whether the machine is there for later jobs too. Strangers' jobs get a check of their own. */
function isKept({ job, facts, trusted }: Machine): boolean {
  return trusted && !facts.container && job.runner.environment === 'self-hosted';
}

/** Reads the time of a check, and which requirements passed in it, in the order of the manifest. */
function readNote(
  text: string | undefined,
  requirements: readonly Requirement[],
  skippable: ReadonlySet<Requirement>,
): ReadonlySet<Requirement> {
  const [, time = '', passed = ''] = /^(\d{13}) ([01]+)$/.exec(text ?? '') ?? [];
  const age = Date.now() - Number(time);
  if (passed.length !== requirements.length || age < 0 || age > longest) return new Set();
  return new Set(requirements.filter((one, index) => passed[index] === '1' && skippable.has(one)));
}
