import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { versionsFromFiles } from '../../src/tools/tool-files-io.ts';

it('reads the files that match, and none in a hidden folder, such as one that an installation left', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tool-'));
  for (const name of ['bin', 'releases/26', 'releases/.27'])
    mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'bin/erl'), '');
  writeFileSync(join(folder, 'releases/26/OTP_VERSION'), '26.2.1\n');
  writeFileSync(join(folder, 'releases/.27/OTP_VERSION'), '27.0\n');
  const entry = {
    names: ['erl'],
    list: true,
    files: [{ path: '../releases/*/OTP_VERSION', content: /^(\d\S*)/ }],
  };
  expect(await versionsFromFiles(join(folder, 'bin/erl'), entry as never)).toEqual(['26.2.1']);
});
