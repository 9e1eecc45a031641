import { describe, expect, it } from 'vitest';
import { outputsOf } from '../act/scenes.ts';

describe('outputsOf', () => {
  const read = (outputs: object) => outputsOf('rescue-queued-jobs.yml', { outputs: JSON.stringify(outputs) });

  it('reads an empty output and one that was left out as the same', () => {
    expect(read({ considered: '1', rescued: '' })).toEqual({ considered: '1', rescued: '' });
    expect(read({ considered: '1' })).toEqual({ considered: '1', rescued: '' });
  });

  it('hides no output that is not declared', () => {
    expect(read({ other: '1' })).toEqual({ considered: '', rescued: '', other: '1' });
  });

  it('makes up none where nothing was written down', () => {
    expect(outputsOf('rescue-queued-jobs.yml', {})).toEqual({});
  });
});
