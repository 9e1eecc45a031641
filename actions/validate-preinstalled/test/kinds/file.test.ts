import { createHash } from 'node:crypto';
import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkKind } from './check-kind.ts';

const folder = mkdtempSync(join(tmpdir(), 'files-'));
const model = join(folder, 'model');
writeFileSync(model, 'content');
writeFileSync(join(folder, 'pointer'), 'version https://git-lfs.github.com/spec/v1\noid sha256:1\n');
symlinkSync(join(folder, 'nowhere'), join(folder, 'link'));
const sha256 = createHash('sha256').update('content').digest('hex');

describe('file', () => {
  it.each([
    ['model', { size: 7, sha256 }, 'pass', /sha256/],
    ['none', {}, 'fail', /^missing$/],
    ['.', {}, 'fail', /a directory/],
    ['link', {}, 'fail', /a broken symlink/],
    ['model', { size: 8 }, 'fail', /7 bytes/],
    ['model', { sha256: '0'.repeat(64) }, 'fail', /sha256/],
    ['pointer', { size: 9 }, 'fail', /LFS pointer/],
  ])('checks %s with %j: %s', async (name, spec, status, found) => {
    const finding = await checkKind('files', [{ path: join(folder, name), ...spec }]);
    expect(finding.status).toBe(status);
    expect(finding.found).toMatch(found);
  });
});
