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
  });

  it("runs no command of the manifest in a stranger's job, even if it is allowed", async () => {
    vi.stubEnv('GITHUB_EVENT_NAME', 'issue_comment');
    const { code, lines } = await check(own, {}, '--machine', '--allow-commands');
    expect([code, lines.at(0)]).toEqual([3, expect.stringContaining('It never runs for an untrusted event')]);
  });
});
