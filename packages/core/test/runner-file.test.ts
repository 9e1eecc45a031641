import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { openRunnerFile } from '../src/runner-file.ts';

afterEach(() => vi.unstubAllEnvs());

const fileOf = (text: string) => {
  const file = join(mkdtempSync(join(tmpdir(), 'runner-file-')), 'output');
  writeFileSync(file, text);
  vi.stubEnv('GITHUB_OUTPUT', file);
  return file;
};

it('writes each value in the format that GitHub reads, also values with new lines and delimiters', () => {
  const file = fileOf('');
  const runnerFile = openRunnerFile(
    'GITHUB_OUTPUT',
    () => expect.unreachable(),
    () => expect.unreachable(),
  );
  const values = ['', 'one', 'two\nlines\n', 'end-x\nb<<end-x\nforged\nend-x'];
  for (const value of values) runnerFile.set('a', value);
  runnerFile.close();
  const record = /^a<<(?<end>end-\w+)\n(?<value>[^]*?)\n\k<end>\n/;
  let text = readFileSync(file, 'utf8');
  for (const value of values) {
    const found = record.exec(text);
    expect(found?.groups?.['value']).toBe(value);
    text = text.slice(found?.[0].length);
  }
  expect(text).toBe('');
});

it('passes all values through the log when the file cannot be written, and leaves no incomplete record', () => {
  const file = fileOf('half of it');
  const logged: string[] = [];
  const errors: unknown[] = [];
  const runnerFile = openRunnerFile(
    'GITHUB_OUTPUT',
    (name, value) => logged.push(`${name}=${value}`),
    (thrown) => errors.push(thrown),
  );
  for (const value of ['short', 'long']) runnerFile.set('a', value);
  rmSync(file);
  mkdirSync(file);
  runnerFile.set('a', 'last');
  runnerFile.set('b', 'two');
  expect(logged).toEqual([]);
  runnerFile.close();
  expect([logged, errors.length, process.env['GITHUB_OUTPUT']]).toEqual([['a=last', 'b=two'], 1, undefined]);
});

it('reports an error when the file does not exist', () => {
  rmSync(fileOf(''));
  const errors: unknown[] = [];
  const runnerFile = openRunnerFile(
    'GITHUB_OUTPUT',
    () => {},
    (thrown) => errors.push(thrown),
  );
  runnerFile.set('a', 'one');
  expect(errors).toMatchObject([{ code: 'ENOENT' }]);
});
