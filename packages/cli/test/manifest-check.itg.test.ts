import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Log } from '@runner-actions/core';
import { command } from '../src/manifest/check.ts';

const silent: Log = { info: () => undefined, debug: () => undefined, group: () => undefined };

afterEach(() => vi.unstubAllEnvs());

/** Runs the command on a manifest in a folder of its own, with the version files beside it. */
async function check(manifest: string, files: Record<string, string>, ...options: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'manifest-'));
  for (const [name, text] of Object.entries({ ...files, 'manifest.yml': manifest }))
    writeFileSync(join(folder, name), text);
  vi.stubEnv('INIT_CWD', folder);
  return command(['manifest.yml', ...options], silent);
}

describe('manifest check', () => {
  it('says what it does not read in a version file', async () => {
    const { code, lines } = await check('version: 1\nfrom: .nvmrc\n', { '.nvmrc': 'lts/*\n' });
    expect(code).toBe(0);
    expect(lines[0]).toContain(".nvmrc:1:1: 'node lts/*' is not checked");
  });

  const own = `version: 1\ntools: { own: { command: ["${process.execPath}", --version], version: '>=20' } }\n`;

  it('runs a command of the manifest where the user allows it outside of a job', async () => {
    vi.stubEnv('GITHUB_EVENT_NAME', '');
    const { code, lines } = await check(own, {}, '--machine', '--allow-commands');
    expect([code, lines.at(0)]).toEqual([0, expect.stringContaining('pass  tool own')]);
  });

  it('runs no command of the manifest unless the user allows it', async () => {
    vi.stubEnv('GITHUB_EVENT_NAME', '');
    const { code, lines } = await check(own, {}, '--machine');
    expect([code, lines.at(0)]).toEqual([3, expect.stringContaining('which was not run')]);
    expect(lines.at(0)).toContain('Give the option --allow-commands, if you trust');
  });

  it('shows what is not met after what is, errors before failures, and counts them at the end', async () => {
    vi.stubEnv('GITHUB_EVENT_NAME', '');
    const more = `files:
  - { path: /nowhere }
  - { path: / , type: directory }
env:
  UNSET_A: { set: true, severity: warn }
  UNSET_B: { set: true, when: os == 'windows' }
`;
    const { code, lines } = await check(own + more, {}, '--machine');
    expect(lines.map((line) => line.split(' ', 1)[0])).toEqual([
      ...['skip', 'pass', 'warn', 'error', 'fail', 'manifest.yml:'],
    ]);
    expect([code, lines.at(-1)]).toEqual([
      ...[1, 'manifest.yml: fail. 4 checked: 1 pass, 1 warn, 1 fail, 1 error; 1 skipped'],
    ]);
  });

  it('says which path is the default and how to make a manifest, if there is none', async () => {
    vi.stubEnv('INIT_CWD', mkdtempSync(join(tmpdir(), 'manifest-')));
    await expect(command([], silent)).rejects.toMatchObject({
      code: 3,
      message: expect.stringMatching(
        /runner-requirements\.yml could not be read.*It is the default.*manifest snapshot .*--out \.github/,
      ) as unknown,
    });
    await expect(command(['other.yml'], silent)).rejects.toThrow("--out other.yml' writes one");
  });

  it("runs no command of the manifest in a stranger's job, even if it is allowed", async () => {
    vi.stubEnv('GITHUB_EVENT_NAME', 'issue_comment');
    const { code, lines } = await check(own, {}, '--machine', '--allow-commands');
    expect([code, lines.at(0)]).toEqual([3, expect.stringContaining('It never runs for an untrusted event')]);
  });
});
