import { describe, expect, it } from 'vitest';
import { type Facts, parseCondition, whyNot } from '../src/condition.ts';
import { load } from './load-text.ts';

const facts: Facts = {
  ...{ os: 'linux', arch: 'x64', distribution: ['ubuntu', 'debian'], hosted: false, container: true },
  ...{ event: 'push', workflow: 'CI', job: 'build', runner: 'proxmox-1' },
  environment: { CI: 'true', TOKEN: 'secret-value' },
};

async function conditionOf(written: unknown) {
  const { requirements } = await load(
    JSON.stringify({ version: 1, tools: { git: { version: 'latest', when: written } } }),
  );
  const [condition] = requirements[0]?.when ?? [];
  if (condition === undefined) throw new Error('no condition');
  return condition;
}

describe('when', () => {
  it.each([
    "os == 'linux'",
    'os == linux',
    "os != 'windows' && arch == 'x64'",
    "os == 'macos' || distribution == 'debian'",
    'self-hosted',
    '!hosted && container',
    "env.CI == 'true'",
    "env.NONE == ''",
    'hosted == false',
    { os: 'linux' },
    { os: ['macos', 'linux'], 'self-hosted': true },
    { job: ['build', 'test'], event: 'push' },
    { 'env.CI': true },
  ])('%j holds', async (written) => expect(whyNot(await conditionOf(written), facts)).toBeUndefined());

  it.each([
    ["os == 'macos'", 'os is linux; it applies when'],
    ["os == 'macos' || hosted", 'os is linux, hosted is false'],
    ["env.TOKEN == 'x'", 'env.TOKEN has another value'],
    [{ os: 'linux', hosted: true }, 'hosted is false'],
    ["distribution == 'fedora'", 'distribution is ubuntu, debian'],
  ])('%j does not hold, and the reason says what is there', async (written, why) => {
    const reason = whyNot(await conditionOf(written), facts) ?? '';
    expect(reason).toContain(why);
    expect(reason).not.toContain('secret-value');
  });

  it.each([
    '',
    'os',
    'os = linux',
    'hosts',
    "os == 'linux' &&",
    'os == ',
    '$(id)',
    {},
    { system: 'linux' },
    { hosted: 'yes' },
  ])('%j is refused with the names that it may use', async (written) =>
    expect(conditionOf(written)).rejects.toThrow(/main\.yml:1:\d+: .*os, arch, distribution/),
  );

  it('reads a long text in linear time', () => {
    expect(parseCondition('&&'.repeat(400_000))).toBeUndefined();
  });
});
