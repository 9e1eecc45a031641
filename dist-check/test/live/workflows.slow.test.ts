import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from '../../actions.ts';
import { assemble } from '../../release/assemble.ts';
import { userWorkflows } from '../../user-workflows.ts';

const path = '.github/workflows/live-check-workflows.yml';

interface Job {
  uses?: string;
}

describe('the live check of workflows', () => {
  it('is part of a release, can be started on its tag, and calls each workflow of the release once', () => {
    const out = mkdtempSync(join(tmpdir(), 'release-'));
    const { commits } = assemble(root, out, { repository: 'acme/ci', ref: 'v1' });
    const { on, jobs } = parse(readFileSync(join(out, path), 'utf8')) as {
      on: object;
      jobs: Record<string, Job>;
    };
    expect(Object.keys(on)).toContain('workflow_dispatch');
    const called = Object.values(jobs).flatMap(({ uses = [] }) => uses);
    const shipped = userWorkflows().map((workflow) => workflow.path);
    expect(called.map((uses) => /^acme\/ci\/(.*)@/.exec(uses)?.[1]).sort()).toEqual(shipped.sort());
    for (const uses of called) {
      const [, target = '', commit = ''] = /^acme\/ci\/(.*)@([0-9a-f]{40})$/.exec(uses) ?? [];
      expect(commits.slice(0, -1)).toContain(commit);
      expect(
        execFileSync('git', ['cat-file', '-t', `${commit}:${target}`], { cwd: out, encoding: 'utf8' }),
      ).toBe('blob\n');
    }
  });
});
