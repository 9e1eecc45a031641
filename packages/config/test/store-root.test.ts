import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { chooseStoreRoot, defaultStoreRoot, type GivenRoots } from '../src/store-root.ts';

const given = { input: '/i', variable: '/v', policy: '/p', configuration: '/c' };

describe('the root of the cache store', () => {
  it.each<[GivenRoots, ReturnType<typeof chooseStoreRoot>]>([
    [given, { root: '/i', rootFrom: 'input' }],
    [
      { ...given, input: undefined },
      { root: '/v', rootFrom: 'machine' },
    ],
    [
      { ...given, input: undefined, variable: '' },
      { root: '/p', rootFrom: 'machine' },
    ],
    [
      { variable: undefined, policy: undefined, configuration: '/c' },
      { root: '/c', rootFrom: 'configuration' },
    ],
    [
      { variable: '', policy: undefined, configuration: undefined },
      { root: undefined, rootFrom: undefined },
    ],
  ])('is the first of input, variable, policy and configuration: %j', (roots, expected) => {
    expect(chooseStoreRoot(roots)).toEqual(expected);
  });

  it('is a folder in the work folder otherwise', () => {
    const work = join(mkdtempSync(join(tmpdir(), 'root-')), '_work');
    expect(defaultStoreRoot(work)).toBe(join(work, '_runner-actions-cache'));
  });
});
