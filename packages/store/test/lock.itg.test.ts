import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownerName, ownerOf } from '@runner-actions/host';
import { describe, expect, it } from 'vitest';
import { type LockHolder } from '../src/index.ts';
import { readLock, releaseLock, takeLock, touchLock } from '../src/lock.ts';
import { sweepLocks } from '../src/lock.ts';

const module = join(import.meta.dirname, '../src/lock.ts');
const holder = (job: string, change: object = {}): LockHolder => ({
  owner: { ...ownerOf(process.pid), ...change },
  job,
  purpose: job,
});
const place = () => join(mkdtempSync(join(tmpdir(), 'lock-')), 'lock');

describe('a lock', () => {
  it('stays with one job until that job releases it', () => {
    const path = place();
    expect(takeLock(path, holder('a'))).toBe('taken');
    expect(takeLock(path, holder('b'))).toMatchObject({ purpose: 'a' });
    expect(takeLock(path, holder('a'))).toBe('taken');
    releaseLock(path, { job: 'b' });
    expect(readLock(path)?.job).toBe('a');
    releaseLock(path, { job: 'a' });
    expect(readdirSync(join(path, '..'))).toEqual([]);
  });

  it('becomes stale only after a long time without a touch when its holder cannot be checked', () => {
    const path = place();
    takeLock(path, holder('a', { host: 'elsewhere' }), 60_000);
    expect(takeLock(path, holder('b'), 60_000)).toMatchObject({ job: 'a' });
    const before = new Date(Date.now() - 120_000);
    utimesSync(path, before, before);
    touchLock(path);
    expect(takeLock(path, holder('b'), 60_000)).toMatchObject({ job: 'a' });
    utimesSync(path, before, before);
    expect(takeLock(path, holder('b'), 60_000)).toBe('taken');
  });

  it('is removed with its drafts when its process is dead; other locks stay', () => {
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    const folder = join(place(), '..');
    for (const [name, pid] of [
      ['mine', process.pid],
      ['dead', gone],
    ] as const)
      writeFileSync(join(folder, name), JSON.stringify(holder(name, { pid })));
    // If a process is killed while it creates a lock, only the name of the draft is known.
    const draft = (name: string, change: object): string =>
      `.runner-actions-${ownerName({ ...ownerOf(process.pid), ...change })}_${name}`;
    const kept = ['mine', 'unknown', draft('mine', {}), draft('new', { host: 'elsewhere' })];
    const old = draft('old', { host: 'elsewhere' });
    for (const name of [...kept.slice(1), old, draft('dead', { pid: gone })])
      writeFileSync(join(folder, name), '');
    const before = new Date(Date.now() - 2 * 3_600_000);
    utimesSync(join(folder, old), before, before);
    sweepLocks(folder, holder('sweeper'));
    expect(readdirSync(folder).sort()).toEqual(kept.sort());
  });

  it('has an unknown holder when it cannot be read', () => {
    const path = place();
    writeFileSync(path, 'half a lo');
    expect(takeLock(path, holder('b'))).toMatchObject({
      purpose: expect.stringContaining('unknown') as string,
    });
  });

  it('is taken over by exactly one of many processes when its holder is dead', async () => {
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    for (let round = 0; round < 4; round += 1) {
      const path = place();
      writeFileSync(path, JSON.stringify(holder('dead', { pid: gone })));
      const script = `const { takeLock } = await import(${JSON.stringify(module)}); const { ownerOf } = await import('@runner-actions/host');
        const answer = takeLock(${JSON.stringify(path)}, { owner: ownerOf(process.pid), job: String(process.pid), purpose: '' });
        console.log(answer === 'taken' ? 'taken' : 'other'); await new Promise((end) => process.stdin.on('data', end)); process.exit();`;
      const children = Array.from({ length: 6 }, () =>
        spawn(process.execPath, ['--input-type=module', '-e', script], {
          cwd: join(import.meta.dirname, '..'),
          stdio: ['pipe', 'pipe', 'inherit'],
        }),
      );
      const answers = await Promise.all(
        children.map(
          (child) =>
            new Promise<string>((said) =>
              child.stdout.once('data', (text: Buffer) => said(text.toString().trim())),
            ),
        ),
      );
      for (const child of children) child.stdin.end('end');
      expect(answers.filter((answer) => answer === 'taken')).toHaveLength(1);
      expect(readdirSync(join(path, '..'))).toEqual(['lock']);
    }
  });
});
