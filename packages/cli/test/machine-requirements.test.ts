import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJob, startDeadline, type Step, UserError } from '@runner-actions/core';
import { describe, expect, it } from 'vitest';
import { checkMachineRequirements } from '../src/machine-requirements.ts';

const write = (text: string): string => {
  const path = join(mkdtempSync(join(tmpdir(), 'machine-')), 'requirements.yml');
  writeFileSync(path, `version: 1\n${text}\n`);
  return path;
};

/** Checks against a manifest, and returns what the hook tells and how it ends. */
async function check(
  manifest: string,
  deadline = startDeadline(60_000),
  onUnmet: 'warn' | 'fail' = 'fail',
  look?: Parameters<typeof checkMachineRequirements>[3],
) {
  const told: string[] = [];
  const step = {
    job: readJob({ RUNNER_TEMP: tmpdir(), SET: 'x' }),
    annotate: (level: string, message: string) => told.push(`${level}: ${message}`),
    log: { group: (title: string) => told.push(title) },
  } as unknown as Step;
  const hooks = { manifest, 'on-unmet': onUnmet };
  const ended = await checkMachineRequirements(step, hooks, deadline, look).catch((error: unknown) => error);
  return { told: told.join('\n'), ended };
}

describe('the check of a machine before a job', () => {
  it.each([
    ['is missing', () => '/nowhere/requirements.yml', 'ENOENT'],
    ['has mistakes', () => write('tools: 5'), 'it has mistakes: requirements.yml:2:'],
    ['extends one of a repository', () => write('extends: a/b:c.yml@v1'), 'extends only files beside it'],
    ['has a command of its own', () => write('tools: { x: { command: [x] } }'), 'A hook runs no command'],
  ])('never fails the job because the manifest %s', async (_, manifest, why) => {
    const { told, ended } = await check(manifest());
    expect(ended).toBeUndefined();
    expect(told).toContain('warning: ');
    expect(told).toContain(why);
    expect(told).not.toContain('error: ');
  });

  it('never fails the job because there is no time left', async () => {
    const controller = new AbortController();
    controller.abort();
    const late = { ...startDeadline(60_000), signal: controller.signal };
    const { told, ended } = await check(write('env: { UNSET: { set: true } }'), late);
    expect([told, ended]).toEqual([expect.stringContaining('there was no time left'), undefined]);
  });

  it('does not wait for a probe that never ends, as on a dead mount', async () => {
    const controller = new AbortController();
    const deadline = { ...startDeadline(60_000), signal: controller.signal };
    // The time is up while the probe hangs.
    const hanging = () => new Promise<never>(() => controller.abort());
    const { told, ended } = await check(write('env: { UNSET: { set: true } }'), deadline, 'fail', hanging);
    expect([told, ended]).toEqual([expect.stringContaining('there was no time left'), undefined]);
  });

  it('follows the link of the owner, and fails the job for what is not met only if it shall', async () => {
    const link = join(mkdtempSync(join(tmpdir(), 'link-')), 'link.yml');
    symlinkSync(write('env: { UNSET: { set: true }, SET: { set: true } }'), link);
    const failed = await check(link);
    expect(failed.ended).toBeInstanceOf(UserError);
    expect(failed.ended).toMatchObject({
      strict: true,
      message: expect.stringContaining('1 of 2') as unknown,
    });
    expect(failed.told).toMatch(/^error: env UNSET: .*\n.*1 met, 1 not met, 0 unknown$/);
    const warned = await check(link, undefined, 'warn');
    expect([warned.ended, warned.told.startsWith('warning: env UNSET')]).toEqual([undefined, true]);
    const lenient = await check(write('env: { UNSET: { set: true, severity: warn } }'));
    expect(lenient.ended).toBeUndefined();
  });

  it('has at most ten annotations', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `U${index}: { set: true }`).join(', ');
    const { told } = await check(write(`env: { ${names} }`));
    expect(told.split('\n').filter((line) => /^(?:error|warning): /.test(line))).toHaveLength(10);
    expect(told).toContain('21 more requirements are in the log');
  });
});
