import { createHash } from 'node:crypto';
import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkVariable } from '../src/environment.ts';
import { checkFile } from '../src/files-io.ts';
import { expandPath } from '../src/paths.ts';

const folder = mkdtempSync(join(tmpdir(), 'files-'));
const model = join(folder, 'model');
writeFileSync(model, 'content');
writeFileSync(join(folder, 'pointer'), 'version https://git-lfs.github.com/spec/v1\noid sha256:1\n');
symlinkSync(join(folder, 'nowhere'), join(folder, 'link'));
const sha256 = createHash('sha256').update('content').digest('hex');
const { signal } = new AbortController();

describe('files', () => {
  it.each([
    ['model', { size: 7, sha256 }, 'pass', /sha256/],
    ['none', {}, 'fail', /^missing$/],
    ['.', {}, 'fail', /a directory/],
    ['link', {}, 'fail', /a link to nothing/],
    ['model', { size: 8 }, 'fail', /7 bytes/],
    ['model', { sha256: '0'.repeat(64) }, 'fail', /sha256/],
    ['pointer', { size: 9 }, 'fail', /LFS pointer/],
  ])('%s %j: %s', async (name, spec, status, found) => {
    const finding = await checkFile(join(folder, name), { path: name, ...spec }, signal);
    expect(finding.status).toBe(status);
    expect(finding.found).toMatch(found);
  });
});

describe('variables', () => {
  it.each([
    [{ set: true }, undefined, 'fail', 'unset'],
    [{ set: true }, '', 'fail', 'empty'],
    [{ equals: 'a' }, 'b', 'fail', 'b'],
    [{ equals: 'a', secret: true }, 'hidden', 'fail', 'a value'],
    [{ matches: '^h' }, 'hidden', 'pass', 'hidden'],
    [{ set: true }, 'forgotten', 'pass', 'set'],
    [{ is: 'directory' as const }, folder, 'pass', `${folder} (directory)`],
  ])('%j of %s: %s', async (spec, value, status, found) =>
    expect(await checkVariable('NAME', spec, value)).toMatchObject({ status, found }),
  );
});

describe('paths', () => {
  it('takes variables', () => expect(expandPath('$A/${B}C', { A: '/a', B: 'b' })).toBe('/a/bC'));
  it.each(['$NONE/x', '${EMPTY}/x'])('%s is not guessed', (path) =>
    expect(() => expandPath(path, { EMPTY: '' })).toThrow(/not set/),
  );
});
