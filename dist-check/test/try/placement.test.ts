import { describe, expect, it } from 'vitest';
import { chooseCells, literalLabels, machineLabels, placeOf } from '../../try/placement.ts';
import { parseWorkflow } from '../../try/workflow.ts';

const world = {
  runners: [
    { labels: ['self-hosted', 'Linux'] },
    { labels: ['self-hosted', 'busy-one'], busy: true },
    { labels: ['self-hosted', 'mac'], online: false },
  ],
  hosted: ['big-hosted'],
};

describe('placeOf', () => {
  it.each([
    [['ubuntu-latest'], 'hosted', 'hosted ubuntu-latest'],
    [['big-hosted'], 'hosted', 'hosted big-hosted'],
    [['windows-latest'], 'foreign', 'hosted windows-latest'],
    [['self-hosted', 'linux'], 'runner', 'a free runner: self-hosted, linux'],
    [['self-hosted', 'busy-one'], 'runner', 'a runner once it is free: self-hosted, busy-one'],
    [['self-hosted', 'mac'], 'waits', 'all runners with these labels are offline: self-hosted, mac'],
    [['self-hosted', 'gpu'], 'waits', 'no runner has all of these labels: self-hosted, gpu'],
    [['linux', 'mac'], 'waits', 'no runner has all of these labels: linux, mac'],
    [['my-own'], 'waits', 'no runner has all of these labels: my-own'],
  ])('places a job with the labels %j', (labels, kind, where) => {
    expect(placeOf(labels, world, 'linux')).toEqual({ kind, where });
  });
});

describe('machineLabels', () => {
  it('has the labels of online and hosted runners only', () => {
    const labels = machineLabels(world, [], 'linux');
    expect(labels).toEqual(
      expect.arrayContaining(['self-hosted', 'Linux', 'busy-one', 'big-hosted', 'ubuntu-latest']),
    );
    expect(labels).not.toContain('mac');
    expect(labels).not.toContain('windows-latest');
  });
});

describe('literalLabels', () => {
  it('reads a label, a list and the labels of a group', () => {
    expect(literalLabels('a')).toEqual(['a']);
    expect(literalLabels(['a', 'b'])).toEqual(['a', 'b']);
    expect(literalLabels({ group: 'g', labels: 'a' })).toEqual(['a']);
  });

  it('does not guess the value of an expression', () => {
    expect(literalLabels('${{ inputs.on }}')).toBeUndefined();
    expect(literalLabels(['a', '${{ inputs.on }}'])).toBeUndefined();
    expect(literalLabels({ group: 'g' })).toBeUndefined();
  });
});

describe('chooseCells', () => {
  const choose = (job: string) =>
    chooseCells(
      parseWorkflow(`on: push\njobs:\n  a: ${job}\n  b: { strategy: { matrix: { os: [x] } } }`, 'ci.yml'),
      ['a', 'b'],
      world,
    );

  it('leaves out the cells that this machine cannot run, and keeps those of other jobs', () => {
    const { selected, leftOut, labels } = choose(
      "{ runs-on: '${{ matrix.os }}', strategy: { matrix: { os: [ubuntu-latest, windows-latest, [self-hosted, linux]] } } }",
    );
    expect(leftOut).toEqual([{ job: 'a', labels: ['windows-latest'] }]);
    expect(selected).toEqual(['os:ubuntu-latest', 'os:[self-hosted linux]', 'os:x']);
    expect(labels).toEqual(['ubuntu-latest', 'self-hosted', 'linux']);
  });

  it('selects nothing if all cells can run', () => {
    expect(
      choose("{ runs-on: '${{ matrix.os }}', strategy: { matrix: { os: [ubuntu-latest] } } }").selected,
    ).toEqual([]);
  });

  it('reads the entries of include', () => {
    const job =
      "{ runs-on: '${{ matrix.os }}', strategy: { matrix: { include: [{ os: windows-latest }, { os: ubuntu-latest }] } } }";
    expect(choose(job)).toMatchObject({
      leftOut: [{ job: 'a', labels: ['windows-latest'] }],
      selected: ['os:ubuntu-latest', 'os:x'],
    });
  });
});
