import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { options, space, tree0 } from './fixture.ts';

const [alice, bob, group] = [4241, 4243, 4242];
const modules = ['index', 'evict', 'fsck', 'staging', 'statistics'].map((name) =>
  join(import.meta.dirname, `../src/${name}.ts`),
);

/**
 * Runs code as one of two users, who each have their own group and one in common. `store` is the module, `folder` is
 * the shared folder.
 */
function as(uid: number, folder: string, code: string): string {
  const script = `const modules = await Promise.all(${JSON.stringify(modules)}.map((name) => import(name)));
    const store = Object.assign({}, ...modules); const folder = ${JSON.stringify(folder)};
    process.umask(0o022); ${code}`;
  const user = ['--reuid', uid, '--regid', uid, '--groups', group].map(String);
  const { stdout, stderr, error } = spawnSync(
    'setpriv',
    [...user, process.execPath, '--input-type=module', '--eval', script],
    { cwd: '/', env: { PATH: process.env['PATH'] }, encoding: 'utf8' },
  );
  return error?.message ?? (stderr === '' ? stdout.trim() : stderr);
}

/** Only root can become another user, and that user must be able to read this repository. */
const reason =
  process.getuid?.() !== 0
    ? 'not root'
    : as(alice, '/', 'console.log("ok")') === 'ok'
      ? ''
      : 'no access to the sources';

describe.skipIf(reason !== '')(`two users who share a store through a group (${reason || 'as root'})`, () => {
  const open = "const root = store.openStore(folder + '/store');";
  const save = (key: string) =>
    `${open} console.log(store.saveEntry(root, ${JSON.stringify(space())}, '${key}', [${JSON.stringify(tree0('PLACE'))}].map((one) => ({ ...one, path: folder + '/tree' })), { repository: 'octo/app' }));`;
  const moveOwn = (key: string) =>
    save(key)
      .replace('/tree', '/alice/tree')
      .replace('{ repository', '{ move: true, skip: (...what) => console.log(...what), repository');
  const restore = (target: string) =>
    `${open} const entry = store.findEntry(root, [${JSON.stringify(space())}], 'k', []);
     const { ...plan } = ${JSON.stringify(options())}; plan.isImmutable = () => false;
     const done = store.restoreEntry(root, entry, [folder + '/${target}/tree'], plan);`;

  it('share entries, but not ready copies, which the other user could not write', () => {
    const folder = makeShared();
    expect(as(alice, folder, save('k'))).toBe('saved');
    const back =
      'const result = store.checkIn(root, done.lease, { keep: true, most: 4 }); console.log(done.mode, result.outcome);';
    expect(as(alice, folder, restore('alice') + back)).toMatch(/^(copy|reflink) clean$/);
    expect(as(alice, folder, restore('alice') + back)).toBe('lease clean');
    expect(as(bob, folder, restore('bob') + back)).toMatch(/^(copy|reflink) clean$/);
    expect(as(bob, folder, restore('bob') + back)).toBe('lease clean');
    expect(as(bob, folder, save('other'))).toBe('saved');
    const all = { maxBytes: 0, maxAge: 0 };
    const collect = `${open} const gone = store.collect(root, ${JSON.stringify(all)}, { freeBytes: 0, now: Date.now() + 9e6 }); console.log(gone.evicted.length, store.statisticsOf(root).entries);`;
    // Only Alice may remove her copy, but it is removed with its entry.
    expect(as(bob, folder, collect)).toBe('3 0');
    as(alice, folder, `${open} store.sweepStaging(root);`);
    as(bob, folder, `${open} store.sweepStaging(root);`);
    expect(readdirSync(join(folder, 'store/leases'))).toEqual([]);
  });

  it('get copies of the other user’s entries when links are requested, and do not repair unreadable copies', () => {
    const folder = makeShared();
    mkdirSync(join(folder, 'tree/closed'));
    chownSync(join(folder, 'tree/closed'), alice, group);
    chmodSync(join(folder, 'tree/closed'), 0o700);
    writeFileSync(join(folder, 'tree/closed/file'), 'content');
    expect(as(alice, folder, save('k'))).toBe('saved');
    const back = 'console.log(store.checkIn(root, done.lease, { keep: true, most: 4 }).outcome);';
    expect(as(alice, folder, restore('alice') + back)).toBe('clean');
    const link = restore('bob').replace(
      'plan.isImmutable = () => false',
      "plan.isImmutable = () => true; plan.mode = 'symlink'",
    );
    expect(as(bob, folder, `${link} console.log(done.mode, done.why);`)).toMatch(
      /^(copy|reflink) another user/,
    );
    const check = `${open} console.log(JSON.stringify(store.checkStore(root, { repair: true })));`;
    expect(JSON.parse(as(bob, folder, check))).toEqual({
      entries: 1,
      copies: 1,
      unreadCopies: 1,
      withoutDigests: 0,
      problems: [],
    });
  });

  it('share private files of one user, and give each job files of its own group', () => {
    const folder = makeShared();
    const prepare = `const fs = await import('node:fs'); const tree = folder + '/alice/tree';
      fs.mkdirSync(tree); fs.mkdirSync(tree + '/own', { mode: 0o700 }); fs.writeFileSync(tree + '/own/file', 'x', { mode: 0o600 });
      fs.symlinkSync('own/file', tree + '/link'); process.umask(0o002);`;
    expect(as(alice, folder, prepare + moveOwn('k'))).toBe('saved');
    const look = `const fs = await import('node:fs'); const back = (lease) => store.checkIn(root, lease, { keep: true, most: 4 }).outcome;
      const said = ['', 'own', 'own/file', 'link'].map((name) => fs.lstatSync(folder + '/TARGET/tree/' + name)).map(({ mode, gid }) => (mode & 0o7777).toString(8) + ' ' + gid);
      console.log(said.join(', '), fs.readFileSync(folder + '/TARGET/tree/link', 'utf8'), back(done.lease));`;
    for (const [user, name] of [
      [bob, 'bob'],
      [alice, 'alice'],
      [bob, 'bob'],
    ] as const)
      expect(as(user, folder, restore(name) + look.replaceAll('TARGET', name))).toBe(
        `755 ${user}, 700 ${user}, 600 ${user}, 777 ${user} x clean`,
      );
    const mode = 'console.log((process.umask() & 0o777).toString(8));';
    expect(as(alice, folder, open + mode)).toBe('22');
  });

  it('copy files of other users in a saved tree, and leave out unreadable files', () => {
    const folder = makeShared();
    const tree = join(folder, 'alice/tree');
    mkdirSync(join(tree, 'out'), { recursive: true });
    chownSync(tree, alice, alice);
    const saved = () =>
      readdirSync(join(folder, 'store/v3'), { recursive: true, encoding: 'utf8' })
        .filter((path) => path.includes('/out/'))
        .map((path) => basename(path));
    writeFileSync(join(tree, 'out/file'), 'content', { mode: 0o644 });
    expect(as(alice, folder, moveOwn('k'))).toBe('saved');
    expect(saved()).toEqual(['file']);
    writeFileSync(join(tree, 'out/secret'), 'content', { mode: 0o600 });
    expect(as(alice, folder, moveOwn('other'))).toBe(
      `${tree}/out/secret it may not be read (mode 600): chmod u+r\nsaved`,
    );
    expect(saved()).toEqual(['file', 'file']);
  });

  it('move a tree back unchanged when it cannot be published', () => {
    const folder = makeShared();
    const prepare = `const fs = await import('node:fs'); const tree = folder + '/alice/tree';
      fs.mkdirSync(tree + '/sub', { recursive: true }); fs.writeFileSync(tree + '/sub/file', 'x', { mode: 0o400 });
      fs.utimesSync(tree + '/sub', 1e9, 1e9); fs.chmodSync(tree + '/sub', 0o555); fs.chmodSync(tree, 0o700);
      const look = (path) => { const { mode, gid } = fs.statSync(tree + path); return (mode & 0o777).toString(8) + ' ' + gid; };`;
    // A folder in place of the index of keys.
    const block = `fs.mkdirSync(root.root + '/v3/' + store.spacePath(${JSON.stringify(space())}) + '/keys/full', { recursive: true });`;
    const fail = `try { ${moveOwn('k').replace(open, '')} } catch (error) { console.log(error.name, ['', '/sub', '/sub/file'].map(look).join(', '), fs.statSync(tree + '/sub').mtimeMs); }`;
    expect(as(alice, folder, open + prepare + block + fail)).toBe(
      `StoreUnusable 700 ${alice}, 555 ${alice}, 400 ${alice} 1000000000000`,
    );
  });

  it('get a hint when one of them may not use or create the store', () => {
    const folder = makeShared();
    const open =
      "try { store.openStore(folder + '/store/STORE'); } catch (error) { console.log(error.message); }";
    const say = (below = '') => as(bob, folder, open.replace('/STORE', below));
    chownSync(join(folder, 'store'), alice, group + 7);
    chmodSync(join(folder, 'store'), 0o2770);
    expect(say()).toMatch(
      /could not be used: EACCES.*\. User 4243 is not in group 4249, to which it belongs. Run usermod -aG/,
    );
    chmodSync(join(folder, 'store'), 0o700);
    expect(say()).toMatch(/EACCES.*\. It belongs to another user \(4241\).*chgrp GROUP, chmod 2770\.$/);
    chmodSync(join(folder, 'store'), 0o755);
    expect(say('/own')).toMatch(
      /EACCES.*mkdir .*\. User 4243 cannot create it\. .*install -d -m 700 -o 4243 .*\/own, or for a group: install -d -m 2770 -g GROUP\.$/,
    );
  });

  it('do not evict an entry that a job of the other user holds', () => {
    const folder = makeShared();
    as(alice, folder, save('k'));
    const lease = as(
      alice,
      folder,
      `${restore('alice').replace('plan.isImmutable', 'plan.job.pid = ' + process.pid + '; plan.isImmutable')} console.log(done.lease.folder);`,
    );
    const all = { maxBytes: 0, maxAge: 0 };
    const collect = `${open} console.log(store.collect(root, ${JSON.stringify(all)}, { freeBytes: 0, now: Date.now() + 9e6 }).evicted.length);`;
    expect(as(bob, folder, collect)).toBe('0');
    rmSync(lease, { recursive: true });
    expect(as(bob, folder, collect)).toBe('1');
  });

  it('can move, lease and return a read-only folder', () => {
    const folder = mkdtempSync(join(tmpdir(), 'closed-'));
    for (let up = folder; up !== dirname(up); up = dirname(up))
      if (up.startsWith(tmpdir())) chmodSync(up, (lstatSync(up).mode & 0o7777) | 0o055);
    mkdirSync(join(folder, 'home'));
    chownSync(join(folder, 'home'), alice, group);
    const code = `const fs = await import('node:fs'); const home = folder + '/home';
      fs.mkdirSync(home + '/tree/sub', { recursive: true }); fs.writeFileSync(home + '/tree/sub/file', 'content');
      fs.chmodSync(home + '/tree/sub', 0o555); fs.chmodSync(home + '/tree', 0o555);
      const root = store.openStore(home + '/store'); const space = ${JSON.stringify(space())};
      const sources = [{ path: home + '/tree', place: { path: 0, below: '' } }];
      const said = [store.saveEntry(root, space, 'k', sources, { repository: '', move: true }), fs.existsSync(home + '/tree')];
      const plan = { ...${JSON.stringify(options())}, isImmutable: () => false };
      for (const round of [1, 2]) {
        const done = store.restoreEntry(root, store.findEntry(root, [space], 'k', []), [home + '/tree'], plan);
        said.push(done.mode, fs.statSync(home + '/tree').mode & 0o777);
        said.push(store.checkIn(root, done.lease, { keep: true, most: 4 }).outcome);
      }
      console.log(JSON.stringify(said));`;
    const said = as(alice, folder, code);
    expect(JSON.parse(said.startsWith('[') ? said : JSON.stringify(said))).toEqual([
      'saved',
      false,
      'copy',
      0o555,
      'clean',
      'lease',
      0o555,
      'clean',
    ]);
  });
});

/** Creates a folder with a store that both users can write, a folder for each, and a tree. */
function makeShared(): string {
  const folder = mkdtempSync(join(tmpdir(), 'group-'));
  for (let up = folder; up !== dirname(up); up = dirname(up))
    if (up.startsWith(tmpdir())) chmodSync(up, (lstatSync(up).mode & 0o7777) | 0o055);
  for (const [name, uid, mode] of [
    ['store', 0, 0o2770],
    ['alice', alice, 0o755],
    ['bob', bob, 0o755],
    ['tree', 0, 0o755],
  ] as const) {
    mkdirSync(join(folder, name));
    chownSync(join(folder, name), uid, group);
    chmodSync(join(folder, name), mode);
  }
  writeFileSync(join(folder, 'tree/file'), 'content');
  chmodSync(join(folder, 'tree/file'), 0o644);
  return folder;
}
