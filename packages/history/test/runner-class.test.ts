import { describe, expect, it } from 'vitest';
import { runnerClass } from '../src/runner-class.ts';
import { pastJob } from './past-job.ts';

const of = (labels: string[], runnerGroup: string | undefined = 'Default') =>
  runnerClass({ labels, runnerGroup });

describe('runnerClass', () => {
  it.each([
    ['the label of a hosted runner', ['ubuntu-24.04'], 'GitHub Actions', 'ubuntu-24.04'],
    ['the label of a larger hosted runner', ['ubuntu-8-cores'], 'Default Larger Runners', 'ubuntu-8-cores'],
    ['the own labels, sorted', ['self-hosted', 'Linux', 'X64', 'gpu', 'big'], 'Default', 'big,gpu'],
    ['the own labels, whatever their case and order', ['BIG', 'gpu', 'self-hosted', 'big'], 'x', 'big,gpu'],
    ['the name of a scale set', ['arc-large'], 'arc', 'arc-large'],
    ['system and processor without own labels', ['self-hosted', 'Linux', 'X64'], 'Default', 'linux,x64'],
    ['self-hosted without other labels', ['self-hosted'], 'Default', 'self-hosted'],
    ['the group without labels', [], 'Build', 'group build'],
  ])('is %s', (_case, labels, group, expected) => expect(of(labels, group)).toBe(expected));

  it('is unknown without labels and group', () => {
    expect(runnerClass({ labels: [], runnerGroup: undefined })).toBe('unknown');
  });

  it('is not the class of a hosted runner for an own machine that bears its label', () => {
    expect(of(['ubuntu-latest'])).not.toBe(of(['ubuntu-latest'], 'GitHub Actions'));
  });

  it('does not depend on the name of the runner, which serves one job only', () => {
    const [one, other] = [pastJob(1, { runnerName: 'pod-a1' }), pastJob(2, { runnerName: 'pod-b2' })];
    expect(runnerClass(one)).toBe(runnerClass(other));
  });
});
