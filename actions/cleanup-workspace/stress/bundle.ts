import { spawnSync } from 'node:child_process';
import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { environmentOf } from './engine.ts';
import { globs, type World } from './world.ts';

const main = resolve(import.meta.dirname, '../dist/main.js');

/** Runs the built action as a step of a job, with `when: now`. @returns the result as one word */
export function runBundle(world: World, commands: string): string {
  mkdirSync(commands, { recursive: true });
  const files = ['OUTPUT', 'STATE', 'ENV', 'PATH', 'STEP_SUMMARY'].map((name) => {
    const path = join(commands, name);
    writeFileSync(path, '');
    chownSync(path, world.victim, world.victim);
    return [`GITHUB_${name}`, path];
  });
  const { status, stdout, stderr } = spawnSync(process.execPath, [main], {
    uid: world.victim,
    gid: world.victim,
    cwd: '/',
    encoding: 'utf8',
    env: {
      ...environmentOf(world),
      ...(Object.fromEntries(files) as Record<string, string>),
      PATH: process.env['PATH'],
      GITHUB_REPOSITORY: 'octo/app',
      GITHUB_API_URL: 'http://127.0.0.1:9',
      INPUT_WHEN: 'now',
      INPUT_KEEP: globs.join('\n'),
    },
  });
  if (status === 0) return /internal error/.test(stdout) ? 'fault' : 'done';
  return /is not emptied|does not exist/.test(stdout)
    ? 'refused'
    : `ended with ${status}: ${stdout}${stderr}`;
}
