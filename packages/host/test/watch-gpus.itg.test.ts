import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type GpuWatch, processAlive, readProcess, watchGpus } from '../src/index.ts';

const row = (index: number, use: number): string =>
  `${index}, GPU-0000000${index}-0000-0000-0000-000000000000, NVIDIA H200, ${use}, 7, 32362, 143771, 627.40, 52`;
const interval = 60_000;

/**
 * Makes a program in the place of `nvidia-smi`. It writes its arguments and process id to a file, then runs
 * `body`, which may use `print` and `row`.
 */
function standIn(body: string) {
  const folder = mkdtempSync(join(tmpdir(), 'gpu-'));
  const [program, started] = [join(folder, 'nvidia-smi'), join(folder, 'started')];
  writeFileSync(
    program,
    `#!${process.execPath}
require('node:fs').writeFileSync(${JSON.stringify(started)}, JSON.stringify([process.pid, ...process.argv.slice(2)]));
const print = (text) => process.stdout.write(text);
const row = ${row.toString()};
const hang = () => setInterval(() => {}, 1000);
${body}
`,
  );
  chmodSync(program, 0o755);
  return {
    folder,
    program,
    started: () => JSON.parse(readFileSync(started, 'utf8')) as [number, ...string[]],
  };
}

const twoSets =
  "print(row(0, 5) + '\\n' + row(1, 6) + '\\n' + row(0, 7) + '\\n' + row(1, 8) + '\\n'); hang();";
const uses = (watch: GpuWatch) =>
  watch.latest()?.gpus.map(({ computeRatio }) => Math.round(100 * computeRatio!));

async function watching(
  body: string,
  check: (watch: GpuWatch, tool: ReturnType<typeof standIn>) => Promise<void>,
) {
  const tool = standIn(body);
  const watch = watchGpus({ program: tool.program, interval });
  try {
    await check(watch, tool);
  } finally {
    watch.close();
  }
}

describe.skipIf(process.platform === 'win32')('watchGpus', () => {
  it('gives the newest whole set with its age, from one process', () =>
    watching(twoSets, async (watch, tool) => {
      await expect.poll(() => uses(watch)).toEqual([7, 8]);
      expect(watch.latest()?.age).toBeLessThan(interval);
      expect(watch.note()).toBeUndefined();
      const [, query, format, , loop] = tool.started();
      expect(query).toMatch(/^--query-gpu=index,uuid,name,/);
      expect([format, loop]).toEqual(['--format=csv,noheader,nounits', String(interval)]);
    }));

  it('joins half lines and skips garbage', () =>
    watching(
      `print('garbage, \\u0000\\n\\n' + row(0, 5) + '\\n' + row(0, 4).slice(0, 20));
       setImmediate(() => print(row(0, 4).slice(20) + '\\nNo devices were found\\n')); hang();`,
      async (watch) => expect.poll(() => uses(watch)).toEqual([4]),
    ));

  it('gives nothing while the program hangs, and does not wait for it', () =>
    watching("print(row(0, 5) + '\\n'); hang();", async (watch, tool) => {
      await expect.poll(() => tool.started()).toBeTruthy();
      expect(watch.latest()).toBeUndefined();
    }));

  it('drops a set that is older than three intervals, and says so', async () => {
    let time = 0;
    const { program } = standIn(twoSets);
    const watch = watchGpus({ program, interval: 1_000, now: () => time });
    try {
      await expect.poll(() => uses(watch)).toEqual([7, 8]);
      time = 3_000;
      expect(watch.latest()?.age).toBe(3_000);
      time = 3_001;
      expect(watch.latest()).toBeUndefined();
      expect(watch.note()).toContain('does not answer');
    } finally {
      watch.close();
    }
  });

  it('says in the words of the program why it ended, and does not start it again', () =>
    // documented: canonical/inference-snaps#89
    watching(
      `print('Field "power.draw" is not a valid field to query.\\n\\n'); process.exitCode = 2;`,
      async (watch, tool) => {
        const reason = 'ended with code 2: Field "power.draw" is not a valid field to query.';
        await expect.poll(() => watch.note()).toBe(`GPUs are not measured: ${tool.program} ${reason}.`);
        expect(watch.latest()).toBeUndefined();
      },
    ));

  it('gives the first line of an error, also after data', () =>
    // documented: zzzhouuu/truenas-nvidia-drivers#19
    watching(
      `print(row(0, 5) + '\\n' + 'Failed to initialize NVML: Driver/library version mismatch\\nNVML library version: 580.178\\n');
       process.exitCode = 18;`,
      (watch) =>
        expect
          .poll(() => watch.note())
          .toMatch(/ended with code 18: Failed to initialize NVML: [^.]+ mismatch\.$/),
    ));

  it('says that there is no such program', async () => {
    const watch = watchGpus({ program: join(tmpdir(), 'no-such-folder', 'nvidia-smi'), interval });
    await expect.poll(() => watch.note()).toContain('was not found');
    expect(watch.latest()).toBeUndefined();
    watch.close();
  });

  it('ends the program when it is closed', () =>
    watching('hang();', async (watch, tool) => {
      await expect.poll(() => tool.started()).toBeTruthy();
      const [pid] = tool.started();
      const startTime = readProcess(pid)?.startTime;
      watch.close();
      await expect.poll(() => watch.note()).toContain('SIGKILL');
      if (startTime !== undefined) expect(processAlive(pid, startTime)).toBe(false);
    }));
});

describe.runIf(process.platform === 'linux')('watchGpus in a process of its own', () => {
  const module = join(import.meta.dirname, '../src/watch-gpus.ts');
  const start = (program: string, then: string) =>
    spawn(process.execPath, [
      '--input-type=module',
      '-e',
      `import { watchGpus } from ${JSON.stringify(module)};
       watchGpus({ program: ${JSON.stringify(program)}, interval: 100 }); ${then}`,
    ]);

  it('leaves no program behind when the process is killed', async () => {
    const tool = standIn(
      "process.stdout.on('error', () => process.exit(0)); setInterval(() => print(row(0, 5) + '\\n'), 20);",
    );
    const parent = start(tool.program, 'setInterval(() => {}, 1000);');
    await expect.poll(() => tool.started()).toBeTruthy();
    const [pid] = tool.started();
    const startTime = readProcess(pid)?.startTime ?? 0;
    expect(processAlive(pid, startTime)).toBe(true);
    parent.kill('SIGKILL');
    await expect.poll(() => processAlive(pid, startTime)).toBe(false);
  });

  it('does not keep the process alive', async () => {
    const tool = standIn(
      "process.stdout.on('error', () => process.exit(0)); setInterval(() => print(row(0, 5) + '\\n'), 20);",
    );
    const parent = start(tool.program, '');
    expect(await once(parent, 'exit')).toEqual([0, null]);
  });
});

// Skipped without an NVIDIA GPU and its driver, which brings `nvidia-smi` (Debian's package of that name).
const hasDriver = existsSync('/proc/driver/nvidia/version');
it.skipIf(!hasDriver)('reads the GPUs of this machine', async () => {
  const watch = watchGpus({ program: 'nvidia-smi', interval: 200 });
  try {
    await expect.poll(() => watch.latest()?.gpus[0]?.memoryTotalBytes ?? watch.note()).toBeGreaterThan(0);
  } finally {
    watch.close();
  }
});
