import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { execute, startDeadline, writeFileAtomic } from '../src/index.ts';

describe('execute', () => {
  it('returns the exit code and both output streams', async () => {
    const done = await execute(['/bin/sh', '-c', 'echo out; echo err >&2; exit 3']);
    expect(done).toMatchObject({
      status: 'exited',
      code: 3,
      stdout: 'out\n',
      stderr: 'err\n',
      truncated: false,
    });
  });

  it('passes arguments unchanged, without a shell', async () => {
    const { stdout } = await execute(['printf', '%s', '$(id) `id` "; exit 1\n']);
    expect(stdout).toBe('$(id) `id` "; exit 1\n');
  });

  it('does not throw when a process cannot be started', async () => {
    expect(await execute(['/nonexistent/tool'])).toMatchObject({
      status: 'not-started',
      error: { code: 'ENOENT' },
    });
    expect((await execute(['a\0b'])).status).toBe('not-started');
  });

  it('kills the whole process group after the timeout', async () => {
    const child = 'sleep 300 & echo $!; wait';
    const done = await execute(['/bin/sh', '-c', child], { timeout: 300 });
    expect(done.status).toBe('timed-out');
    const grandchild = Number(done.stdout.trim());
    await expect.poll(() => alive(grandchild)).toBe(false);
  });

  it('stops at a deadline that is sooner than its timeout', async () => {
    const done = await execute(['sleep', '300'], { deadline: startDeadline(100) });
    expect(done.status).toBe('timed-out');
  });

  it('keeps only as much output as its limit allows', async () => {
    const done = await execute(['/bin/sh', '-c', 'head -c 3000000 /dev/zero'], { limitBytes: 1000 });
    expect(done).toMatchObject({ status: 'exited', code: 0, truncated: true });
    expect(done.stdout).toHaveLength(1000);
  });

  it('does not wait for a daemon that keeps the output open', async () => {
    const done = await execute(['/bin/sh', '-c', 'sleep 20 & echo $!']);
    expect(done.status).toBe('exited');
    process.kill(Number(done.stdout), 'SIGKILL');
  });
});

function alive(pid: number): boolean {
  try {
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('writeFileAtomic', () => {
  it('replaces a file, and leaves no temp file behind when it fails', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'atomic-'));
    writeFileSync(join(folder, 'file'), 'old');
    await writeFileAtomic(join(folder, 'file'), 'new');
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('new');
    await expect(writeFileAtomic(join(folder, 'folder-missing', 'file'), 'x')).rejects.toThrow(/ENOENT/);
    await expect(writeFileAtomic(folder, 'x')).rejects.toThrow();
    expect(readdirSync(folder)).toEqual(['file']);
  });
});
