import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ArchivePlace, stateOf } from '../../src/tools/archive-io.ts';
import { whyForeign, whyForeignBelow } from '../../src/tools/foreign-io.ts';

const notRoot = process.getuid?.() === 0 ? '' : ' (skipped: only root can give files away)';
/** A user and a group that nobody is in. */
const nobody = 65_534;
const sha256 = 'a'.repeat(64);

const closed = { owner: undefined, isShared: false };

/** A whole archive with a program in `usr/bin`, to which `bin` is a link. */
function place(): ArchivePlace {
  const root = mkdtempSync(join(tmpdir(), 'cache-'));
  const folder = join(root, 'x64');
  mkdirSync(join(folder, 'usr/bin'), { recursive: true });
  writeFileSync(join(folder, 'usr/bin/my-tool'), '', { mode: 0o755 });
  symlinkSync('usr/bin', join(folder, 'bin'));
  const mark = `${folder}.complete`;
  writeFileSync(mark, sha256);
  const archive = { url: 'https://host/a.tar', sha256, strip: 0, bin: ['bin'] };
  return { archive, root, folder, mark, bins: [join(folder, 'bin')] };
}

describe('the place of an archive', () => {
  it('is whole if all is of this user', async () => {
    expect(await stateOf(place())).toBe('whole');
  });

  it.each<[string, (one: ArchivePlace) => string]>([
    ['the folder', ({ folder }) => folder],
    ['the mark', ({ mark }) => mark],
    ['a folder for PATH', ({ folder }) => join(folder, 'usr/bin')],
    ['a folder on the way to one', ({ folder }) => join(folder, 'usr')],
  ])('is foreign if every user can write %s', async (_, pathIn) => {
    const one = place();
    const path = pathIn(one);
    chmodSync(path, 0o777);
    const broken = `${path} can be written by other users (mode 0777)`;
    expect(await stateOf(one)).toEqual({ broken, isForeign: true });
  });

  describe.skipIf(notRoot !== '')(`and another user${notRoot}`, () => {
    it.each<[string, (one: ArchivePlace) => string]>([
      ['the folder', ({ folder }) => folder],
      ['the mark', ({ mark }) => mark],
      ['a folder for PATH', ({ folder }) => join(folder, 'usr/bin')],
      ['a folder on the way to one', ({ folder }) => join(folder, 'usr')],
      ['a link to one', ({ folder }) => join(folder, 'bin')],
    ])('is foreign if %s is of another user', async (_, pathIn) => {
      const one = place();
      const path = pathIn(one);
      lchownSync(path, nobody, nobody);
      const broken = `${path} belongs to another user (${nobody})`;
      expect(await stateOf(one)).toEqual({ broken, isForeign: true });
    });

    it('is whole if all is of the owner of the tool cache, as for root in a job container', async () => {
      const one = place();
      for (const path of [
        one.root,
        one.folder,
        one.mark,
        join(one.folder, 'usr'),
        join(one.folder, 'usr/bin'),
      ])
        chownSync(path, nobody, nobody);
      expect(await stateOf(one)).toBe('whole');
    });

    it('is foreign in a tool cache that every user may write, if another user made it', async () => {
      const one = place();
      chmodSync(one.root, 0o777);
      chownSync(one.folder, nobody, nobody);
      expect(await stateOf(one)).toMatchObject({ isForeign: true });
    });

    it('is foreign without its mark', async () => {
      const one = { ...place(), mark: '/no/mark' };
      chownSync(one.folder, nobody, nobody);
      expect(await stateOf(one)).toMatchObject({ isForeign: true });
    });

    it('is foreign with a mark alone', async () => {
      const one = { ...place(), folder: '/no/folder' };
      chownSync(one.mark, nobody, nobody);
      expect(await stateOf(one)).toMatchObject({ isForeign: true });
    });

    it('is foreign if a group can write it that this user does not belong to', async () => {
      const { folder } = place();
      chownSync(folder, 0, nobody);
      chmodSync(folder, 0o775);
      expect(await whyForeign(folder, closed)).toContain(`by a group of other users (${nobody}, mode 0775)`);
    });
  });

  it('is not foreign if a group of this user can write it', async () => {
    const { folder } = place();
    chownSync(folder, -1, process.getegid?.() ?? -1);
    chmodSync(folder, 0o775);
    expect(await whyForeign(folder, closed)).toBeUndefined();
    expect(await whyForeignBelow(folder, ['bin'], closed)).toBeUndefined();
  });

  it('is whole with any mode in a tool cache that every user may write, as on images of GitHub', async () => {
    const one = place();
    for (const path of [one.root, one.folder, one.mark]) chmodSync(path, 0o777);
    expect(await stateOf(one)).toBe('whole');
  });

  it('is not foreign if nothing is there', async () => {
    expect(await whyForeign('/no/folder', closed)).toBeUndefined();
  });
});
