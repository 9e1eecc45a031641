import { join } from 'node:path';
import type { Deadline } from '@runner-actions/core';
import { type Folder, listFolder } from '@runner-actions/host';
import { askFor } from './file-helper-io.ts';
import type { Item, ItemOutcome, ItemStep } from './item.ts';
import { newTrash, openTrash, warnOfTrash } from './trash.ts';
import type { WorkFolder } from './workspace.ts';

/**
 * Returns the item of what earlier clean-ups left in the trash of a work folder: they were killed, or had no time. For
 * use where no workspace is emptied; else the item of the workspace does it.
 * @param protect absolute paths that the machine's policy protects
 */
export function leftoversItem(place: WorkFolder, protect: readonly string[]): Item {
  const { work } = place;
  return {
    name: 'leftovers',
    plan: async () => {
      if (!listFolder(work).some(({ name }) => name === '.trash')) return [];
      const step: ItemStep = {
        action: 'remove',
        what: join(work.path, '.trash'),
        why: 'what earlier clean-ups moved there and did not remove',
      };
      return [step];
    },
    execute: async (steps, deadline) => {
      if (steps.length === 0) return { ...gaveUp, finished: true };
      const answer = await askFor(place, { act: 'drain trash', protect }, deadline.remaining());
      return (answer as ItemOutcome | undefined) ?? gaveUp;
    },
  };
}

const gaveUp: ItemOutcome = { removed: 0, freedBytes: 0, residue: [], finished: false };

/** Empties the trash of a work folder. The helper process calls it. */
export function drainTrash(work: Folder, protect: readonly string[], deadline: Deadline): ItemOutcome {
  const { earlier, unusable } = openTrash(work, newTrash()).drain(protect, deadline);
  const sum = (count: (part: (typeof earlier)[number]) => number) =>
    earlier.reduce((total, part) => total + count(part), 0);
  return {
    freedBytes: sum(({ freedBytes }) => freedBytes),
    removed: sum(({ files, directories }) => files + directories),
    residue: [],
    warnings: unusable === undefined ? [] : [warnOfTrash(unusable)],
    finished: earlier.every(({ finished }) => finished),
  };
}
