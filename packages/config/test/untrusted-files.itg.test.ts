// What a stranger's job may have left on a machine that lives on, and what its owner may have got wrong.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkoutFiles, headOf } from '../src/checkout-io.ts';
import { readPolicy } from '../src/index.ts';
import { filesOf } from './problems-of.ts';

const sha = 'acb5820ced9479c074f688cc328bf03f341a511d';

function workspace(): string {
  const folder = mkdtempSync(join(tmpdir(), 'left-'));
  mkdirSync(join(folder, '.git/refs/heads'), { recursive: true });
  return folder;
}

describe('headOf', () => {
  it('reads a commit, a loose ref and a packed one', async () => {
    const folder = workspace();
    const write = (name: string, text: string) => writeFileSync(join(folder, '.git', name), text);
    write('HEAD', `${sha}\n`);
    expect(await headOf(folder)).toBe(sha);
    write('HEAD', 'ref: refs/heads/main\n');
    expect(await headOf(folder)).toBeUndefined();
    write('packed-refs', `# pack-refs with: peeled\n${sha} refs/heads/main\n`);
    expect(await headOf(folder)).toBe(sha);
    write('refs/heads/main', `${'1'.repeat(40)}\n`);
    expect(await headOf(folder)).toBe('1'.repeat(40));
  });

  it('does not wait for a pipe that stands for HEAD, or for a ref', async () => {
    const folder = workspace();
    execFileSync('mkfifo', [join(folder, '.git/HEAD')]);
    expect(await headOf(folder)).toBeUndefined();
    const other = workspace();
    writeFileSync(join(other, '.git/HEAD'), 'ref: refs/heads/main\n');
    execFileSync('mkfifo', [join(other, '.git/refs/heads/main'), join(other, '.git/packed-refs')]);
    expect(await headOf(other)).toBeUndefined();
  });

  it('does not read a device through a link', async () => {
    const folder = workspace();
    symlinkSync('/dev/zero', join(folder, '.git/HEAD'));
    expect(await headOf(folder)).toBeUndefined();
  });
});

it('a pipe in the place of the configuration is no file', async () => {
  const folder = workspace();
  execFileSync('mkfifo', [join(folder, 'a.yml')]);
  const place = { repository: undefined, ref: undefined, path: 'a.yml' };
  expect(await checkoutFiles(folder, filesOf({})).read(place)).toMatchObject({
    kind: 'wrong',
    expected: 'a file, not a folder or a device',
  });
});

describe('readPolicy', () => {
  it('passes over a section that it does not know, and holds to the others', async () => {
    const path = join(workspace(), 'policy.yml');
    const sections = ['health: { every: 60s }', 'classes: { heavy: { cpus: 6 } }', 'install: forbidden'];
    writeFileSync(path, [...sections, 'cleanup: { budget: 30s }', 'cleanpu: { budget: 1s }', ''].join('\n'));
    expect(await readPolicy(path)).toMatchObject({
      kind: 'read',
      policy: { cleanup: { budget: 30_000 } },
      passedOver: [
        { name: 'health', line: 1, nearest: undefined },
        { name: 'classes', line: 2, nearest: undefined },
        { name: 'install', line: 3, nearest: undefined },
        { name: 'cleanpu', line: 5, nearest: 'cleanup' },
      ],
    });
  });

  it.each([
    ['an unknown key', 'cleanup: { sudo: false }', 'one of protect, budget'],
    ['what nothing here could enforce', 'pools: {}', 'so nothing here could enforce it'],
    ['a merge key', '<<: { cleanup: { budget: 1s } }', 'no merge key'],
    ['a text', 'ghp_0123456789', 'a map of keys'],
  ])('refuses %s', async (_, text, expected) => {
    const path = join(workspace(), 'policy.yml');
    writeFileSync(path, `health: { every: 60s }\n${text}\n`.replace(/^.*\n(?=ghp)/, ''));
    const answer = await readPolicy(path);
    expect(answer).toMatchObject({
      kind: 'wrong',
      problems: [{ expected: expect.stringContaining(expected) }],
    });
    expect(JSON.stringify(answer)).not.toContain('ghp_');
  });

  it('refuses what no action enforces', async () => {
    const path = join(workspace(), 'policy.yml');
    writeFileSync(path, 'cache: { remote: off, max-size: 1GB }\n');
    expect(await readPolicy(path)).toMatchObject({
      kind: 'wrong',
      problems: [
        { line: 1, column: 10, found: 'remote', expected: 'one of root, max-size, max-age, min-free' },
      ],
    });
  });

  it('refuses globs where paths are taken as they are written', async () => {
    const path = join(workspace(), 'policy.yml');
    writeFileSync(path, 'cleanup:\n  protect: [/srv/models, "/w/app/app/.env*", srv]\n');
    expect(await readPolicy(path)).toMatchObject({
      kind: 'wrong',
      problems: [
        {
          ...{ line: 2, column: 26, found: '/w/app/app/.env*' },
          expected: expect.stringMatching(/^a path without '\*'.* name each path/) as string,
        },
        { line: 2, column: 46, found: 'srv', expected: 'an absolute path' },
      ],
    });
  });

  it('refuses a text in another encoding, whose paths would be others', async () => {
    const path = join(workspace(), 'policy.yml');
    writeFileSync(path, Buffer.from('cleanup: { protect: [/srv/m\u00fcller] }\n', 'latin1'));
    expect(await readPolicy(path)).toMatchObject({
      kind: 'wrong',
      problems: [{ file: path, expected: 'a text in UTF-8' }],
    });
  });

  it('follows a link, as configuration management makes them', async () => {
    const folder = workspace();
    writeFileSync(join(folder, 'real.yml'), 'cleanup: { protect: [/srv/m\u00fcller] }\n');
    symlinkSync('real.yml', join(folder, 'policy.yml'));
    expect(await readPolicy(join(folder, 'policy.yml'))).toMatchObject({
      kind: 'read',
      policy: { cleanup: { protect: ['/srv/m\u00fcller'] } },
    });
  });
});
