import { describe, expect, it } from 'vitest';
import { toolNamed } from '../../src/tools/catalogue.ts';
import { readToolOutput } from '../../src/tools/read-output.ts';

const answer = (stdout: string, stderr = '', code: number | null = 0) => ({ code, stdout, stderr });
const ask = (tool: string, stdout: string, stderr = '', code: number | null = 0) =>
  readToolOutput(tool, toolNamed(tool), answer(stdout, stderr, code));

describe('a tool with a rule', () => {
  it.each([
    ['a release candidate of Go', 'go', 'go version go1.21rc2 linux/amd64\n', '1.21rc2'],
    ['Go with two parts', 'go', 'go version go1.22 linux/amd64\n', '1.22'],
    ['Go with experiments', 'go', 'go version go1.24.1 X:nocoverageredesign linux/amd64\n', '1.24.1'],
    ['Git of Apple', 'git', 'git version 2.39.3 (Apple Git-146)\n', '2.39.3'],
    ['Git for Windows', 'git', 'git version 2.43.0.windows.1\n', '2.43.0.windows.1'],
    ['OpenSSL with a letter', 'openssl', 'OpenSSL 1.1.1w  11 Sep 2023\n', '1.1.1w'],
    [
      'a preview of Ruby',
      'ruby',
      'ruby 3.4.0preview1 (2024-05-16 master 9d69619623) [x86_64-linux]\n',
      '3.4.0preview1',
    ],
    ['GCC of Red Hat', 'gcc', 'gcc (GCC) 13.2.1 20231011 (Red Hat 13.2.1-4)\n', '13.2.1'],
    [
      '7-Zip of 16.02',
      '7z',
      '\n7-Zip [64] 16.02 : Copyright (c) 1999-2016 Igor Pavlov : 2016-05-21\n',
      '16.02',
    ],
  ])('reads %s', (_, tool, stdout, version) => {
    expect(ask(tool, stdout)).toEqual({ versions: [version] });
  });

  it.each([
    ['a development build of Go', 'go', 'go version devel go1.24-1f6f8a1 Mon Jan 1 linux/amd64'],
    [
      'the driver of CUDA for nvcc',
      'nvcc',
      'NVIDIA-SMI 535.129.03   Driver Version: 535.129.03   CUDA Version: 12.2',
    ],
  ])('does not take %s', (_, tool, stdout) => {
    expect(ask(tool, stdout)).toMatchObject({ kind: 'no-version' });
  });

  it.each([
    ['with its own name', 'podman version 4.9.4'],
    ['with the name of docker', 'docker version 5.0.3'],
  ])('says that podman stands in for docker, %s', (_, stdout) => {
    const stderr = 'Emulate Docker CLI using podman. Create /etc/containers/nodocker to quiet msg.';
    expect(ask('docker', stdout, stderr)).toEqual({
      unknown: `podman ${stdout.split(' ')[2] ?? ''} in place of docker`,
      kind: 'stand-in',
      advice: 'Install docker itself, or require podman where that is enough.',
    });
  });

  it('says that LibreSSL stands in for OpenSSL, as on macOS', () => {
    expect(ask('openssl', 'LibreSSL 3.3.6\n')).toEqual({
      unknown: 'LibreSSL 3.3.6 in place of openssl',
      kind: 'stand-in',
      advice: 'Install openssl itself, or require LibreSSL where that is enough.',
    });
  });

  it('reads the text of a Terraform that does not know JSON, not the version that it recommends', () => {
    const stdout =
      'Terraform v0.12.2\n\nYour version of Terraform is out of date! The latest version\nis 0.12.3.';
    expect(ask('terraform', stdout)).toEqual({ versions: ['0.12.2'] });
  });

  it('has no versions where it lists none', () => {
    expect(ask('dotnet', '')).toEqual({ versions: [] });
  });

  it('reads only the stream that its entry names', () => {
    expect(ask('terraform', '', '"terraform_version": "1.2.3"')).toMatchObject({ kind: 'no-version' });
  });

  it('reads standard error where standard output has no version', () => {
    expect(ask('java', 'Picked up options\n', 'openjdk version "21.0.1" 2023-10-17\n')).toEqual({
      versions: ['21.0.1'],
    });
  });

  it('does not read beyond the first 64 KiB', () => {
    expect(ask('cmake', `${'.\n'.repeat(40_000)}cmake version 3.25.1\n`)).toMatchObject({
      kind: 'no-version',
    });
  });

  it('answers with its usual exit code, but not with what a version manager says', () => {
    const entry = { names: ['tool'] as const, pattern: /tool (\S+)/, exitCodes: [3] };
    expect(readToolOutput('tool', entry, answer('tool 1.2.3', '', 3))).toEqual({ versions: ['1.2.3'] });
    expect(readToolOutput('tool', entry, answer('nothing', '', 3))).toMatchObject({ kind: 'exit-code' });
  });
});

describe('a tool without a rule', () => {
  it.each([
    ['the version behind its name', 'linter', 'linter 1.4.2 (using parser 9.8.7)', '1.4.2'],
    ['the version behind its name and a word', 'linter', 'Linter, version 1.4.2', '1.4.2'],
    ['the version behind its name and its kind', 'linter', 'linter (GNU tools) 1.4.2', '1.4.2'],
    ['a version of one number behind its name', 'linter', 'linter 590', '590'],
    ['the version behind a slash', 'linter', 'linter/1.4.2 node/20.1.0', '1.4.2'],
    ['the line with its name, not the first', 'linter', 'parser 9.8.7\nlinter 1.4.2', '1.4.2'],
    [
      'the line with its name, not that of a longer one',
      'linter',
      'linter-engine 9.8.7\nlinter 1.4.2',
      '1.4.2',
    ],
    ['the first line, where none has its name', 'linter', 'v1.4.2\nbuilt with 9.8.7', '1.4.2'],
    ['one version that stands twice', 'linter', 'linter 1.4.2\nlinter 1.4.2', '1.4.2'],
    ['a version in colour', 'linter', '\u001b[1mlinter\u001b[0m \u001b[32m1.4.2\u001b[0m', '1.4.2'],
    ['a version in a box', 'linter', '╭──────────────╮\n│ linter 1.4.2 │\n╰──────────────╯', '1.4.2'],
    [
      'the version behind its name, with what it requires',
      'linter',
      'linter 1.4.2 requires a parser',
      '1.4.2',
    ],
    ['a pre-release', 'linter', 'linter 1.4.2-beta.1', '1.4.2-beta.1'],
    ['a version in standard error', 'linter', '', '1.4.2'],
  ])('gives %s', (title, tool, stdout, version) => {
    const stderr = title.includes('standard error') ? 'linter 1.4.2' : '';
    expect(ask(tool, stdout, stderr)).toEqual({ versions: [version] });
  });

  it.each([
    ['two versions on its only line', 'tool', 'engine 1.4.2, parser 9.8.7'],
    ['two versions behind its name', 'linter', 'linter 1.4.2\nlinter 1.5.0'],
    ['two versions on the line with its name', 'linter', 'using 9.8.7 for linter, which is 1.4.2'],
  ])('is ambiguous with %s', (_, tool, stdout) => {
    expect(ask(tool, stdout)).toMatchObject({ kind: 'ambiguous' });
  });

  it.each([
    ['nothing', ''],
    ['only words', 'usage: linter FILE'],
    ['an address', 'linter listens on 127.0.0.1:8080'],
    ['a path', 'linter of /opt/linter/1.4.2/bin'],
    ['what it lacks', 'linter requires libfoo 9.9.9; not found'],
    ['an error', 'error: version 9.9.9 missing'],
    ['a server that it cannot reach', 'cannot connect to server 9.9.9'],
    ['a link', 'see https://example.com/linter/1.4.2/'],
    ['a year', 'linter, Copyright 2019-2024'],
    ['a count', 'linter 64-bit'],
  ])('has no version with %s', (_, stdout) => {
    expect(ask('linter', stdout)).toMatchObject({ kind: 'no-version' });
  });

  it.each([
    ['Java', 'gatk', 'Picked up _JAVA_OPTIONS: -XX:ParallelGCThreads=1\n4.1.7', '4.1.7'],
    [
      'Node.js',
      'repomix',
      '(node:23021) ExperimentalWarning: Importing JSON modules is an experimental feature\n' +
        '(Use `node --trace-warnings ...` to show where the warning was created)\n0.2.12',
      '0.2.12',
    ],
  ])('is not hidden by what %s says first', (_, tool, stdout, version) => {
    expect(ask(tool, stdout)).toEqual({ versions: [version] });
  });

  it('is not read from what a runtime says', () => {
    expect(ask('repomix', '(node:1) Warning: 1.2.3 is old')).toMatchObject({ kind: 'no-version' });
  });

  it('shows the first line, without control characters and at most 120 characters of it', () => {
    const reading = ask('linter', `\n\u0007\u202eno ${'x'.repeat(500)}\nmore`);
    const shown = 'unknown' in reading ? (/\((.*)\)$/s.exec(reading.unknown)?.[1] ?? '') : '';
    expect(shown).toMatch(/^\ufffd\ufffdno x+…$/);
    expect([...shown]).toHaveLength(120);
  });
});

describe('a tool that fails', () => {
  it.each([
    [
      'a missing library',
      't: error while loading shared libraries: libx.so.1: cannot open shared object file: No such file',
      'library',
      'libx.so.1',
    ],
    [
      'a missing library of musl',
      'Error loading shared library libx.so.1: No such file or directory (needed by /bin/t)',
      'library',
      'libx.so.1',
    ],
    [
      'an interpreter that is missing',
      'bash: ./t: /usr/bin/python9: bad interpreter: No such file or directory',
      'interpreter',
      '/usr/bin/python9',
    ],
    [
      'a component that is missing',
      "error: 'rustfmt' is not installed for the toolchain 'stable-x86_64-unknown-linux-gnu'.",
      'shim',
      'component',
    ],
    [
      'the stub of macOS',
      'xcrun: error: invalid active developer path (/Library/Developer/CommandLineTools)',
      'shim',
      'macOS',
    ],
    [
      "the stub of macOS before Xcode's licence is accepted",
      'Agreeing to the Xcode/iOS license requires admin privileges, please run “sudo xcodebuild -license” and then retry this command.',
      'shim',
      'licence',
    ],
    [
      'a shim of Volta without a default',
      'Volta error: Node is not available.\n\nTo run any Node command, first set a default version using `volta install node`',
      'shim',
      'active version',
    ],
    [
      'a snap whose user has a home elsewhere',
      'Sorry, home directories outside of /home needs configuration.',
      'shim',
      'snap',
    ],
  ])('names %s', (_, stderr, kind, named) => {
    expect(ask('t', 'tool 1.2.3', stderr, 127)).toMatchObject({
      kind,
      unknown: expect.stringContaining(named),
    });
  });

  it('says what advice helps', () => {
    const stderr = "pyenv: version `3.5.1' is not installed (set by PYENV_VERSION environment variable)";
    expect(ask('python3', '', stderr, 1)).toMatchObject({
      kind: 'shim',
      advice: expect.stringContaining('version'),
    });
  });

  it.each([9009, 49])("is Windows' stub where it says only its name and ends with %s", (code) => {
    expect(ask('python3', 'Python\r\n', '', code)).toMatchObject({ kind: 'shim' });
  });

  it('is not called a file that may not be executed where the tool may not write', () => {
    const stderr = 'cannot open directory /tmp/snap.1000_shellcheck_XXXXXX: Permission denied';
    expect(ask('shellcheck', '', stderr, 1)).toEqual({
      kind: 'exit-code',
      unknown: `exit code 1 (${stderr})`,
    });
  });

  it.each([
    [1, '', 'exit code 1, without a word'],
    [1, 'Picked up JAVA_TOOL_OPTIONS: -Xmx1g\nError: no room\n', 'exit code 1 (Error: no room)'],
    [null, '', 'was ended by a signal, without a word'],
    [
      2,
      'Traceback (most recent call last):\n  File "x"\nImportError: no y\n',
      'exit code 2 (ImportError: no y)',
    ],
  ])('with %s and %j says: %s', (code, stderr, unknown) => {
    expect(ask('t', '', stderr, code)).toEqual({ kind: 'exit-code', unknown });
  });

  it('is no tool even where it ends with 0 and its version manager speaks', () => {
    const stderr = 'No version is set for command node';
    expect(ask('node', '', stderr)).toMatchObject({ kind: 'shim' });
  });
});

describe('a hostile output', () => {
  const long = 60_000;
  it.each([
    ['digits', '1'.repeat(long)],
    ['dots', '1.'.repeat(long / 2)],
    ['the name again and again', 'linter '.repeat(long / 7)],
    ['versions', 'linter 1.2.3 '.repeat(long / 13)],
    ['escapes', '\u001b['.repeat(long / 2)],
    ['brackets', '(a '.repeat(long / 3)],
    ['lines', '\n'.repeat(long)],
    ['signs of failure', ': error while loading shared libraries: '.repeat(long / 40)],
  ])('of %s is read for every tool', (_, text) => {
    for (const tool of ['linter', 'gcc', 'ssh', 'mysql', 'dotnet', '7z', 'perl', 'zstd']) {
      expect(ask(tool, text, text)).toBeDefined();
      expect(ask(tool, text, text, 1)).toMatchObject({ unknown: expect.any(String) });
    }
  });
});
