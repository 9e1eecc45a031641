import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { processAlive, readProcess } from '@runner-actions/host';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openReader, type SampleReader } from '../../src/sampling/reader-io.ts';

let reader: SampleReader | undefined;
afterEach(() => {
  reader?.close();
  vi.unstubAllEnvs();
});

/** Opens the reader of a Linux machine with or without the device of NVIDIA's driver. */
function openOn({ device }: { device: boolean }): SampleReader {
  const root = mkdtempSync(join(tmpdir(), 'machine-'));
  mkdirSync(join(root, 'dev'));
  if (device) writeFileSync(join(root, 'dev', 'nvidiactl'), '');
  return (reader = openReader({ paths: [], interval: 60_000 }, { root, platform: 'linux' }));
}

/** Puts a program in the place of `nvidia-smi` at the start of PATH. It writes its process id to a file. */
function standIn(body: string): { pid: () => number } {
  const folder = mkdtempSync(join(tmpdir(), 'gpu-'));
  const [program, started] = [join(folder, 'nvidia-smi'), join(folder, 'pid')];
  const script = `require('node:fs').writeFileSync(${JSON.stringify(started)}, String(process.pid)); ${body}`;
  writeFileSync(program, `#!${process.execPath}\n${script}\n`);
  chmodSync(program, 0o755);
  vi.stubEnv('PATH', folder + delimiter + (process.env['PATH'] ?? ''));
  return { pid: () => Number(readFileSync(started, 'utf8')) };
}

// A row as the program writes it, with the last one repeated: a set is whole when the next begins.
const row = '0, GPU-00000000-0000-0000-0000-000000000000, NVIDIA H200, 50, 7, 32362, 143771, 627.40, 52';

describe.skipIf(process.platform === 'win32')('openReader: GPUs', () => {
  it('samples have the use and memory of each GPU from one process, which ends with the reader', async () => {
    const program = standIn(`console.log(${JSON.stringify(`${row}\n${row}`)}); setInterval(() => {}, 1000);`);
    const { read, close } = openOn({ device: true });
    await expect.poll(async () => (await read()).gpus).toBeDefined();
    const mebibytes = (count: number): number => count * 2 ** 20;
    expect((await read()).gpus).toEqual([
      {
        ...{ index: 0, name: 'NVIDIA H200', use: 0.5 },
        ...{ usedBytes: mebibytes(32362), totalBytes: mebibytes(143771) },
      },
    ]);
    const pid = program.pid();
    const startTime = readProcess(pid)!.startTime;
    close();
    await expect.poll(() => processAlive(pid, startTime)).toBe(false);
  });

  it('a driver whose program is missing is told once', async () => {
    vi.stubEnv('PATH', mkdtempSync(join(tmpdir(), 'empty-')));
    const { read } = openOn({ device: true });
    const notes: string[] = [];
    await expect
      .poll(async () => notes.push(...((await read()).notes ?? []).filter((note) => note.includes('GPU'))))
      .toBe(1);
    expect(notes[0]).toMatch(/^GPUs are not measured: .*nvidia-smi/);
    expect((await read()).notes ?? []).toEqual([]);
  });

  it('a machine without the driver starts nothing, and says nothing', async () => {
    const program = standIn('');
    const { read } = openOn({ device: false });
    const sample = await read();
    expect(sample).not.toHaveProperty('gpus');
    expect((sample.notes ?? []).join()).not.toContain('GPU');
    expect(() => program.pid()).toThrow('ENOENT');
  });
});
