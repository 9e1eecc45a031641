import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { derivedDataFolder, derivedDataItem } from '../../src/items/derived-data-io.ts';
import { isProjectFolder, judgeDerivedData, parseProjectRecord } from '../../src/items/derived-data.ts';
import { nameDuring } from '../../src/items/tool-cache.ts';
import { day, deadline, makeMachine, planOf, runItem } from './runner-world.ts';

const plist = (project: string, date: string) => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
\t<key>LastAccessedDate</key>
\t<date>${date}</date>
\t<key>WorkspacePath</key>
\t<string>${project}</string>
</dict>
</plist>
`;
const date = '2026-09-06T15:39:21Z';

describe("Xcode's record of a project", () => {
  it('has the path of the project, with XML decoded, and the time of the last access', () => {
    expect(parseProjectRecord(plist('/w/A &amp; B &lt;1&gt;/&quot;&apos;.xcodeproj', date))).toEqual({
      project: `/w/A & B <1>/"'.xcodeproj`,
      lastAccess: Date.parse(date),
    });
  });

  it.each([
    ['a binary plist', 'bplist00\u0001WorkspacePath'],
    ['no text', ''],
    ['a path that is not absolute', plist('../App.xcodeproj', date)],
    ['an unknown entity', plist('/w/&who;/App.xcodeproj', date)],
    ['a day that does not exist', plist('/w/App', '2026-13-06T15:39:21Z')],
    ['a time without a zone', plist('/w/App', '2026-09-06 15:39:21')],
    ['a key twice', plist('/w/App</string><key>WorkspacePath</key><string>/other', date)],
    ['a key in a comment', plist('/w/App', date).replace('<dict>', '<dict><!-- x -->')],
    ['a value of another type', plist('/w/App', date).replace('<string>', '<data>')],
    ['no end of the value', plist('/w/App', date).replace('</string>', '<x/></string>')],
    ['no date', plist('/w/App', date).replace('LastAccessedDate', 'Other')],
  ])('is not known for %s', (_what, text) => expect(parseProjectRecord(text)).toBeUndefined());

  it('is read in linear time', () => {
    const text = `<?xml version="1.0"?><key>WorkspacePath</key>${' '.repeat(32_000)}<string>/${'&'.repeat(32_000)}`;
    expect(parseProjectRecord(text)).toBeUndefined();
  });
});

const folderOf = (project: string, letter = 'a') => `${project}-${letter.repeat(28)}`;

it('knows folders of projects by their names, and not what projects share', () => {
  expect(isProjectFolder(folderOf('My App'))).toBe(true);
  for (const name of ['ModuleCache.noindex', 'CompilationCache.noindex', 'App-abc', `App-${'A'.repeat(28)}`])
    expect(isProjectFolder(name)).toBe(false);
});

describe('a folder of derived data', () => {
  const facts = {
    record: { project: '/w/app/app/App.xcodeproj', lastAccess: 0 },
    ...{ repository: 'app', isGone: false, changed: 0, whyKept: undefined },
  };
  const judge = (change: object, name = folderOf('App')) =>
    judgeDerivedData(name, { ...facts, ...change }, 20 * day, 14 * day);

  it('goes if it was not used for max-age, by the record and by its files', () => {
    expect(judge({})).toEqual({ action: 'remove', why: 'it was used 20 days ago' });
    expect(judge({ changed: 6 * day }).action).toBe('keep');
    expect(judge({ record: { ...facts.record, lastAccess: 6 * day } }).action).toBe('keep');
    expect(judge({ changed: 6 * day - 1 }).action).toBe('remove');
  });

  it('goes after a day if the repository is gone', () => {
    const why = 'the folder of its repository app is gone';
    expect(judge({ changed: 19 * day - 1, isGone: true })).toEqual({ action: 'remove', why });
    expect(judge({ changed: 19 * day, isGone: true }).action).toBe('keep');
  });

  it('stays if it is not known whose it is, or belongs to another place', () => {
    expect(judge({ record: undefined, isGone: true }).why).toMatch(/not known whose it is/);
    expect(judge({ repository: undefined, isGone: true }).why).toMatch(/not in this runner's work folder/);
    expect(judge({ whyKept: "protected by the machine's policy", isGone: true }).action).toBe('keep');
  });
});

describe('derived-data', () => {
  /** A Mac whose clock is 100 days ahead. Each entry names the path of its project, from the runner's folder on. */
  const makeMac = (projects: Record<string, string>, files: readonly string[] = []) => {
    const machine = makeMachine(files);
    const home = join(machine.top, 'home');
    const base = join(home, 'Library/Developer/Xcode/DerivedData');
    const folder = 'home/Library/Developer/Xcode/DerivedData';
    for (const [name, project] of Object.entries(projects)) {
      machine.make(`../${folder}/${name}/Build/Products/App.app/App`);
      machine.make(`../${folder}/${name}/info.plist`, plist(join(machine.root, project), date));
    }
    machine.make(`../${folder}/ModuleCache.noindex/x.pcm`);
    const kernel = { ...machine.ground.kernel, platform: 'darwin' as const };
    const now = Date.now() + 10 * day;
    const ground = { ...machine.ground, kernel, home, now };
    return { ...machine, base, ground, left: () => readdirSync(base).sort() };
  };
  const [gone, used, other] = [folderOf('Gone'), folderOf('Used'), folderOf('Other')];
  const projects = {
    [gone]: '_work/gone/gone/Gone.xcodeproj',
    [used]: '_work/app/app/ios/Used.xcworkspace',
    [other]: '../elsewhere/gone/Other.xcodeproj',
  };

  it('removes what was built from repositories of this runner that are gone, and leaves the rest', async () => {
    const { ground, left, top } = makeMac(projects);
    const item = derivedDataItem(ground);
    const folder = join('home/Library/Developer/Xcode/DerivedData');
    expect(await planOf(item, top)).toEqual([
      ...[`remove ${folder}/${gone}`, `keep ${folder}/${other}`, `keep ${folder}/${used}`],
    ]);
    expect(await runItem(item)).toMatchObject({ removed: 1, leftovers: [], finished: true });
    expect(left()).toEqual(['ModuleCache.noindex', other, used]);
  });

  it('removes what was not used for max-age, although the workspace is empty after each job', async () => {
    const { ground, left } = makeMac(projects);
    expect(await runItem(derivedDataItem({ ...ground, now: ground.now + 5 * day }))).toMatchObject({
      removed: 2,
    });
    expect(left()).toEqual(['ModuleCache.noindex', other]);
  });

  it('leaves what the policy protects, links, and what is on a disk with enough space', async () => {
    const { ground, left, base } = makeMac(projects);
    const protect = [join(base, gone, 'Build')];
    expect(await runItem(derivedDataItem({ ...ground, protect }))).toMatchObject({ removed: 0 });
    const enough = () => Promise.resolve(true);
    expect(await runItem(derivedDataItem({ ...ground, enough }))).toMatchObject({ removed: 0 });
    renameSync(join(base, gone), join(base, 'elsewhere'));
    symlinkSync('elsewhere', join(base, gone));
    expect(await runItem(derivedDataItem(ground))).toMatchObject({ removed: 0 });
    expect(left()).toHaveLength(5);
  });

  it('leaves all if the record is a link, too large or binary', async () => {
    const { ground, base } = makeMac(projects);
    const info = join(base, gone, 'info.plist');
    const text = plist(join(ground.folders.work, 'gone/gone/App'), date);
    for (const change of [
      () => symlinkSync(join(base, other, 'info.plist'), info),
      () => writeFileSync(info, `${text}${' '.repeat(65 * 1024)}`),
      () => writeFileSync(info, `bplist00${text}`),
    ]) {
      rmSync(info);
      change();
      expect((await derivedDataItem(ground).plan(deadline())).map(({ action }) => action)).toEqual(
        Array(3).fill('keep'),
      );
    }
  });

  it('goes on with what a clean-up has begun to remove, but does not touch a folder that is used meanwhile', async () => {
    const { ground, base, left } = makeMac(projects);
    mkdirSync(join(base, nameDuring(folderOf('Half'))));
    const item = derivedDataItem(ground);
    const steps = await item.plan(deadline());
    mkdirSync(join(ground.folders.work, 'gone/gone'), { recursive: true });
    const { removed, leftovers } = await item.execute(steps, deadline());
    expect([removed, leftovers[0]?.reason]).toEqual([1, expect.stringContaining('it was used')]);
    expect(left()).toEqual([gone, 'ModuleCache.noindex', other, used]);
  });

  it('is only there on macOS, in the home of the user, also behind a link', async () => {
    const { ground, base, top } = makeMac(projects);
    for (const platform of ['linux', 'win32'] as const) {
      const item = derivedDataItem({ ...ground, kernel: { ...ground.kernel, platform } });
      expect(await item.plan(deadline())).toEqual([]);
    }
    expect(derivedDataFolder(undefined, { platform: 'darwin' })).toBeUndefined();
    expect(derivedDataFolder(top, { platform: 'darwin' })).toBeUndefined();
    mkdirSync(join(top, 'second/Library/Developer/Xcode'), { recursive: true });
    const link = join(top, 'second/Library/Developer/Xcode/DerivedData');
    symlinkSync(base, link);
    expect(derivedDataFolder(join(top, 'second'), { platform: 'darwin' })).toBe(link);
    expect(await runItem(derivedDataItem({ ...ground, home: join(top, 'second') }))).toMatchObject({
      removed: 1,
    });
    expect(existsSync(join(base, gone))).toBe(false);
  });
});
