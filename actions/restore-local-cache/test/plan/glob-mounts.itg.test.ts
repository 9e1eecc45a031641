import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { withMounts } from '@runner-actions/testing';
import { expect, it } from 'vitest';

const source = (name: string) => JSON.stringify(join(import.meta.dirname, '../../src/plan', name));
const mayMount = withMounts([]) !== undefined;

/**
 * Returns the result of a script that runs in a separate mount namespace. Another user's `node_modules` is mounted at
 * `share` and at `a/b/volume`.
 */
function inside(kind: 'tmpfs' | 'bind', platform: string, script: string): unknown {
  const how =
    kind === 'bind' ? `['--bind', join(folder, 'volume'), point]` : `['-t', 'tmpfs', 'none', point]`;
  const code = `
    import { execFileSync } from 'node:child_process';
    import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    import { tmpdir } from 'node:os';
    import { join } from 'node:path';
    const folder = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), 'globs-')));
    const workspace = join(folder, 'work/app/app');
    const make = (path) => fs.mkdirSync(path, { recursive: true });
    for (const path of ['node_modules', 'a/b/node_modules']) make(join(workspace, path));
    for (const name of ['share', 'a/b/volume']) {
      const point = join(workspace, name);
      for (const path of [join(folder, 'volume'), point]) make(path);
      execFileSync('mount', ${how});
      make(join(point, 'colleague/node_modules'));
    }
    fs.symlinkSync('share', join(workspace, 'link'));
    const asked = [];
    for (const name of ['readdirSync', 'lstatSync', 'statSync', 'existsSync', 'realpathSync']) {
      const real = fs[name];
      fs[name] = (path, ...more) => {
        asked.push(String(path));
        return real(path, ...more);
      };
    }
    syncBuiltinESMExports();
    Object.defineProperty(process, 'platform', { value: ${JSON.stringify(platform)} });
    const { resolveTargets, placesToPaths } = await import(${source('targets.ts')});
    const roots = { workspace, home: folder, temp: join(folder, 't'), tool: join(folder, 'o') };
    const around = { roots, store: undefined };
    const short = (path) => path.slice(workspace.length + 1);
    console.log(JSON.stringify((() => { ${script} })()));`;
  const own = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  const node = [process.execPath, '--input-type=module', '--eval', code];
  const { stdout, stderr, status } = spawnSync('unshare', ['--mount', ...own, ...node], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

it.skipIf(!mayMount).each([
  ['tmpfs', 'linux'],
  ['bind', 'linux'],
  ['tmpfs', 'darwin'],
] as const)('a glob neither saves nor restores files behind a mount point (%s on %s)', (kind, platform) => {
  const told = inside(
    kind,
    platform,
    `const passed = [];
     const expand = (...paths) => resolveTargets(paths, around, (path) => passed.push(short(path))).map(({ path }) => short(path));
     const found = expand('**/node_modules', 'a/*/v*');
     const within = asked.filter((path) => /(share|volume)${platform === 'linux' ? '' : '.'}/.test(short(path)));
     const named = expand('share/*/node_modules', 'a/b/volume');
     const paths = ['**/node_modules', 'share/*/node_modules', 'a/b/volume', 'a/b/*'];
     const placeOf = ([path, below]) => {
       try {
         return short(placesToPaths([{ path, below }], paths, around)[0]);
       } catch (error) {
         return error.message;
       }
     };
     const placed = [
       [0, 'new/node_modules'],
       [0, 'share/colleague/node_modules'],
       [0, 'share/new/node_modules'],
       [0, 'link/colleague/node_modules'],
       [3, 'volume'],
       [1, 'colleague/node_modules'],
       [2, ''],
     ].map(placeOf);
     return { found, within, passed, named, placed };`,
  );
  const refusal = (below: string) => `The entry has a tree where something is mounted: ${below}`;
  // A path without globs, or the fixed part of a glob, may be a mount point.
  const named = ['share/colleague/node_modules', 'a/b/volume'];
  expect(told).toEqual({
    found: ['a/b/node_modules', 'node_modules'],
    within: [],
    passed: ['share', 'a/b/volume', 'a/b/volume'],
    named,
    placed: [
      'new/node_modules',
      refusal('share/colleague/node_modules'),
      refusal('share/new/node_modules'),
      refusal('link/colleague/node_modules'),
      refusal('volume'),
      ...named,
    ],
  });
});
