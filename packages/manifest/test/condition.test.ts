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
    { os: 'Linux', arch: 'X64' },
    "os == 'LINUX' && arch == X64 && os != 'macOS'",
    { distribution: ['Fedora', 'Ubuntu'] },
    'distribution == Debian',
  ])('%j holds', async (written) => expect(whyNot(await conditionOf(written), facts)).toBeUndefined());

  it.each([
    ["os == 'macos'", 'os is linux; it applies when'],
    ["os == 'macos' || hosted", 'os is linux, hosted is false'],
    ["env.TOKEN == 'x'", 'env.TOKEN has another value'],
    [{ os: 'linux', hosted: true }, 'hosted is false'],
    ["distribution == 'fedora'", 'distribution is ubuntu, debian'],
    ["os != 'Linux'", "os is linux; it applies when os != 'Linux'"],
    [{ job: 'Build' }, 'job is build'],
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
    { os: [] },
  ])('%j is refused with the names that it may use', async (written) =>
    expect(conditionOf(written)).rejects.toThrow(/main\.yml:1:\d+: .*os, arch, distribution/),
  );

  const arch = 'expected x64 (x86_64), arm64 (aarch64), arm or ia32';
  it.each([
    ['{ os: ubuntu }', "main.yml:4:17: when.os: found 'ubuntu', expected linux, macos or windows; "],
    ['{ os: ubuntu }', 'a distribution is `distribution: ubuntu`.'],
    ['{ os: Fedora-40 }', 'a distribution is `distribution: fedora`.'],
    ['{ os: [linux, Debian] }', "main.yml:4:25: when.os[1]: found 'Debian'"],
    ['{ os: darwin }', 'windows; darwin is `macos`.'],
    ['{ os: win32 }', 'windows; win32 is `windows`.'],
    ['{ arch: amd64 }', `main.yml:4:19: when.arch: found 'amd64', ${arch}; amd64 is \`x64\`.`],
    ['{ arch: darwin }', `found 'darwin', ${arch}.`],
    ['{ arch: 386 }', '386 is `ia32`.'],
    ['{ hosted: yes }', "main.yml:4:21: when.hosted: found 'yes', expected true or false."],
    ['{ self-hosted: 1 }', "when.self-hosted: found '1', expected true or false."],
    ['{ distribution: Ubuntu 22.04 }', 'expected the ID of a distribution'],
    ["os == 'ubuntu'", "main.yml:4:11: when: found 'ubuntu', expected linux, macos or windows; "],
    ["os == 'ubuntu'", "a distribution is `distribution == 'ubuntu'`."],
    ['hosted || arch != aarch64', `when: found 'aarch64', ${arch}; aarch64 is \`arm64\`.`],
    ['os == mac && arch == amd64', "when: found 'amd64'"],
    ['container == no', "when: found 'no', expected true or false."],
    ["distribution == ''", 'expected the ID of a distribution'],
  ])('%s has a value that no machine has, and is refused with the right one', async (written, message) => {
    const ofTool = load(`version: 1\ntools:\n  git:\n    when: ${written}\n`);
    await expect(ofTool).rejects.toThrow(
      message.replace(/(?:^|: )when/, (start) => start.replace('when', 'tools.git.when')),
    );
  });

  it('refuses such a value for a whole file too', async () => {
    const ofFile = load('version: 1\nwhen:\n  arch: amd64\ntools: { git: latest }\n');
    await expect(ofFile).rejects.toThrow("main.yml:3:9: when.arch: found 'amd64'");
  });

  it('reads a long text in linear time', () => {
    expect(parseCondition('&&'.repeat(400_000))).toBeUndefined();
  });
});
