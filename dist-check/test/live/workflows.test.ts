import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from '../../actions.ts';
import { userWorkflows } from '../../user-workflows.ts';

type Permissions = Record<string, 'read' | 'write'>;

interface Workflow {
  on: { workflow_call?: { inputs?: Record<string, { required?: boolean }>; secrets?: object } };
  jobs: Record<
    string,
    { uses?: string; with?: object; secrets?: object; permissions?: Permissions; needs?: string[] }
  >;
}

const text = readFileSync(join(root, '.github/workflows/live-check-workflows.yml'), 'utf8');
const { page, ...calls } = (parse(text) as Workflow).jobs;

describe('the live check of workflows', () => {
  it.each(userWorkflows().map(({ path, text: called }) => [path, parse(called) as Workflow] as const))(
    'gives %s the permissions, the inputs and the token that it asks for',
    (path, { on, jobs }) => {
      const call = Object.values(calls).find(({ uses = '' }) => uses.includes(`/${path}@`));
      // GitHub starts no run if a called job asks for more than its caller grants.
      for (const { permissions = {} } of Object.values(jobs))
        for (const [scope, level] of Object.entries(permissions))
          expect([scope, level, 'write']).toContain(call?.permissions?.[scope]);
      const { inputs = {}, secrets = {} } = on.workflow_call ?? {};
      const required = Object.keys(inputs).filter((name) => inputs[name]?.required === true);
      expect(Object.keys(call?.with ?? {})).toEqual(expect.arrayContaining(required));
      // Without the token, GitHub does not list runners, and the machine that was named is never used.
      expect('runner-token' in (call?.secrets ?? {})).toBe('runner-token' in secrets);
    },
  );

  it('waits for each call before it writes its page', () =>
    expect(page?.needs?.toSorted()).toEqual(Object.keys(calls).sort()));
});
