import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { launchJob, patchNodeModule } from '@runner-actions/testing';
import { expect, it } from 'vitest';

const action = resolve(import.meta.dirname, '..');
const keep = 'kept\nhalf/**/*.keep';
const mine = [
  'a/deep/er/1',
  'a/2',
  'file',
  'half/x/gone',
  'half/in/a.keep',
  'half/in/gone',
  'kept/x',
  'ro/f',
];
const kept = ['half/in/a.keep', 'kept/x'];
const outside = ['_work/other/other/src', '_work/_tool/node/bin', 'home/.ssh/id', 'elsewhere/precious'];

/** Creates a runner's folder. The content of each file is its path. */
function makeWorld(): { directory: string; workspace: string } {
  const directory = mkdtempSync(join(tmpdir(), 'runner-'));
  const workspace = join(directory, '_work/app/app');
  for (const file of [...mine.map((name) => `_work/app/app/${name}`), ...outside]) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), file);
  }
  for (const at of ['link', 'a/link', 'half/link'])
    symlinkSync(join(directory, 'elsewhere'), join(workspace, at));
  return { directory, workspace };
}

/** The action, or its helper, dies before its call with this number that changes something. */
const dieAt = (which: 'main' | 'file-helper/index', call: number) =>
  patchNodeModule(
    'node:fs',
    `if (process.argv[1]?.endsWith('/${which}.js')) {
      let count = 0;
      for (const name of ['renameSync', 'unlinkSync', 'rmdirSync', 'mkdirSync', 'chmodSync']) {
        const original = module[name];
        module[name] = (...values) => {
          if (++count !== ${call}) return original(...values);
          if (${which !== 'main'}) process.kill(process.ppid, 'SIGKILL');
          process.kill(process.pid, 'SIGKILL');
        };
      }
    }`,
  );

const filesIn = (folder: string) =>
  readdirSync(folder, { recursive: true, withFileTypes: true, encoding: 'utf8' })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

it.each(['main', 'file-helper/index'] as const)(
  'finishes in the next run when %s is killed at any step, and nothing else is lost',
  async (which) => {
    const steps = [{ action, with: { when: 'now', keep, strict: 'true' } }];
    let killed = 0;
    for (let call = 1, isKilled = true; isKilled; call += 1) {
      const { directory, workspace } = makeWorld();
      const job = await launchJob({ steps, directory, env: dieAt(which, call) });
      isKilled = job.conclusion !== 'success';
      killed += isKilled ? 1 : 0;
      for (const file of kept)
        expect(readFileSync(join(workspace, file), 'utf8')).toBe(`_work/app/app/${file}`);
      const next = await launchJob({ steps, directory });
      expect(next.conclusion, `after a kill at call ${call}: ${next.steps[0]?.stdout}`).toBe('success');
      expect(filesIn(workspace)).toEqual(kept);
      expect(existsSync(join(directory, '_work/.trash'))).toBe(false);
      for (const file of outside) expect(readFileSync(join(directory, file), 'utf8')).toBe(file);
    }
    expect(killed).toBeGreaterThan(which === 'main' ? 5 : 10);
  },
);
