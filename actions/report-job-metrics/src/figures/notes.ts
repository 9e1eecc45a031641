import type { Sample } from '../sampling/sample.ts';

const most = 10;
const maxLength = 300;

/** Returns what the sampler could not measure, each sentence once. */
export function notesOf(samples: readonly Sample[]): string[] {
  const found = new Set<string>();
  for (const { notes } of samples) {
    if (!Array.isArray(notes)) continue;
    for (const note of notes.slice(0, most) as unknown[]) {
      if (found.size < most && typeof note === 'string') found.add(note.slice(0, maxLength));
    }
  }
  return [...found];
}

/** Whether a note says why the job's own use is unknown. */
export function isOnJob(note: string): boolean {
  return /\b(?:job|process)/i.test(note);
}
