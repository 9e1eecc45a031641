import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDeadline } from '@runner-actions/core';
import { describe, expect, it } from 'vitest';
import { gpuHost } from '../../../src/kinds/gpu/gpu-host-io.ts';
import { openMachine } from '../../../src/machine-io.ts';
import { jobWith } from '../check-kind.ts';

const host = gpuHost(openMachine(jobWith({ PATH: '' }), startDeadline(60_000)));
const folder = mkdtempSync(join(tmpdir(), 'gpu-'));
writeFileSync(join(folder, 'file'), 'text');
symlinkSync('file', join(folder, 'link'));

describe('gpuHost', () => {
  it.skipIf(process.platform !== 'linux')('reads a file of the kernel, which has no size', async () =>
    expect(await host.read('/proc/version')).toContain('Linux version'),
  );

  it('reads a file through a link, and nothing that is missing or a folder', async () => {
    expect(await host.read(join(folder, 'link'))).toBe('text');
    expect(await host.read(join(folder, 'none'))).toBeUndefined();
    expect(await host.read(folder)).toBeUndefined();
  });

  it('tells a file that it may use from one that is missing', async () => {
    expect(await host.access(join(folder, 'file'))).toBe('allowed');
    expect(await host.access(join(folder, 'none'))).toBe('missing');
  });

  it('finds no program on an empty PATH', async () => {
    expect(await host.run('nvidia-smi', [])).toBeUndefined();
    expect(await host.list(join(folder, 'none'))).toEqual([]);
  });
});
