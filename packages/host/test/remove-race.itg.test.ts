import type * as nodeFs from 'node:fs';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { emptyDirectory } from '../src/index.ts';

/** Actions of another process at the moment when a removal of this process is refused. */
const other = vi.hoisted(() => ({ actions: [] as (() => void)[] }));

vi.mock('node:fs', async (load) => {
  const fs = await load<typeof nodeFs>();
  const unlinkSync = (path: nodeFs.PathLike): void => {
    const act = other.actions.shift();
    if (act === undefined) return fs.unlinkSync(path);
    act();
    throw Object.assign(new Error('EACCES: permission denied, unlink'), { code: 'EACCES' });
  };
  return { ...fs, unlinkSync };
});

it('empties a directory that another clean-up makes writable at the same moment', () => {
  const target = mkdtempSync(join(tmpdir(), 'remove-'));
  const closed = join(target, 'closed');
  mkdirSync(closed);
  writeFileSync(join(closed, 'file'), '');
  chmodSync(closed, 0o555);
  other.actions.push(() => chmodSync(closed, 0o755));
  expect(emptyDirectory(target)).toMatchObject({ files: 1, directories: 1, residue: [] });
  expect(readdirSync(target)).toEqual([]);
});
