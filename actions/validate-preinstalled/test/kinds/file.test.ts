import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { startDeadline } from '@runner-actions/core';
import { kindOf } from '../../src/kinds/kinds.ts';
import { openMachine } from '../../src/machine-io.ts';
import { checkKind, jobWith, requirementsOf } from './check-kind.ts';

const folder = mkdtempSync(join(tmpdir(), 'files-'));
const model = join(folder, 'model');
writeFileSync(model, 'content');
writeFileSync(join(folder, 'pointer'), 'version https://git-lfs.github.com/spec/v1\noid sha256:1\n');
writeFileSync(join(folder, 'script'), '#!/bin/sh\n', { mode: 0o755 });
writeFileSync(join(folder, 'settings'), '# PermitRootLogin yes\n  vm.swappiness = 10  \nsecret-line\n');
chmodSync(join(folder, 'settings'), 0o640);
symlinkSync(join(folder, 'nowhere'), join(folder, 'link'));
symlinkSync(model, join(folder, 'good-link'));
symlinkSync('loop', join(folder, 'loop'));
mkdirSync(join(folder, 'tree/a/deep'), { recursive: true });
for (const name of ['tree/one.bin', 'tree/a/two.bin', 'tree/a/deep/three.bin', 'tree/.hidden.bin'])
  writeFileSync(join(folder, name), 'x');
const sha256 = createHash('sha256').update('content').digest('hex');
const check = (name: string, spec: object) => checkKind('files', [{ path: join(folder, name), ...spec }]);

describe('file', () => {
  it.each([
    ['model', { size: 7, sha256 }, 'pass', /sha256/],
    ['none', {}, 'fail', /^missing$/],
    ['.', {}, 'fail', /a directory/],
    ['link', {}, 'fail', /a broken symlink/],
    ['loop', {}, 'fail', /a broken symlink/],
    ['model', { size: 8 }, 'fail', /7 bytes/],
    ['model', { sha256: '0'.repeat(64) }, 'fail', /sha256/],
    ['pointer', { size: 9 }, 'fail', /LFS pointer/],
    ['tree', { type: 'directory' }, 'pass', /directory/],
    ['model', { type: 'directory' }, 'fail', /a file/],
    ['good-link', { type: 'symlink' }, 'pass', /file/],
    ['model', { type: 'symlink' }, 'fail', /a file/],
    ['script', { type: 'executable' }, 'pass', /file/],
    ['model', { type: 'executable' }, 'fail', /not executable/],
    ['model', { type: 'socket' }, 'fail', /a file/],
    ['script', { mode: '0755' }, 'pass', /file/],
    ['script', { mode: '0700' }, 'fail', /the mode 0755/],
    ['model', { owner: String(process.geteuid?.()) }, 'pass', /file/],
    ['model', { owner: '4242' }, 'fail', /^of /],
    ['model', { owner: 'no-such-user' }, 'fail', /no user/],
    ['model', { group: '4242' }, 'fail', /^of the group/],
    ['none', { absent: true }, 'pass', /nothing/],
    ['model', { absent: true }, 'fail', /a file/],
    ['link', { absent: true }, 'fail', /a broken link/],
  ])('checks %s with %j: %s', async (name, spec, status, found) => {
    const finding = await check(name, spec);
    expect(finding.status).toBe(status);
    expect(finding.found).toMatch(found);
  });

  it.each([
    [{ line: 'vm.swappiness = 10' }, 'pass'],
    [{ line: 'vm.swappiness' }, 'fail'],
    [{ line: '/^vm\\.swappiness\\s*=\\s*10$/' }, 'pass'],
    [{ line: '/^PermitRootLogin/' }, 'fail'],
    [{ contains: 'PermitRootLogin yes' }, 'pass'],
    [{ contains: '/swappiness = [2-9]/' }, 'fail'],
    [{ contains: '/^(s|e|c|r|t|-|l|i|n)*(se|[a-z-])*!$/' }, 'fail'],
  ])('compares lines with %j: %s, and never shows the file', async (spec, status) => {
    const finding = await check('settings', spec);
    expect(finding.status).toBe(status);
    expect(JSON.stringify(finding)).not.toContain('secret-line');
  });

  it('gives the six ways in which a file can be wrong a message each', async () => {
    const cases: [string, object][] = [
      ...(['none', '.', 'link'] as const).map((name): [string, object] => [name, {}]),
      ['model', { size: 8 }],
      ['model', { size: 7, sha256: '0'.repeat(64) }],
    ];
    const findings = await Promise.all(cases.map(([name, spec]) => check(name, spec)));
    expect(new Set(findings.map(({ found }) => found)).size).toBe(cases.length);
    expect(new Set(findings.map(({ advice }) => advice)).size).toBe(cases.length);
  });

  it.skipIf(!existsSync('/dev/null'))('checks a device, and what this user may do with it', async () => {
    const spec = { path: '/dev/null', type: 'device', access: ['read', 'write'] };
    expect(await checkKind('files', [spec])).toMatchObject({ status: 'pass' });
    expect(await checkKind('files', [{ ...spec, access: ['execute'] }])).toMatchObject({
      status: 'fail',
      found: expect.stringContaining('not executable'),
    });
    expect(await checkKind('files', [{ path: '/dev/null' }])).toMatchObject({
      status: 'fail',
      advice: "Set the path of a file, or state 'type: device'.",
    });
  });

  it.each([
    ['tree/*.bin', {}, 'pass', '1 matches'],
    ['tree/**/*.bin', { count: '3' }, 'pass', '3 matches'],
    ['tree/**/*.bin', { count: '>3' }, 'fail', '3 matches'],
    ['tree/*.so', {}, 'fail', '0 matches'],
    ['tree/*/t?o.bin', {}, 'pass', '1 matches'],
    ['tree/**/*.bin', { size: 2 }, 'fail', expect.stringMatching(/\.bin: 1 bytes$/)],
    ['tree/*.so', { absent: true }, 'pass', 'nothing'],
    ['tree/*.bin', { absent: true }, 'fail', expect.stringContaining('one.bin')],
  ])('finds %s with %j: %s', async (pattern, spec, status, found) =>
    expect(await check(pattern, spec)).toMatchObject({ status, found }),
  );

  it.each([
    [{ absent: true, size: 1 }, /'absent' with nothing but a path/],
    [{ type: 'directory', sha256 }, /a file, since/],
    [{ verify: 'cached' }, /'verify' together with 'sha256'/],
    [{ verify: 'size', sha256 }, /'verify: size' with a 'size'/],
    [{ mode: 'rw' }, /an octal mode/],
    [{ line: '/(/' }, /a text, or \/a regular expression\//],
    [{ sha256: '012345e6' }, /64 hexadecimal digits/],
    [{ owner: '-x' }, /the name or id of a user/],
  ])('refuses %j', async (spec, message) => {
    await expect(check('model', spec)).rejects.toThrow(message);
  });

  it('keeps the text of a mode that is not in quotes', async () => {
    const finding = await check('script', { mode: '0700' });
    expect(finding.wanted).toContain('0700');
    expect(finding.advice).toContain('chmod 0700');
  });
});

describe('verify: cached', () => {
  async function checkIn(work: string, path: string, digest: string) {
    const job = { ...jobWith({}), temp: join(work, '_temp'), workspace: join(work, 'app/app') };
    const [requirement] = await requirementsOf('files', [{ path, sha256: digest, verify: 'cached' }]);
    if (requirement === undefined) throw new Error('no requirement');
    return (await kindOf(requirement)).check(requirement, openMachine(job, startDeadline(60_000)));
  }
  const newWork = () => {
    const work = mkdtempSync(join(tmpdir(), 'work-'));
    mkdirSync(join(work, '_temp'));
    return work;
  };
  const digestsIn = (work: string) => join(work, '_runner-actions-checks/digests.json');
  /** A file that was not changed just now. */
  const old = process.execPath;
  const digest = createHash('sha256').update(readFileSync(old)).digest('hex');

  it('reads a file once for each state of it', async () => {
    const work = newWork();
    const first = await checkIn(work, old, digest);
    expect(first).toMatchObject({ status: 'pass', found: expect.not.stringContaining('earlier') });
    expect(await checkIn(work, old, digest)).toMatchObject({
      status: 'pass',
      found: expect.stringContaining('read by an earlier check'),
    });
    // The digest that is kept is compared, and not the wish.
    expect(await checkIn(work, old, '0'.repeat(64))).toMatchObject({
      status: 'fail',
      found: `sha256 ${digest}`,
    });
  });

  it('keeps nothing of a file that changed just now, and notices new content with old times', async () => {
    const work = newWork();
    const path = join(work, 'model');
    writeFileSync(path, 'one');
    utimesSync(path, 1, 1);
    const one = createHash('sha256').update('one').digest('hex');
    expect(await checkIn(work, path, one)).toMatchObject({ status: 'pass' });
    expect(existsSync(digestsIn(work))).toBe(false);
    writeFileSync(path, 'two');
    utimesSync(path, 1, 1);
    expect(await checkIn(work, path, one)).toMatchObject({ status: 'fail' });
  });

  it.each([
    ['a folder that others may write', (work: string) => chmodSync(join(digestsIn(work), '..'), 0o777)],
    ['a file that others may write', (work: string) => chmodSync(digestsIn(work), 0o666)],
    ['text that is no list', (work: string) => writeFileSync(digestsIn(work), '{')],
  ])('does not believe %s', async (_what, spoil) => {
    const work = newWork();
    await checkIn(work, old, digest);
    spoil(work);
    expect(await checkIn(work, old, digest)).toMatchObject({
      status: 'pass',
      found: expect.not.stringContaining('earlier'),
    });
  });
});
