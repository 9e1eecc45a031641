import { mkdirSync, mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startDeadline } from '@runner-actions/core';
import { closeFolder, openFolder } from '@runner-actions/host';
import { cleanKeptGit, type KeptGitOutcome } from '../../src/items/kept-git-io.ts';
import { type KeptGitPlan, planKeptGit } from '../../src/items/kept-git-plan.ts';

export const evil = '[core]\n\tfsmonitor = run\n';

/** Creates a folder with a workspace `w` and, outside of it, `outside`. Keys of `files` are paths in that folder. */
export function make(files: Record<string, string>): string {
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'kept-')));
  for (const [path, contents] of Object.entries({
    'w/.git/HEAD': 'ref: refs/heads/main\n',
    'outside/x': '',
    ...files,
  })) {
    mkdirSync(dirname(join(top, path)), { recursive: true });
    writeFileSync(join(top, path), contents);
  }
  return top;
}

export function withWorkspace<T>(top: string, act: (folder: ReturnType<typeof openFolder>) => T): T {
  const folder = openFolder(join(top, 'w'));
  try {
    return act(folder);
  } finally {
    closeFolder(folder);
  }
}

export const plan = (top: string, milliseconds = 60_000): KeptGitPlan =>
  withWorkspace(top, (folder) => planKeptGit(folder, startDeadline(milliseconds)));
export const execute = (top: string, planned: KeptGitPlan, milliseconds = 60_000): KeptGitOutcome =>
  withWorkspace(top, (folder) => cleanKeptGit(folder, planned, startDeadline(milliseconds)));
export const clean = (top: string): KeptGitOutcome => execute(top, plan(top));
export const reasonsOf = ({ residue }: { residue: KeptGitOutcome['residue'] }) =>
  residue.map(({ path, reason }) => `${path}: ${reason}`).sort();
