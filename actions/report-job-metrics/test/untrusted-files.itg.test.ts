import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchJob } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';

const action = join(import.meta.dirname, '..');
const token = 'ghp_0123456789';
const open = { action, with: { interval: '500ms' } };

/** Creates a step that runs a shell script in the folder of the series. */
function inFolder(script: string) {
  return { run: ['/bin/sh', '-c', `cd "$RUNNER_TEMP"/runner-actions/job-metrics/* && ${script}`] };
}

describe('report-job-metrics: a job that replaces the series file', () => {
  it('does not hang in post when the file is a named pipe', async () => {
    const job = await launchJob({ steps: [open, inFolder('rm series.jsonl && mkfifo series.jsonl')] });
    expect(job.conclusion).toBe('success');
    expect(job.posts[0]?.annotations[0]?.message).toContain('The series file is invalid.');
    expect(job.orphans).toEqual([]);
  });

  it('does not write through a symlink', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'home-'));
    const mine = join(folder, 'mine');
    writeFileSync(mine, `${token}\n`);
    const links = `rm series.jsonl && ln -s '${mine}' series.jsonl && ln -s '${folder}/new' stop`;
    const job = await launchJob({ steps: [open, inFolder(links)] });
    expect(job.conclusion).toBe('success');
    expect(readdirSync(folder)).toEqual(['mine']);
    expect(readFileSync(mine, 'utf8')).toBe(`${token}\n`);
    expect(job.posts[0]?.log).not.toContain(token);
    expect(job.orphans).toEqual([]);
  });
});
