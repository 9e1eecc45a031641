import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { launchJob } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from '../../actions.ts';

const path = '.github/workflows/live-check-workflows.yml';

interface Job {
  steps?: { run: string }[];
}

describe('the live check of workflows', () => {
  const { jobs } = parse(readFileSync(join(root, path), 'utf8')) as { jobs: Record<string, Job> };
  const script = jobs['page']?.steps?.[0]?.run ?? '';
  const good = {
    'hybrid-job': { result: 'success', outputs: { decision: 'run', result: '{"answer":"42"}' } },
    'hybrid-matrix': { result: 'success', outputs: { matrix: '{"include":[{},{}]}' } },
    'runner-preflight': { result: 'success', outputs: { decision: 'run' } },
    'config-check': { result: 'failure', outputs: {} },
    'rescue-queued-jobs': { result: 'success', outputs: { rescued: '0' } },
  };
  const run = async (needs: object, LABELS = '') => {
    const steps = [{ run: ['bash', '-e', '-c', script], env: { NEEDS: JSON.stringify(needs), LABELS } }];
    const {
      conclusion,
      steps: [step],
    } = await launchJob({ steps });
    return { conclusion, errors: step?.annotations.map(({ message }) => message), summary: step?.summary };
  };

  it('fails if a call or an output is not as expected, and says which', async () => {
    expect(await run(good)).toMatchObject({ conclusion: 'success', errors: [] });
    const bad = { ...good, 'hybrid-job': { result: 'failure', outputs: { decision: 'run' } } };
    const found = await run(bad);
    expect(found.conclusion).toBe('failure');
    expect(found.errors?.slice(0, 2)).toEqual([
      'hybrid-job: call: expected success, saw failure',
      'hybrid-job: answer in the result: expected 42, saw undefined',
    ]);
    expect(found.summary).toContain('| hybrid-job: call | success | failure |');
  });

  it('expects the own machine if one is named, and lets no output end a cell or begin a command', async () => {
    const { summary = '' } = await run(good, 'self-hosted');
    expect(summary).toContain('| hybrid-job: runs on your machine | true | undefined |');
    expect(summary).toContain('| runner-preflight: your machine is fit | true | undefined |');
    const outputs = { decision: 'run', result: JSON.stringify({ answer: '<b>|\n::error::x' }) };
    const forged = await run({ ...good, 'hybrid-job': { result: 'success', outputs } });
    const [error] = forged.errors ?? [];
    expect(error).toBe('hybrid-job: answer in the result: expected 42, saw ?b???::error::x');
    expect(forged.summary).toContain('| hybrid-job: answer in the result | 42 | ?b???::error::x |');
  });
});
