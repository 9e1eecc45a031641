import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../actions.ts';
import { checkCli } from '../check-cli.ts';

const built = join(root, 'packages/cli');

function changed(change: (dist: string) => void): string {
  const folder = mkdtempSync(join(tmpdir(), 'check-cli-'));
  cpSync(join(built, 'dist'), join(folder, 'dist'), { recursive: true });
  change(join(folder, 'dist'));
  return folder;
}

it('the tree of the command follows the rules of bundles', () => {
  expect(checkCli(built, 10 ** 6).problems).toEqual([]);
});

it('a tree that is too large, lacks a chunk, or loads a module from elsewhere does not', () => {
  const broken = changed((dist) => {
    rmSync(join(dist, 'chunks/cli.js'));
    writeFileSync(join(dist, 'more.js'), "require('left-pad');");
  });
  expect(checkCli(broken, 1000).problems).toEqual(
    expect.arrayContaining([
      'more.js loads left-pad, which is not in the bundle',
      expect.stringMatching(/^cli\.js does not start \(exit code 3\)/),
      expect.stringMatching(/bytes gzipped, over its budget of 1000$/),
    ]),
  );
  expect(checkCli(tmpdir(), 1000).problems).toEqual(['it is not built. Run `npm run build` first.']);
});
