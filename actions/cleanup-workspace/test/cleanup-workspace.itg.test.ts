import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { ownerName, ownerOf } from '@runner-actions/host';
import { type JobOptions, launchJob, patchNodeModule, preloadModule } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';

const action = resolve(import.meta.dirname, '..');
const litter =
  'mkdir -p "src/a b" .cache && echo x > "src/a b/f" && echo x > ..odd && echo x > "new\nline" && ln -s /etc link && chmod 555 src';
const leave = { run: ['/bin/sh', '-c', litter] };

const clean = (inputs: Record<string, string> = {}, change: Partial<JobOptions> = {}) =>
  launchJob({ steps: [{ action, with: inputs }, leave], ...change });
const report = (path: string | undefined) =>
  (
    JSON.parse(readFileSync(path ?? '', 'utf8')) as {
      items: { item: string; steps: object[]; outcome?: object }[];
    }
  ).items.find(({ item }) => item === 'workspace');
const trashOf = (workspace: string) => join(dirname(dirname(workspace)), '.trash');

describe('cleanup-workspace', () => {
  it('empties the workspace after the job, and leaves the directory but no trash', async () => {
    const { workspace, posts, steps, conclusion } = await clean();
    expect(conclusion).toBe('success');
    expect(readdirSync(workspace)).toEqual([]);
    expect(statSync(workspace).isDirectory()).toBe(true);
    expect(existsSync(trashOf(workspace))).toBe(false);
    expect(posts[0]?.summary).toMatch(/Clean-up: .* freed, \d+ removed/);
    expect(report(steps[0]?.outputs['report'])?.outcome).toMatchObject({ residue: [], finished: true });
    expect(existsSync('/etc/passwd')).toBe(true);
  });

  it('creates the same plan in a dry run, and changes nothing', async () => {
    const dry = await clean({ 'dry-run': 'true' });
    expect(readdirSync(dry.workspace)).toHaveLength(5);
    expect(existsSync(trashOf(dry.workspace))).toBe(false);
    const planned = report(dry.steps[0]?.outputs['report']);
    expect(planned?.outcome).toBeUndefined();
    const real = await launchJob({ steps: [{ action }], directory: dry.directory });
    expect(report(real.steps[0]?.outputs['report'])?.steps).toEqual(planned?.steps);
    expect(readdirSync(real.workspace)).toEqual([]);
  });

  it('keeps entries that match the input keep', async () => {
    const { workspace } = await clean({ keep: 'src/**\n!src/none\n..odd' });
    expect(readdirSync(workspace).sort()).toEqual(['..odd', 'src']);
    expect(existsSync(join(workspace, 'src/a b/f'))).toBe(true);
  });

  it.each([
    ['[s]*', ['src']],
    ['[.]cache', ['.cache']],
    ['["src", "..odd"]', ['..odd', 'src']],
    ['[s]rc, ..odd', ['..odd', 'src']],
    ['none', []],
    ['**', ['..odd', '.cache', 'link', 'new\nline', 'src']],
    ['.cache, src\n..odd', ['..odd', '.cache', 'src']],
  ])('keeps the matching entries with the input keep: %s', async (keep, kept) => {
    expect(readdirSync((await clean({ keep })).workspace).sort()).toEqual(kept);
  });

  it('logs the globs that matched nothing', async () => {
    const { posts } = await clean({ keep: 'src\nsrc/a b\nsrk\nlink\n**/none\n!**/no' });
    expect(posts[0]?.stdout).toContain("These globs of 'keep' matched nothing: 'srk', '**/none', '!**/no'.");
    const dry = await clean({ 'dry-run': 'true', keep: 'srk\nsrc/none' });
    expect(dry.posts[0]?.stdout).toContain("These globs of 'keep' matched nothing: 'srk'.");
  });

  it('sets outputs with when: now', async () => {
    const { steps, workspace } = await launchJob({
      steps: [leave, { action, with: { when: 'now', keep: '.cache' } }],
    });
    expect(readdirSync(workspace)).toEqual(['.cache']);
    expect(steps[1]?.outputs).toMatchObject({ skipped: '1', residue: '[]' });
    expect(Number(steps[1]?.outputs['removed'])).toBe(6);
  });

  it('does nothing on a GitHub-hosted runner', async () => {
    const { workspace, steps } = await clean({}, { environment: 'github-hosted' });
    expect(readdirSync(workspace)).toHaveLength(5);
    expect(steps[0]?.stdout).toContain('nothing to clean');
  });

  it('warns in the main phase when it is not the first step', async () => {
    const { steps } = await launchJob({ steps: [{ run: ['git', 'init', '-q'] }, { action }] });
    expect(steps[1]?.annotations[0]).toMatchObject({
      level: 'warning',
      message: expect.stringContaining('List cleanup-workspace as the first step') as string,
    });
  });

  it('does not warn of a .git that stays from job to job, or in a dry run', async () => {
    const init = { run: ['git', 'init', '-q'] };
    const steps = [init, { action, with: { keep: '.git' } }, { action, with: { 'dry-run': 'true' } }];
    const job = await launchJob({ steps });
    expect(job.steps.flatMap(({ annotations }) => annotations)).toEqual([]);
  });

  it.each([
    [{ budget: 'soon' }, /Input 'budget' is 'soon': expected a duration/],
    [{ when: 'later' }, /Input 'when' is 'later': expected one of post, now/],
    [{ 'dry-run': 'maybe' }, /Input 'dry-run' is 'maybe': expected true or false/],
    [{ keep: '../other' }, /Input 'keep' has '..\/other'/],
    [{ keep: '["src", .cache]' }, /Input 'keep' is '\["src", .cache\]': expected a list/],
    [{ keep: '[src, .cache]' }, /Input 'keep' has '\[src': expected its bracket to be closed/],
    [{ keep: '{.cache,src}' }, /Input 'keep' has '\{.cache': braces do not mean alternatives/],
    [{ keep: 'none, src' }, /Input 'keep' has 'none': 'none' stands alone/],
    [{ keep: '!.cache' }, /Input 'keep' has only '!.cache', which keeps nothing/],
  ])('refuses the inputs %o', async (inputs: Record<string, string>, message) => {
    const { steps, workspace } = await clean(inputs);
    expect(steps[0]?.exitCode).toBe(1);
    expect(steps[0]?.annotations[0]?.message).toMatch(message);
    expect(readdirSync(workspace)).toEqual([]);
  });

  it.each([
    ['is the work folder', (directory: string) => join(directory, '_work')],
    ['is outside of the work folder', () => mkdtempSync(join(tmpdir(), 'elsewhere-'))],
    ['contains the runner’s temp folder', (directory: string) => directory],
  ])('refuses a workspace that %s', async (_what, choose) => {
    const directory = mkdtempSync(join(tmpdir(), 'runner-'));
    const workspace = choose(directory);
    mkdirSync(workspace, { recursive: true });
    writeFileSync(join(workspace, 'precious'), '');
    const { steps } = await launchJob({ steps: [{ action, with: { when: 'now' } }], directory, workspace });
    expect(steps[0]?.exitCode).toBe(1);
    expect(steps[0]?.annotations[0]?.message).toMatch(/is not emptied/);
    expect(existsSync(join(workspace, 'precious'))).toBe(true);
  });

  it('refuses a workspace that is a link', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'runner-'));
    const [outside, workspace] = [
      mkdtempSync(join(tmpdir(), 'outside-')),
      join(directory, '_work', 'app', 'app'),
    ];
    mkdirSync(dirname(workspace), { recursive: true });
    writeFileSync(join(outside, 'precious'), '');
    symlinkSync(outside, workspace);
    const { steps } = await launchJob({ steps: [{ action, with: { when: 'now' } }], directory });
    expect(steps[0]?.annotations[0]?.message).toMatch(/is not emptied/);
    expect(readdirSync(outside)).toEqual(['precious']);
  });

  it('warns of residue and succeeds, but fails with strict', async () => {
    const immutable = {
      run: ['/bin/sh', '-c', 'echo x > stuck && mkdir d && mount -t tmpfs none d && echo x > d/f'],
    };
    // A removal never removes a mount. The whole job runs in a mount namespace, so that it can mount.
    const script = `const { launchJob } = await import('${resolve(action, '../../packages/testing/src/index.ts')}');
      const [plain, strict] = [await launchJob({ steps: [{ action: '${action}' }, ${JSON.stringify(immutable)}] }),
        await launchJob({ steps: [{ action: '${action}', with: { strict: 'true' } }, ${JSON.stringify(immutable)}] })];
      console.log(JSON.stringify([plain.conclusion, plain.posts[0].annotations, strict.conclusion]));`;
    const own = process.getuid?.() === 0 ? [] : ['--map-root-user'];
    const { stdout, stderr } = spawnSync(
      'unshare',
      ['--mount', ...own, process.execPath, '--input-type=module', '-e', script],
      { encoding: 'utf8' },
    );
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual([
      'success',
      [
        {
          level: 'warning',
          message: expect.stringMatching(/Not everything could be removed: .*mounted/) as string,
        },
      ],
      'failure',
    ]);
  });

  it('moves a workspace away that contains another user’s files, so that the next checkout works', () => {
    if (process.getuid?.() !== 0) return expect(process.getuid?.()).toBeGreaterThan(0);
    const directory = mkdtempSync(join(tmpdir(), 'runner-'));
    const workspace = join(directory, '_work/app/app');
    mkdirSync(join(workspace, 'root-owned/deep'), { recursive: true });
    writeFileSync(join(workspace, 'root-owned/deep/file'), '');
    for (const path of ['.', '_work', '_work/app', '_work/app/app'])
      execFileSync('chown', ['65534:65534', join(directory, path)]);
    const script = `const { launchJob } = await import('${resolve(action, '../../packages/testing/src/index.ts')}');
      const job = await launchJob({ steps: [{ action: '${action}' }], directory: '${directory}' });
      console.log(JSON.stringify([job.conclusion, job.posts[0].annotations[0].message]));`;
    const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
      uid: 65534,
      gid: 65534,
      env: { PATH: process.env['PATH'] },
    });
    expect(JSON.parse(stdout)).toEqual([
      'success',
      expect.stringMatching(/moved out of the workspace.*another user \(root\); remove it as root/),
    ]);
    expect(readdirSync(workspace)).toEqual([]);
    expect(statSync(workspace).uid).toBe(65534);
  });

  it('works when several clean-ups run at the same time', async () => {
    const fill = 'for d in a b c d e f g h; do mkdir $d && (cd $d && seq 200 | xargs touch); done';
    const { directory } = await launchJob({ steps: [{ run: ['/bin/sh', '-c', fill] }] });
    const jobs = await Promise.all(
      [1, 2, 3, 4].map(() =>
        launchJob({ steps: [{ action, with: { when: 'now', strict: 'true' } }], directory }),
      ),
    );
    expect(jobs.map(({ steps: [step] }) => step?.annotations)).toEqual([[], [], [], []]);
    expect(readdirSync(jobs[0]?.workspace ?? '')).toEqual([]);
    expect(existsSync(trashOf(jobs[0]?.workspace ?? ''))).toBe(false);
  });

  it('creates the trash again when another clean-up removes it at the same moment', async () => {
    const env = patchNodeModule('node:fs', vanishing);
    const { conclusion, workspace, posts } = await clean({ strict: 'true' }, { env });
    expect(conclusion).toBe('success');
    // Without a trash the entry would be removed in place.
    expect(posts[0]?.stdout).toContain('src is moved');
    expect(readdirSync(workspace)).toEqual([]);
    expect(existsSync(trashOf(workspace))).toBe(false);
  });

  it('leaves entries alone that another clean-up has moved to the trash, until that clean-up has ended', async () => {
    // This process lives until it is killed, or until its input ends with the test process.
    const other = spawn('cat');
    const { directory, workspace } = await launchJob({ steps: [{ run: ['true'] }] });
    const theirs = join(trashOf(workspace), `${ownerName(ownerOf(other.pid ?? 0))}_aside`);
    mkdirSync(join(theirs, 'deep'), { recursive: true });
    const again = () => launchJob({ steps: [{ action, with: { when: 'now', strict: 'true' } }], directory });
    expect((await again()).conclusion).toBe('success');
    expect(readdirSync(theirs)).toEqual(['deep']);
    other.kill('SIGKILL');
    await once(other, 'exit');
    expect((await again()).conclusion).toBe('success');
    expect(existsSync(theirs)).toBe(false);
  });

  it('works on systems where directories cannot be held open, such as macOS', async () => {
    const fill = 'mkdir -p gone/deep half/kept && touch gone/deep/.x half/kept/y half/z ..odd';
    const { conclusion, workspace, posts } = await launchJob({
      steps: [{ action, with: { keep: 'half/kept', strict: 'true' } }, { run: ['/bin/sh', '-c', fill] }],
      env: preloadModule(asOnMac),
    });
    expect(conclusion, posts[0]?.stdout).toBe('success');
    expect(readdirSync(workspace, { recursive: true }).sort()).toEqual(['half', 'half/kept', 'half/kept/y']);
    expect(existsSync(trashOf(workspace))).toBe(false);
  });
});

/** The trash exists when the clean-up creates it, and is gone when the clean-up creates its folder in it. */
const vanishing = `
  const { mkdirSync, renameSync } = module;
  module.renameSync = (from, to) => {
    if (String(from).endsWith('/src')) console.log('src is moved');
    return renameSync(from, to);
  };
  let isFirst = true;
  module.mkdirSync = (path, options) => {
    if (!isFirst || !/_[\\da-f-]{36}$/.test(String(path))) return mkdirSync(path, options);
    isFirst = false;
    throw Object.assign(new Error('ENOENT: no such file or directory, mkdir'), { code: 'ENOENT' });
  };`;

const asOnMac = `Object.defineProperty(process, 'platform', { value: 'darwin' })`;
