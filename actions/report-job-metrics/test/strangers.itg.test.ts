import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchJob } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';

const action = join(import.meta.dirname, '..');
const token = 'ghp_0123456789';
const open = { action, with: { interval: '500ms' } };

/** A step that does this in the folder of the series. */
function inFolder(script: string) {
  return { run: ['/bin/sh', '-c', `cd "$RUNNER_TEMP"/runner-actions/job-metrics/* && ${script}`] };
}

describe('what a job puts in the place of the series', () => {
  it('keeps post from waiting when it is a pipe', async () => {
    const job = await launchJob({ steps: [open, inFolder('rm series.jsonl && mkfifo series.jsonl')] });
    expect(job.conclusion).toBe('success');
    expect(job.posts[0]?.annotations[0]?.message).toContain('The file of the series is broken.');
    expect(job.orphans).toEqual([]);
  });

  it('leads no writing elsewhere when it is a link', async () => {
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
