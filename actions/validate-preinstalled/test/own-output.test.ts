import { startDeadline } from '@runner-actions/core';
import { describe, expect, it } from 'vitest';
import { readOwnOutput } from '../src/tools/own-output.ts';
import { requirementsOf } from './kinds/check-kind.ts';

async function read(stdout: string, tool: object = {}, program = 'flash-tool', truncated = false) {
  const part = { flash: { command: [program], version: '>=1', scheme: 'plain', ...tool } };
  const [requirement] = await requirementsOf('tools', part);
  if (requirement?.kind !== 'tool') throw new Error('no tool');
  return readOwnOutput(
    requirement,
    program,
    { code: 0, stdout, stderr: '', truncated },
    startDeadline(60_000),
  );
}

describe('the output of a command of the manifest', () => {
  it.each([
    ['the only version', 'version 2.1.0\n', { version: '2.1.0' }],
    ['the version of the tool, not of what it uses', 'libusb 1.0.26\nflash 2.1.0\n', { version: '2.1.0' }],
    ['the version behind the name of the program', 'zlib 1.3.1\nflash-tool 2.1.0\n', { version: '2.1.0' }],
  ])('tells %s', async (_, stdout, version) => expect(await read(stdout)).toEqual(version));

  it.each([
    ['two versions that would do', 'built with 3.0.1, speaks 1.1.0\n', 'two versions, 3.0.1 and 1.1.0'],
    ['no version', 'ready\n', 'no version in its output'],
  ])('tells nothing with %s', async (_, stdout, why) => {
    const answer = await read(stdout);
    expect(answer).toEqual({ unknown: expect.stringContaining(why) as unknown });
    expect(answer).toEqual({ unknown: expect.stringContaining("state with 'match'") as unknown });
  });

  it('counts only by the pattern of the manifest, if it has one', async () => {
    const match = 'speaks (\\S+)';
    expect(await read('built with 3.0.1, speaks 1.1.0\n', { match })).toEqual({ version: '1.1.0' });
    const unknown = "nothing in its output that fits 'match'";
    expect(await read('flash 2.1.0\n', { match })).toEqual({ unknown });
  });

  it('does not count the version of an interpreter', async () => {
    const stdout = 'Python 3.11.2 is used\nflash 2.1.0\n';
    expect(await read(stdout, {}, '/usr/bin/python3')).toEqual({ version: '2.1.0' });
  });

  it('tells nothing if it was cut off, since another version may follow', async () => {
    expect(await read('flash 2.1.0\n', {}, undefined, true)).toEqual({ unknown: 'more output than 64 KiB' });
  });
});
