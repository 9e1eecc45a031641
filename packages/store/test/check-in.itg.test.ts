import { mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkIn, pathFromText } from '../src/index.ts';
import { restoreEntry } from '../src/restore.ts';
import { get, leaseOf, listing, make, options, save } from './fixture.ts';

/**
 * Runs jobs one after another. Each gets the copy that the previous one returned. Also returns what a fresh copy looks
 * like.
 */
function jobs() {
  const { store, tree, target } = make();
  for (const folder of ['one', 'two', 'one/deep/deeper', 'ü']) {
    mkdirSync(join(tree, folder), { recursive: true });
    for (let index = 0; index < 5; index += 1)
      writeFileSync(join(tree, folder, `fü${index}`), `${folder} ${index}`);
  }
  save(store, 'k', tree);
  // A folder in which a file was added and removed keeps its new time.
  const list = (at: string) =>
    listing(at)
      .replaceAll(/^(d \d+) \d+/gm, '$1')
      .split('\n')
      .sort();
  const saved = list(tree);
  const job = (act: (at: string) => void) => {
    const taken = restoreEntry(store, get(store, 'k'), [pathFromText(target)], options());
    expect(list(target)).toEqual(saved);
    act(target);
    const { outcome, changed, added } = checkIn(store, leaseOf(taken), { keep: true, most: 1 });
    return [outcome, changed, added];
  };
  expect(job(() => undefined)).toEqual(['clean', 0, 0]);
  return { job, ready: () => readdirSync(join(get(store, 'k').folder, 'copies')).length };
}

const nothing = ['clean', 0, 0];

describe('checkIn', () => {
  it('lists every folder that has changed, at any depth', () => {
    const { job, ready } = jobs();
    expect(job((at) => writeFileSync(join(at, 'one/deep/deeper/new'), ''))).toEqual(['repaired', 0, 1]);
    expect(job((at) => mkdirSync(join(at, 'ü/new ü')))).toEqual(['repaired', 0, 1]);
    expect(job(() => undefined)).toEqual(nothing);
    expect(ready()).toBe(1);
  });

  it('lists a folder again that was repaired before', () => {
    const { job } = jobs();
    for (let round = 0; round < 3; round += 1) {
      expect(job((at) => rmSync(join(at, 'two/fü1')))).toEqual(['repaired', 1, 0]);
      expect(job((at) => writeFileSync(join(at, 'two/fü9'), ''))).toEqual(['repaired', 0, 1]);
      expect(job(() => undefined)).toEqual(nothing);
    }
  });

  it('reports a clean copy when a file was added and removed again', () => {
    const { job } = jobs();
    const comeAndGo = (at: string) => {
      writeFileSync(join(at, 'one/new'), '');
      rmSync(join(at, 'one/new'));
    };
    expect(job(comeAndGo)).toEqual(nothing);
    expect(job(comeAndGo)).toEqual(nothing);
    expect(job((at) => writeFileSync(join(at, 'one/new'), ''))).toEqual(['repaired', 0, 1]);
  });

  it('detects two folders that were swapped', () => {
    const { job } = jobs();
    const [outcome] = job((at) => {
      renameSync(join(at, 'one'), join(at, 'other'));
      renameSync(join(at, 'two'), join(at, 'one'));
      renameSync(join(at, 'other'), join(at, 'two'));
    });
    expect(outcome).toBe('dropped');
    expect(job(() => undefined)).toEqual(nothing);
    expect(
      job((at) => {
        renameSync(join(at, 'ü'), join(at, 'two', 'ü'));
        mkdirSync(join(at, 'ü'));
      }),
    ).toEqual(['repaired', 5, 1]);
    expect(job(() => undefined)).toEqual(nothing);
  });
});
