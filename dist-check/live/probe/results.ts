// Checks what each action left: its outputs and its report.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { schemaProblems } from '@runner-actions/testing';
import { root } from '../../actions.ts';
import type { LiveRecord } from '../record.ts';

interface Step {
  outcome?: string;
  outputs?: Record<string, string>;
}

/**
 * Returns a record for each action that ran in the job.
 * @param steps JSON of the context `steps`. The id of a step is the name of its action
 */
export function resultsOf(steps: string): LiveRecord[] {
  return Object.entries(JSON.parse(steps) as Record<string, Step>)
    .filter(([id]) => existsSync(join(root, 'actions', id, 'action.yml')))
    .map(([id, { outcome = '', outputs = {} }]) => {
      const names = Object.keys(outputs).filter((name) => outputs[name] !== '');
      const report = checkReport(id, outputs['report'] ?? '');
      return { experiment: `result of ${id}`, outcome, report, outputs: names.sort() };
    });
}

/** Returns `valid`, or what is wrong. The content of a report is never shown. */
export function checkReport(action: string, path: string): string {
  if (path === '') return 'no output report';
  if (!existsSync(path)) return 'no file';
  try {
    const report: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (typeof report !== 'object' || report === null) return 'not an object';
    const schema = join(root, 'docs/schema', `${action}-report.schema.json`);
    if (!existsSync(schema)) return 'valid';
    const problems = schemaProblems(JSON.parse(readFileSync(schema, 'utf8')) as object, report);
    return problems.length === 0 ? 'valid' : problems.join(', ');
  } catch {
    return 'not JSON';
  }
}
