import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { action, launchAsUser, makeRunner, reason } from '../as-user.ts';

const steps = [{ action, with: { keep: '.git', when: 'now', token: '' } }];
const git = '_work/app/app/.git';

describe.skipIf(reason !== '')(`a kept .git with entries of root${reason}`, () => {
  it.each([
    ['a folder', [`${git}/HEAD`, `!${git}/objects/ab/cd`]],
    ['a file in a folder of this user', [`${git}/logs/HEAD`, `!${git}/logs/refs`]],
  ])('goes to the trash, since each later checkout would fail: %s', (_, files) => {
    const directory = makeRunner(files);
    const { conclusion, steps: [step] = [] } = launchAsUser({ steps, directory });
    expect(conclusion).toBe('success');
    expect(existsSync(join(directory, git))).toBe(false);
    expect(step?.stdout).toMatch(/move +"\.git" \("(objects|logs\/refs)" in it belongs to root/);
    expect(step?.summary).toMatch(/next checkout clones again/);
  });

  it('stays in a dry run, which shows the move', () => {
    const directory = makeRunner([`${git}/HEAD`, `!${git}/objects/ab/cd`]);
    const dryRun = [{ action, with: { ...steps[0]?.with, 'dry-run': 'true' } }];
    const { steps: [step] = [] } = launchAsUser({ steps: dryRun, directory });
    expect(step?.stdout).toContain('remove ".git" ("objects" in it belongs to root');
    expect(readdirSync(join(directory, git)).sort()).toEqual(['HEAD', 'objects']);
  });

  it('stays if all of it belongs to root: jobs in a container may go on with it', () => {
    const directory = makeRunner([]);
    execFileSync('mkdir', [join(directory, git)]);
    const { conclusion } = launchAsUser({ steps, directory });
    expect(conclusion).toBe('success');
    expect(existsSync(join(directory, git))).toBe(true);
  });

  it('stays if root owns only files that git replaces, as after a `git status` in a container', () => {
    const directory = makeRunner([
      `${git}/HEAD`,
      `${git}/objects/ab/cd`,
      `!${git}/index`,
      `!${git}/packed-refs`,
    ]);
    launchAsUser({ steps, directory });
    expect(readdirSync(join(directory, git)).sort()).toEqual(['HEAD', 'index', 'objects', 'packed-refs']);
  });
});
