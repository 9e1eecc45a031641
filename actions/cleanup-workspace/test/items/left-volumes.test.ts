import { chownSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDeadline } from '@runner-actions/core';
import { describe, expect, it } from 'vitest';
import type { ContainerStep } from '../../src/items/container-removal.ts';
import { nextNotes, parseNotes, planLeftVolumes, volumeNotes } from '../../src/items/left-volumes.ts';
import { container, id } from './facts.ts';

const note = (number: number, more: object = {}) => ({
  ...{ engine: 'e', container: id(number), name: id(number + 100), ...more },
});
const path = (root: string) => join(root, '.runner-actions-volumes.json');

describe('the notes of volumes', () => {
  it('outlive the job, and are bounded', () => {
    const root = mkdtempSync(join(tmpdir(), 'notes-'));
    expect(volumeNotes(root).read()).toEqual([]);
    volumeNotes(root).write(Array.from({ length: 101 }, (_, number) => note(number)));
    expect(volumeNotes(root).read()).toEqual(Array.from({ length: 100 }, (_, number) => note(number + 1)));
  });

  it('are none if the runner is not known, and stay if they cannot be written', () => {
    volumeNotes(undefined).write([note(1)]);
    expect(volumeNotes(undefined).read()).toEqual([]);
    volumeNotes('/nowhere').write([note(1)]);
  });

  it.runIf(process.getuid?.() === 0)('are not written by root in the folder of another user', () => {
    const root = mkdtempSync(join(tmpdir(), 'notes-'));
    chownSync(root, 65534, 65534);
    volumeNotes(root).write([note(1)]);
    expect(readdirSync(root)).toEqual([]);
  });

  it('count only as a file of this user, and without what is no note', () => {
    const [root, other] = [mkdtempSync(join(tmpdir(), 'notes-')), mkdtempSync(join(tmpdir(), 'notes-'))];
    volumeNotes(other).write([note(1)]);
    symlinkSync(path(other), path(root));
    expect(volumeNotes(root).read()).toEqual([]);
    volumeNotes(root).write([note(2)]);
    expect(readFileSync(path(other), 'utf8')).toContain(id(101));
    expect(volumeNotes(root).read()).toEqual([note(2)]);
    writeFileSync(path(root), ' '.repeat(70_000) + JSON.stringify([note(1)]));
    expect(volumeNotes(root).read()).toEqual([]);
    const wrong = [null, 5, note(1, { name: '../x' }), note(1, { container: 'x' }), note(1, { engine: 5 })];
    expect(parseNotes(JSON.stringify([...wrong, note(3)]))).toEqual([note(3)]);
    expect([parseNotes('{'), parseNotes('{}')]).toEqual([[], []]);
  });

  it('lead to a removal only if the engine says that nobody uses or has named the volume', async () => {
    const volume = (number: number, labelled = false) => ({ name: id(number), created: 1, labelled });
    const items = [volume(101), volume(102), volume(104, true), volume(105), volume(200)];
    const engine = {
      ...{ socket: '/s', identity: 'e' },
      listDanglingVolumes: () => Promise.resolve({ items, complete: true }),
    };
    const notes = [note(1), note(2), note(3), note(4), note(5, { engine: 'other' })];
    const steps = await planLeftVolumes(
      engine as never,
      notes,
      [container({ id: id(2) })],
      startDeadline(60_000),
    );
    expect(steps).toMatchObject([{ action: 'remove', kind: 'volume', id: id(101) }]);
  });

  it('lose what is gone, and get what this job leaves', () => {
    const steps = [{ leaves: [note(2), note(3)] }, {}] as ContainerStep[];
    expect(nextNotes([note(1), note(2), note(4)], steps, new Set([note(1).name]))).toEqual([
      ...[note(4), note(2), note(3)],
    ]);
  });
});
