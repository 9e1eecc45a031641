// Files that an untrusted job may have left on a persistent machine, and mistakes in the machine's policy.
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
  it('reads a commit, a loose ref and a packed ref', async () => {
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

  it('does not wait for a pipe in the place of HEAD or a ref', async () => {
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

it('checkoutFiles refuses a pipe in the place of the configuration', async () => {
  const folder = workspace();
  execFileSync('mkfifo', [join(folder, 'a.yml')]);
  const place = { repository: undefined, ref: undefined, path: 'a.yml' };
  expect(await checkoutFiles(folder, filesOf({})).read(place)).toMatchObject({
    kind: 'wrong',
    expected: 'a file, not a folder or a device',
  });
});

it.each(['.git/config', 'link.yml', 'git/config'])(
  'checkoutFiles refuses the configuration of git, which may hold a token: %s',
  async (path) => {
    const folder = workspace();
    writeFileSync(join(folder, '.git/config'), 'extraheader: secret\n');
    symlinkSync('.git/config', join(folder, 'link.yml'));
    symlinkSync('.git', join(folder, 'git'));
    expect(
      await checkoutFiles(folder, filesOf({})).read({ repository: undefined, ref: undefined, path }),
    ).toEqual({
      kind: 'wrong',
      expected: 'a file of the repository, not a link out of it, and none in a folder .git',
    });
  },
);

describe('readPolicy', () => {
  it('ignores an unknown section and applies the others', async () => {
    const path = join(workspace(), 'policy.yml');
    const sections = ['health: { every: 60s }', 'classes: { heavy: { cpus: 6 } }', 'backup: { keep: 3 }'];
    writeFileSync(path, [...sections, 'cleanup: { budget: 30s }', 'cleanpu: { budget: 1s }', ''].join('\n'));
    expect(await readPolicy(path)).toMatchObject({
      kind: 'read',
      policy: { cleanup: { budget: 30_000 } },
      passedOver: [
        { name: 'health', line: 1, nearest: undefined },
        { name: 'classes', line: 2, nearest: undefined },
        { name: 'backup', line: 3, nearest: undefined },
        { name: 'cleanpu', line: 5, nearest: 'cleanup' },
      ],
    });
  });

  it.each([
    ['an unknown key', 'cleanup: { sodu: false }', 'one of protect, budget'],
    ['a text in place of a switch', 'cleanup: { sudo: "yes" }', 'true or false'],
    ['a section that a policy cannot enforce', 'pools: {}', 'so a policy cannot enforce it'],
    ['an interval of metrics that is too short', 'metrics: { interval: 1ms }', 'from 500ms to 10m'],
    ['a relative folder of metrics', 'metrics: { textfile-directory: metrics }', 'an absolute path'],
    ['a key of metrics that hooks do not have', 'metrics: { charts: text }', 'one of interval, textfile'],
    ['another switch of metrics', 'metrics: on', "'off', or a map"],
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

  it.each([
    ['metrics: off', 'off'],
    ['metrics: {}', {}],
    ['metrics: { interval: 5s, textfile-directory: /a }', { interval: 5000, 'textfile-directory': '/a' }],
  ])('reads %s', async (text, metrics) => {
    const path = join(workspace(), 'policy.yml');
    writeFileSync(path, text);
    expect(await readPolicy(path)).toMatchObject({ kind: 'read', policy: { metrics } });
  });

  it('refuses a key that no action enforces', async () => {
    const path = join(workspace(), 'policy.yml');
    writeFileSync(path, 'cache: { remote: off, max-size: 1GB }\n');
    expect(await readPolicy(path)).toMatchObject({
      kind: 'wrong',
      problems: [
        { line: 1, column: 10, found: 'remote', expected: 'one of root, max-size, max-age, min-free' },
      ],
    });
  });

  it('refuses globs in paths', async () => {
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

  it('refuses a file that is not UTF-8, because its paths would be wrong', async () => {
    const path = join(workspace(), 'policy.yml');
    writeFileSync(path, Buffer.from('cleanup: { protect: [/srv/m\u00fcller] }\n', 'latin1'));
    expect(await readPolicy(path)).toMatchObject({
      kind: 'wrong',
      problems: [{ file: path, expected: 'a text in UTF-8' }],
    });
  });

  it('follows a link, as tools for configuration management create it', async () => {
    const folder = workspace();
    writeFileSync(join(folder, 'real.yml'), 'cleanup: { protect: [/srv/m\u00fcller] }\n');
    symlinkSync('real.yml', join(folder, 'policy.yml'));
    expect(await readPolicy(join(folder, 'policy.yml'))).toMatchObject({
      kind: 'read',
      policy: { cleanup: { protect: ['/srv/m\u00fcller'] } },
    });
  });
});
