import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from '../actions.ts';

interface Workflow {
  permissions?: object;
  jobs: Record<
    string,
    {
      needs?: string[];
      if?: string;
      'timeout-minutes'?: number;
      permissions?: object;
      steps: { uses?: string }[];
    }
  >;
}

const folder = join(root, '.github/workflows');
const workflows = readdirSync(folder).map(
  (name) => [name, parse(readFileSync(join(folder, name), 'utf8')) as Workflow] as const,
);

describe('workflows', () => {
  it.each(workflows)(
    '%s pins every action by its commit, bounds every job and grants nothing at the top',
    (_name, { jobs, permissions }) => {
      expect(permissions).toEqual({});
      for (const { steps, permissions: own, 'timeout-minutes': minutes } of Object.values(jobs)) {
        expect(own).toBeDefined();
        expect(minutes).toBeGreaterThan(0);
        for (const { uses } of steps) if (uses !== undefined) expect(uses).toMatch(/@[0-9a-f]{40}$/);
      }
    },
  );

  it('has every job of ci.yml in the needs of its gate, which runs always', () => {
    const ci = workflows.find(([name]) => name === 'ci.yml')?.[1];
    const { gate, ...others } = ci?.jobs ?? {};
    expect(gate?.needs?.toSorted()).toEqual(Object.keys(others).sort());
    expect(gate?.if).toContain('always()');
  });
});
