import { describe, expect, it } from 'vitest';
import { outputsOf } from '../act/results.ts';

describe('outputsOf', () => {
  const read = (outputs: object) => outputsOf('rescue-queued-jobs.yml', { outputs: JSON.stringify(outputs) });

  it('returns an empty string for an empty output and for a missing one', () => {
    expect(read({ considered: '1', rescued: '' })).toEqual({ considered: '1', rescued: '' });
    expect(read({ considered: '1' })).toEqual({ considered: '1', rescued: '' });
  });

  it('keeps an output that the workflow does not declare', () => {
    expect(read({ other: '1' })).toEqual({ considered: '', rescued: '', other: '1' });
  });

  it('returns no outputs if the job that writes them did not run', () => {
    expect(outputsOf('rescue-queued-jobs.yml', {})).toEqual({});
  });
});
