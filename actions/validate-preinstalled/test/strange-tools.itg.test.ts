import { chmodSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { launchJob } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';

const action = resolve(import.meta.dirname, '..');

/** Creates a folder of programs and checks one of them. */
async function check(
  tool: string,
  fill: (folder: string) => void,
  env: (folder: string) => Record<string, string> = (folder) => ({ PATH: folder }),
) {
  const folder = mkdtempSync(join(tmpdir(), 'path-'));
  symlinkSync(process.execPath, join(folder, 'node'));
  fill(folder);
  const manifest = `version: 1\ntools: { ${tool}: '>=1' }\n`;
  const steps = [{ action, with: { manifest, 'on-failure': 'warn' } }];
  const job = await launchJob({ env: env(folder), steps });
  const report = JSON.parse(readFileSync(job.steps[0]?.outputs['report'] ?? '', 'utf8')) as {
    results: { status: string; found: string; advice?: string; notice?: string }[];
  };
  return { folder, ...report.results[0] };
}

function write(path: string, content: string | Buffer, mode = 0o755): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  chmodSync(path, mode);
}

describe.skipIf(process.platform === 'win32')('a tool that a person sees on the machine', () => {
  it('is named when it is a dangling link, as after an upgrade by Homebrew', async () => {
    const { folder, status, found, advice } = await check('poetry', (path) =>
      symlinkSync('/no/such/Cellar/poetry', join(path, 'poetry')),
    );
    expect({ status, found }).toEqual({
      status: 'fail',
      found: `${folder}/poetry, a link to /no/such/Cellar/poetry, which does not exist`,
    });
    expect(advice).toContain('Reinstall poetry');
  });

  it('is no dead end when it has no --version and no rule', async () => {
    const { status, advice } = await check('oddtool', (path) =>
      write(join(path, 'oddtool'), `#!${process.execPath}\nprocess.exit(2)\n`),
    );
    expect(status).toBe('error');
    expect(advice).toContain("require it under 'files' with 'type: executable'");
  });

  it('is named when it may not be executed', async () => {
    const { folder, status, found, advice } = await check('krew', (path) =>
      write(join(path, 'krew'), '#!/bin/sh\n', 0o644),
    );
    expect({ status, found }).toEqual({
      status: 'fail',
      found: `${folder}/krew, which this user may not execute`,
    });
    expect(advice).toBe(`Run chmod u+x ${folder}/krew, or reinstall it.`);
  });

  it('is found in a usual folder that the PATH of the service lacks', async () => {
    const { folder, status, advice } = await check(
      'rustup',
      (path) => write(join(path, '.cargo/bin/rustup'), '#!/bin/sh\n'),
      (path) => ({ PATH: path, HOME: path }),
    );
    expect(status).toBe('fail');
    expect(advice).toContain(`There is ${folder}/.cargo/bin/rustup, but ${folder}/.cargo/bin is not on PATH`);
  });

  it('is missing where PATH has a variable that no shell has replaced', async () => {
    const { status, advice } = await check(
      'no-such-tool',
      () => undefined,
      (path) => ({ PATH: `$HOME/.cargo/bin:${path}` }),
    );
    expect(status).toBe('fail');
    expect(advice).toContain("PATH has '$HOME/.cargo/bin' as text");
  });
});

describe.skipIf(process.platform === 'win32')('a Java on PATH', () => {
  const java = (version: number) => `#!/bin/sh\necho 'openjdk version "${version}.0.1" 2023-10-17' >&2\n`;
  const fill = (path: string) => {
    write(join(path, 'java'), java(17));
    write(join(path, 'jdk-8/bin/java'), java(8));
  };

  it('passes with a notice where JAVA_HOME is that of another Java', async () => {
    const { folder, status, notice } = await check('java', fill, (path) => ({
      ...{ PATH: path, JAVA_HOME: `${path}/jdk-8` },
    }));
    expect({ status, notice }).toEqual({
      status: 'pass',
      notice: `JAVA_HOME leads to ${folder}/jdk-8/bin/java, which Maven and Gradle take in its place.`,
    });
  });

  it('passes with a notice where JAVA_HOME has no Java', async () => {
    const { status, notice } = await check('java', fill, (path) => ({ PATH: path, JAVA_HOME: '/no/jdk' }));
    expect({ status, notice }).toEqual({
      status: 'pass',
      notice: 'JAVA_HOME is /no/jdk, which has no bin/java.',
    });
  });

  it('passes without a notice where JAVA_HOME is its own', async () => {
    const { status, notice } = await check(
      'java',
      (path) => {
        write(join(path, 'jdk-17/bin/java'), java(17));
        symlinkSync('jdk-17/bin/java', join(path, 'java'));
      },
      (path) => ({ PATH: path, JAVA_HOME: `${path}/jdk-17` }),
    );
    expect([status, notice]).toEqual(['pass', undefined]);
  });
});

describe.skipIf(process.platform === 'win32')('a program that does not start', () => {
  it.each([
    ['in its first line', '#!/bin/sh\r\necho mytool 1.2.3\r\n'],
    ['after its first line, as npm of Windows in WSL', '#!/bin/sh\n\r\ncase x in\r\n  x) :;;\r\nesac\r\n'],
  ])('is named when it has line ends of Windows %s', async (_, script) => {
    const { status, found, advice } = await check('mytool', (path) => write(join(path, 'mytool'), script));
    expect({ status, found }).toMatchObject({
      status: 'fail',
      found: expect.stringContaining("Windows' line ends (CRLF)"),
    });
    expect(advice).toContain('(LF)');
  });

  it('is named with its interpreter', async () => {
    const { status, found } = await check('mytool', (path) =>
      write(join(path, 'mytool'), '#!/nix/store/none/bin/bash\necho 1.2.3\n'),
    );
    expect({ status, found }).toEqual({
      status: 'fail',
      found: 'a script whose interpreter /nix/store/none/bin/bash is missing',
    });
  });

  it('is named with its loader, as a program that Nix built for its own store', async () => {
    const loader = '/nix/store/none/ld.so';
    const { status, found, advice } = await check('mytool', (path) =>
      write(join(path, 'mytool'), programWithLoader(loader)),
    );
    expect({ status, found }).toEqual({
      status: 'fail',
      found: `a program whose loader ${loader} is missing`,
    });
    expect(advice).toContain('another system');
  });
});

/** The smallest ELF file for this machine whose only part names a loader (elf(5)). */
function programWithLoader(loader: string): Buffer {
  const file = Buffer.alloc(64 + 56 + loader.length + 1);
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  file.writeUInt16LE(2, 16);
  file.writeUInt16LE(process.arch === 'arm64' ? 183 : 62, 18);
  file.writeUInt32LE(1, 20);
  file.writeBigUInt64LE(64n, 32);
  file.writeUInt16LE(64, 52);
  file.writeUInt16LE(56, 54);
  file.writeUInt16LE(1, 56);
  file.writeUInt32LE(3, 64);
  file.writeUInt32LE(4, 68);
  file.writeBigUInt64LE(120n, 72);
  file.writeBigUInt64LE(BigInt(loader.length + 1), 96);
  file.writeBigUInt64LE(BigInt(loader.length + 1), 104);
  file.write(loader, 120, 'latin1');
  return file;
}
