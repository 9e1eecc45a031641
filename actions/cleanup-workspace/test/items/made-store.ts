import { mkdtempSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digest, openStore, pathFromText, saveEntry, spacePath, spaceVersion } from '@runner-actions/store';
import { day } from './runner-world.ts';

/** Saves an entry of another repository that nobody has used for some days. @returns its folder */
export function saveEntryOf(root: string, days: number): string {
  const tree = mkdtempSync(join(tmpdir(), 'tree-'));
  writeFileSync(join(tree, 'file'), '12345');
  const key = `old-${days}`;
  const space = { host: 'h', repositoryId: '1', scope: 's', version: spaceVersion(['d'], []) };
  saveEntry(openStore(root), space, key, [{ path: pathFromText(tree), place: { path: 0, below: '' } }], {
    repository: 'octo/secret',
  });
  const folder = join(root, 'v3', spacePath(space), digest([key]));
  const at = Date.now() - days * day;
  const file = join(folder, 'entry.json');
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), createdAt: at }));
  writeFileSync(join(folder, 'used'), '');
  utimesSync(join(folder, 'used'), at / 1000, at / 1000);
  return folder;
}
