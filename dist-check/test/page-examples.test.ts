import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { calledWorkflow, type Job, missingPermissions, requestedBy } from '../examples.ts';
import { readPages } from '../page-length.ts';

/** The jobs in the YAML of all pages that call a reusable workflow of this project: where, and the job. */
const callers = Object.entries(readPages()).flatMap(([page, text]) =>
  [...text.matchAll(/^( *)```ya?ml\n([^]*?)^\1```$/gm)].flatMap(([, , block = '']) => {
    if (!block.includes('.github/workflows/')) return [];
    const yaml = parse(block) as { jobs?: Record<string, Job> } & Record<string, Job>;
    const found = Object.entries(yaml?.jobs ?? yaml ?? {});
    return found
      .filter(([, job]) => calledWorkflow(job?.uses) !== undefined)
      .map(([name, job]) => [page, name, job] as const);
  }),
);

it('finds the calls in the pages', () => expect(callers.length).toBeGreaterThan(10));

// A reader copies a job as it is, and GitHub starts no run if an input or a permission is missing.
describe.each(callers)(
  'in %s, the job %s',
  (_page, _name, { uses, permissions = {}, with: given = {}, secrets = {} }) => {
    const called = calledWorkflow(uses);
    const { inputs = {}, secrets: known = {} } = called?.on.workflow_call ?? {};

    it('grants all permissions that the workflow requests', () =>
      expect(called && missingPermissions(permissions, requestedBy(called))).toEqual([]));

    it('passes all required inputs, and only inputs and secrets that exist', () => {
      const required = Object.entries(inputs).filter(([, { required }]) => required === true);
      expect(Object.keys(given)).toEqual(expect.arrayContaining(required.map(([name]) => name)));
      expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys(given)));
      expect(Object.keys(known)).toEqual(expect.arrayContaining(Object.keys(secrets)));
    });
  },
);
