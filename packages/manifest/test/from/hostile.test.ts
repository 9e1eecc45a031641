import { describe, expect, it } from 'vitest';
import { readVersionFile, versionFiles } from '../../src/from/index.ts';

const mebibyte = 1024 * 1024;
const paths = versionFiles.flatMap(({ names }) => names);
const firsts = versionFiles.map(({ names }) => names[0] ?? '');

describe('any file', () => {
  const texts: [string, string][] = [
    ['nothing', ''],
    ['NUL bytes', '\0'.repeat(1000)],
    ['half characters', '\uD800'.repeat(1000)],
    ['open brackets', '['.repeat(20_000)],
    ['open braces', '{"a":'.repeat(5000)],
    ['open inline tables', `a = ${'{a='.repeat(5000)}`],
    ['deep arrays', `a = ${'['.repeat(5000)}${']'.repeat(5000)}`],
    ['deep inline tables', `a = ${'{a = '.repeat(3000)}1${'}'.repeat(3000)}`],
    ['a long dotted key', `[tools]\na${'.a'.repeat(3000)} = "1"`],
    ['a long header', `[tools${'.a'.repeat(3000)}]\na = "1"`],
    ['a long text', `[tools]\nnode = "${'1'.repeat(120_000)}"`],
    ['a long number', `[tools]\nnode = ${'1'.repeat(120_000)}`],
    ['an open entry', 'brew "a",\n'.repeat(3000)],
  ];

  it.each(texts)('with %s is read or has a problem, and nothing throws', (_, text) => {
    for (const path of firsts) {
      const file = readVersionFile(path, text);
      expect(file, path).toBeDefined();
      expect(JSON.stringify(file).length, path).toBeLessThan(1_000_000);
      if (file?.problem !== undefined) expect(file, path).toMatchObject({ stated: [], notRead: [] });
    }
  });

  it('of more than 1 MiB has a problem', () => {
    for (const path of paths) {
      expect(readVersionFile(path, '\n'.repeat(mebibyte + 1))?.problem?.expected).toBe(
        'a file of at most 1 MiB',
      );
    }
  });

  it('may begin with a byte order mark', () => {
    expect(readVersionFile('package.json', '\uFEFF{"engines":{"node":"20"}}')?.stated).toMatchObject([
      { column: 20 },
    ]);
    expect(readVersionFile('mise.toml', '\uFEFFtools.node = "20"')?.stated).toMatchObject([{ column: 14 }]);
  });

  it('may have the line ends of Windows', () => {
    expect(readVersionFile('.tool-versions', 'node 20\r\ngo 1.22\r\n')?.stated).toMatchObject([
      { requirement: { version: '20' }, line: 1 },
      { requirement: { version: '1.22' }, line: 2 },
    ]);
    expect(readVersionFile('Brewfile', 'brew "a"\r\nbrew "b" if c\r\n')?.stated).toHaveLength(1);
    expect(readVersionFile('package.json', '{\r\n"engines":\r\n{"node":"20"}}')?.stated).toMatchObject([
      { line: 3, column: 9 },
    ]);
  });
});

describe('limits', () => {
  it('a file says at most 1,000 things', () => {
    const text = Array.from({ length: 1001 }, (_, index) => `tool${index} 1\n`).join('');
    expect(readVersionFile('.tool-versions', text)?.problem).toEqual({
      ...{ line: 1001, column: 10 },
      expected: 'at most 1000 entries',
    });
  });

  it.each([
    ['package.json', `${'[\n'.repeat(101)}${']'.repeat(101)}`, { line: 101, column: 1 }],
    ['mise.toml', `a = ${'['.repeat(101)}${']'.repeat(101)}`, { line: 1, column: 105 }],
    ['mise.toml', `[a${'.a'.repeat(100)}]`, { line: 1, column: 2 }],
  ])('%s has at most 100 levels', (path, text, place) => {
    expect(readVersionFile(path, text)?.problem).toEqual({ ...place, expected: 'at most 100 levels' });
  });

  it('a TOML file has at most 128 KiB', () => {
    const problem = { line: 1, column: 1, expected: 'a TOML file of at most 128 KiB' };
    expect(readVersionFile('pyproject.toml', '#'.repeat(128 * 1024 + 1))?.problem).toEqual(problem);
    expect(readVersionFile('pyproject.toml', '#'.repeat(128 * 1024))?.problem).toBeUndefined();
  });
});

describe('text of strangers', () => {
  it('is shown on one line, without invisible signs, at most 80 characters', () => {
    const key = 'evil\n::error::\u202E\u0000\u2028';
    const file = readVersionFile(
      'devcontainer.json',
      JSON.stringify({ features: { [key]: {}, [`x${'y'.repeat(200)}`]: {} } }),
    );
    const [first, second] = file?.notRead ?? [];
    expect(first?.text).toBe('evil\uFFFD::error::\uFFFD\uFFFD\uFFFD');
    expect(second?.text).toHaveLength(80);
  });

  it.each([
    ['mise.toml', '[tools]\n"pipx:git+https://me:secret@example.org/x" = "1"'],
    ['package.json', '{"packageManager":"yarn@https://secret@example.org/y.tgz"}'],
    ['Brewfile', 'tap "a/b", "https://me:secret@example.org/a/b"'],
    ['.nvmrc', `https://me:${'x'.repeat(110)}secret@example.org/`],
  ])('%s shows no password of an address: %j', (path, text) => {
    const [left] = readVersionFile(path, text)?.notRead ?? [];
    expect(left?.text).toContain('//***@example.org');
    expect(left?.text).not.toMatch(/secret|xxx/);
  });

  it.each([
    ['mise.toml', '[tools]\n"a\\nb" = "1"'],
    ['mise.toml', '[tools]\n"npm:a\\nb" = "1"'],
    ['mise.toml', '[tools]\n"npm:a" = "1\\n2"'],
    ['mise.toml', '[tools]\n"ubi:a/b" = { version = "1", exe = "../sh" }'],
    ['package.json', '{"engines":{"node":"20\\n21\\u0000"}}'],
    ['rust-toolchain.toml', '[toolchain]\nchannel = "stable\\nx"'],
    ['Brewfile', 'brew "a b"'],
    ['.sdkmanrc', '../x=1'],
  ])('%s cannot put it into a requirement: %j', (path, text) => {
    const said = JSON.stringify(readVersionFile(path, text)?.stated);
    expect(said).not.toMatch(/\\|\.\.|a b/);
  });
});

describe('names', () => {
  it('are known in each folder, on each system', () => {
    for (const path of paths) {
      expect(readVersionFile(`some/folder/${path}`, '')).toBeDefined();
      expect(readVersionFile(`C:\\folder\\${path.replaceAll('/', '\\')}`, '')).toBeDefined();
    }
  });

  it.each(['x.nvmrc', 'config.toml', 'nvmrc', '.nvmrc/x', '', 'Brewfile.lock.json', '__proto__'])(
    '%j is none',
    (path) => {
      expect(readVersionFile(path, '20')).toBeUndefined();
    },
  );
});
