import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderOfUser, noUser, user } from '../../situations/ordinary-user.ts';
import type { HelperReply } from '@runner-actions/core';
import type { HelperRequest } from '../../../src/levels/shared/directory-store.ts';

const helper = resolve(import.meta.dirname, '../../../dist/directory-helper/index.js');

function ask(request: HelperRequest, as: { uid?: number; gid?: number } = {}): HelperReply {
  const script = ['-c', 'umask 077; exec "$@"', 'sh', process.execPath, helper];
  const { stdout } = spawnSync('/bin/sh', script, {
    encoding: 'utf8',
    cwd: '/',
    input: JSON.stringify(request),
    ...as,
  });
  return JSON.parse(stdout) as HelperReply;
}

const name = 'repository/scope/version/k.pack';

/** Creates a shared folder with a folder for packs, and a file to put there. */
function share(): { folder: string; place: string; file: string; fetched: string } {
  const folder = mkdtempSync(join(tmpdir(), 'shared-'));
  const place = dirname(join(folder, name));
  mkdirSync(place, { recursive: true });
  const file = join(folder, 'file');
  writeFileSync(file, 'a pack');
  return { folder, place, file, fetched: join(folder, 'fetched') };
}

it('a draft of a helper that was killed during a copy is removed after a day', () => {
  const { folder, place, file } = share();
  for (const draft of ['.draft-old', '.draft-new']) writeFileSync(join(place, draft), 'half a pa');
  const before = new Date(Date.now() - 25 * 3_600_000);
  utimesSync(join(place, '.draft-old'), before, before);
  expect(ask({ act: 'put', folder, name, file, replace: false })).toEqual({ ok: true, result: 'saved' });
  expect(readdirSync(place).sort()).toEqual(['.draft-new', 'k.pack']);
});

it('an existing pack with the same name stays, unless replace is set', () => {
  const { folder, place, file } = share();
  writeFileSync(join(place, 'k.pack'), 'the first');
  expect(ask({ act: 'put', folder, name, file, replace: false })).toEqual({ ok: true, result: 'exists' });
  expect(readFileSync(join(place, 'k.pack'), 'utf8')).toBe('the first');
  expect(ask({ act: 'put', folder, name, file, replace: true })).toEqual({ ok: true, result: 'saved' });
  expect(readFileSync(join(place, 'k.pack'), 'utf8')).toBe('a pack');
});

describe('shared folder of a group', () => {
  const modesOf = (folder: string) =>
    ['repository', 'repository/scope', 'repository/scope/version', name].map(
      (path) => statSync(join(folder, path)).mode & 0o7777,
    );

  it.each([
    ['2770', 0o2770, 0o660],
    ['2755', 0o2750, 0o640],
    ['0700', 0o700, 0o600],
  ])(
    'with mode %s gets folders and packs with the same group access, regardless of the umask',
    (mode, folders, pack) => {
      const { folder, file } = share();
      const own = mkdtempSync(join(folder, 'own-'));
      chmodSync(own, Number.parseInt(mode, 8));
      expect(ask({ act: 'put', folder: own, name, file, replace: false })).toMatchObject({ ok: true });
      expect(modesOf(own)).toEqual([folders, folders, folders, pack]);
    },
  );

  it.skipIf(noUser !== '')('serves two users of the group, and gives no access to another group', () => {
    const [top, other] = [folderOfUser(), { uid: user.uid + 10, gid: user.gid }];
    const [folder, file, fetched] = ['shared', 'file', 'fetched'].map((one) => join(top, one)) as [
      string,
      string,
      string,
    ];
    mkdirSync(folder);
    mkdirSync(fetched);
    writeFileSync(file, 'a pack', { mode: 0o644 });
    chownSync(fetched, other.uid, other.gid);
    chownSync(folder, user.uid, user.gid);
    chmodSync(folder, 0o2770);
    const put = { act: 'put', folder, name, file, replace: false } as const;
    expect(ask(put, user)).toEqual({ ok: true, result: 'saved' });
    const draft = join(folder, dirname(name), '.draft-old');
    writeFileSync(draft, '');
    chownSync(draft, user.uid, user.gid);
    utimesSync(draft, 1, 1);
    for (const request of [
      { act: 'get', folder, name, file: join(fetched, 'pack'), most: 100, cut: false },
      { ...put, name: `${dirname(name)}/other.pack` },
      { ...put, replace: true },
    ] as const)
      expect(ask(request, other)).toMatchObject({ ok: true });
    // In a folder with the sticky bit, each user removes only their own drafts.
    writeFileSync(draft, '');
    utimesSync(draft, 1, 1);
    chmodSync(dirname(draft), 0o3770);
    chownSync(dirname(draft), 0, user.gid);
    expect(ask({ ...put, name: `${dirname(name)}/third.pack` }, other)).toMatchObject({ ok: true });
    expect(readdirSync(dirname(draft))).toContain('.draft-old');

    chmodSync(folder, 0o770);
    chownSync(folder, user.uid, user.gid + 7);
    expect(ask({ ...put, name: 'a/k.pack' }, user)).toMatchObject({ ok: true });
    expect(['a', 'a/k.pack'].map((path) => statSync(join(folder, path)).mode & 0o7777)).toEqual([
      0o700, 0o600,
    ]);
  });
});

describe('shared folder that other users can write', () => {
  /** One request of each kind. */
  const requests = ({ folder, file, fetched }: ReturnType<typeof share>): HelperRequest[] => [
    { act: 'list', folder, prefix: 'repository/scope/version/k' },
    { act: 'has', folder, name },
    { act: 'get', folder, name, file: fetched, most: 100, cut: false },
    { act: 'put', folder, name, file, replace: false },
  ];

  it.each(['repository', 'repository/scope', 'repository/scope/version'])(
    'does not follow a symlink at %s',
    (link) => {
      const victim = share();
      writeFileSync(join(victim.place, 'k.pack'), 'theirs');
      const own = share();
      execFileSync('rm', ['-r', join(own.folder, link)]);
      symlinkSync(join(victim.folder, link), join(own.folder, link));
      for (const request of requests(own))
        expect(ask(request)).toEqual({
          ok: false,
          message: `${join(own.folder, link)} is a link, which is not used: remove it`,
        });
      expect(readdirSync(victim.place)).toEqual(['k.pack']);
    },
  );

  it.each([
    ['a link', (path: string) => symlinkSync('/etc/passwd', path)],
    ['not a file', (path: string) => execFileSync('mkfifo', [path])],
  ])('neither lists, reads nor writes a pack that is %s', (what, make) => {
    const own = share();
    make(join(own.place, 'k.pack'));
    const [listing, ...others] = requests(own).map((request) => ask(request));
    expect(listing).toEqual({ ok: true, result: [] });
    for (const reply of others)
      expect(reply).toEqual({
        ok: false,
        message: `${join(own.place, 'k.pack')} is ${what}, which is not used: remove it`,
      });
  });

  it('does not fetch a pack that is larger than the limit, and reads only its start with cut', () => {
    const { folder, place, fetched } = share();
    writeFileSync(join(place, 'k.pack'), 'x'.repeat(101));
    const request = { act: 'get', folder, name, file: fetched, most: 100 } as const;
    expect(ask({ ...request, cut: false })).toEqual({
      ok: false,
      message: `${join(place, 'k.pack')} has 101 bytes, which do not fit on the disk`,
    });
    expect(ask({ ...request, cut: true })).toMatchObject({ ok: true });
    expect(readFileSync(fetched, 'utf8')).toBe('x'.repeat(100));
  });

  it('fetches a pack only into a new file, not through a symlink', () => {
    const { folder, place, file, fetched } = share();
    writeFileSync(join(place, 'k.pack'), 'theirs');
    symlinkSync(file, fetched);
    const reply = ask({ act: 'get', folder, name, file: fetched, most: 100, cut: false });
    expect(reply).toMatchObject({ ok: false, message: expect.stringContaining('EEXIST') });
    expect(readFileSync(file, 'utf8')).toBe('a pack');
  });

  it('lists nothing when the subfolders do not exist, and creates them on put', () => {
    const own = share();
    execFileSync('rm', ['-r', join(own.folder, 'repository')]);
    const replies = requests(own).map((request) => ask(request));
    expect(replies.slice(0, 2)).toEqual([
      { ok: true, result: [] },
      { ok: true, result: false },
    ]);
    expect(replies[2]).toEqual({ ok: false, message: `${name} is gone` });
    expect(replies[3]).toEqual({ ok: true, result: 'saved' });
  });
});
