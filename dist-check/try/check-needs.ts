import { closestName } from '@runner-actions/config';
import type { Workflow } from './workflow.ts';

/** Returns a sentence for each job that needs a job that does not exist, or that waits for itself. */
export function checkNeeds({ path, document, jobs }: Workflow): string[] {
  const needsOf = (id: string): string[] => [jobs[id]?.['needs'] ?? []].flat().map(String);
  return Object.keys(jobs).flatMap((id) => {
    const at = `${path}:${document.positionOf(['jobs', id, 'needs'], 'key').line}: job ${id}`;
    const missing = needsOf(id).filter((need) => jobs[need] === undefined);
    const reached = new Set(needsOf(id));
    for (const need of reached) for (const next of needsOf(need)) reached.add(next);
    return [
      ...missing.map((need) => {
        const nearest = closestName(need, Object.keys(jobs));
        const hint = nearest === undefined ? '' : ` Did you mean '${nearest}'?`;
        return `${at}: it needs the job '${need}', which does not exist.${hint}`;
      }),
      ...(reached.has(id) ? [`${at}: it needs itself, through ${[...reached].join(', ')}.`] : []),
    ];
  });
}
