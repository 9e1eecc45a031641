import { parse } from 'yaml';
import { root } from './actions.ts';
import { readTemplates, type Template } from './release/workflows.ts';

/**
 * Returns the workflows that users call. A release also has one that its maker starts by hand, to check the others:
 * live-check-workflows.yml.
 */
export function userWorkflows(folder = root): Template[] {
  return readTemplates(folder).filter(({ text }) => {
    const { on } = parse(text) as { on: object };
    return !('workflow_dispatch' in on);
  });
}
