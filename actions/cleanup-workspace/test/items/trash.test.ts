import { describe, expect, it } from 'vitest';
import type { Image } from '@runner-actions/host';
import {
  chooseImages,
  goPlatform,
  isLeftOver,
  type Means,
  ownerLabel,
  planFolder,
  readExitCode,
  trashLabel,
} from '../../src/items/trash.ts';
import type { TrashFolder } from '../../src/trash-survey.ts';

const folder: TrashFolder = { name: 'n', own: false, identity: '1:2', moves: ['1'], blocked: 2 };
const container: Means = { by: 'container', engine: '/e', image: 'sha256:1', name: 'alpine:3' };

describe('the plan of a folder in the trash', () => {
  it('names the means in their order', () => {
    const why = '2 folders of other users; by a container of alpine:3, or else by sudo';
    expect(planFolder(folder, [container, { by: 'sudo' }])).toMatchObject({ action: 'remove', why });
  });

  it.each<[string, Partial<TrashFolder>, Means[], RegExp]>([
    ['something in it is protected', { stays: "the machine's policy protects it" }, [container], /policy/],
    ['nothing in it belongs to another user', { blocked: 0 }, [container], /nothing in it/],
    ['nothing has the right', {}, [], /^2 folders of other users; neither/],
  ])('keeps it if %s', (_what, more, means, why) => {
    const step = planFolder({ ...folder, ...more }, means);
    expect(step).toEqual({ action: 'keep', what: '.trash/n', why: expect.stringMatching(why) as string });
  });
});

describe('the choice of images', () => {
  const image = (name: string, bytes: number, program = '', platform = 'linux/amd64') => {
    const tags = name === '' ? [] : [name];
    const described: Image = { id: `sha256:${name}`, tags, digests: [], created: 1, bytes };
    return { image: described, kind: { program, platform } };
  };
  const choose = (...images: ReturnType<typeof image>[]) =>
    chooseImages(images, 'linux/amd64').map(({ name }) => name);

  it('prefers those that start a shell, then small ones, and takes three', () => {
    const images = [
      ...[image('debian', 90, 'bash'), image('tiny', 1, '/hello'), image('alpine', 8, '/bin/sh')],
      ...[image('app', 50, '/app/shell'), image('tool', 20)],
    ];
    expect(choose(...images)).toEqual(['alpine', 'debian', 'tiny']);
    expect(choose(...images.reverse())).toEqual(['alpine', 'debian', 'tiny']);
  });

  it('takes none without a name or for another platform', () => {
    expect(choose(image('', 1, 'sh'), image('arm', 1, 'sh', 'linux/arm64'))).toEqual([]);
    expect([goPlatform('linux', 'x64'), goPlatform('linux', 'arm64')]).toEqual([
      'linux/amd64',
      'linux/arm64',
    ]);
  });
});

describe('a container that a clean-up left behind', () => {
  const now = Date.parse('2026-11-27T10:00:00Z');
  const labels = (owner: string, work = '/r/_work') => ({ [trashLabel]: work, [ownerLabel]: owner });
  // The process of another machine is not visible here.
  const elsewhere = '12_34_0-a_56_another-machine';
  const cases: [string, Record<string, string>, number | undefined, boolean][] = [
    ['of this work folder, after an hour', labels(elsewhere), now - 3_600_001, true],
    ['whose process may be alive', labels(elsewhere), now - 3_600_000, false],
    ['of another work folder', labels(elsewhere, '/r2/_work'), 1, false],
    ['at an unknown time', labels(elsewhere), undefined, false],
    ['without a process', labels(''), 1, false],
    ['without labels', {}, 1, false],
  ];
  it.each(cases)('%s', (_what, own, created, expected) => {
    expect(isLeftOver({ labels: own, created }, { work: '/r/_work', now })).toBe(expected);
  });
});

it('takes an exit code that the script does not give for one of rm', () => {
  expect([0, 1, 81, 82, 83, 126, 127, 137].map(readExitCode)).toEqual([
    ...['removed', 'not all', 'another folder', 'mounts', 'no GNU rm', 'no program', 'no program', 'not all'],
  ]);
});
