import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkKind } from './check-kind.ts';

/** Makes a program that prints a version. */
function program(path: string, text: string): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho ${text}\n`);
  chmodSync(path, 0o755);
}

/** Makes a folder for PATH, with these versions of Go, and a tool cache with others. */
function machineWith(onPath: readonly string[], cached: readonly string[]) {
  const root = mkdtempSync(join(tmpdir(), 'several-'));
  const folders = onPath.map((version, index) => {
    program(join(root, `${index}`, 'go'), `go version go${version} linux/amd64`);
    return join(root, `${index}`);
  });
  for (const version of cached)
    program(join(root, 'cache/go', version, 'x64/bin/go'), `go version go${version} linux/amd64`);
  return { PATH: [...folders, join(root, 'nothing')].join(':'), RUNNER_TOOL_CACHE: join(root, 'cache') };
}

describe('a list of versions', () => {
  it.each([
    ['a list of one', ['1.22'], 'pass'],
    ['any-of with one', { 'any-of': ['1.22'] }, 'pass'],
    ['a list of one in a map', { version: ['1.22'] }, 'pass'],
    ['a list of two', ['1.22', '1.24'], 'pass'],
    ['a list with one that is nowhere', ['1.20'], 'fail'],
    ['a single range, which is about the first copy on PATH', '1.22', 'fail'],
  ])('counts copies beside the first one on PATH: %s', async (_, go, status) => {
    expect(await checkKind('tools', { go }, machineWith(['1.24.1'], ['1.22.3']))).toMatchObject({ status });
    expect(await checkKind('tools', { go }, machineWith(['1.24.1', '1.22.3'], []))).toMatchObject({ status });
  });

  it.each([
    ['a list', ['1.22', '1.24'], 'pass', '1.22.3, 1.24.1'],
    ['any-of', { 'any-of': ['1.20', '1.24'] }, 'pass', '1.22.3, 1.24.1'],
    ['a list with one that is nowhere', ['1.20'], 'fail', '1.22.3, 1.24.1'],
  ])('counts copies in the tool cache if nothing is on PATH: %s', async (_, go, status, found) => {
    const finding = await checkKind('tools', { go }, machineWith([], ['1.22.3', '1.24.1']));
    expect(finding).toMatchObject({ status });
    expect(finding.found.split(', ').sort().join(', ')).toBe(found);
  });

  it('says where was looked if there is no copy at all', async () => {
    expect(await checkKind('tools', { go: ['1.22'] }, machineWith([], []))).toMatchObject({
      status: 'fail',
      found: expect.stringContaining('nothing on PATH') as unknown,
    });
  });
});
