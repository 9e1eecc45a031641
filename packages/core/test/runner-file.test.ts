import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { openRecords } from '../src/runner-file.ts';

afterEach(() => vi.unstubAllEnvs());

const fileOf = (text: string) => {
  const file = join(mkdtempSync(join(tmpdir(), 'records-')), 'output');
  writeFileSync(file, text);
  vi.stubEnv('GITHUB_OUTPUT', file);
  return file;
};

it('writes each record as GitHub reads it, whatever is in the value', () => {
  const file = fileOf('');
  const records = openRecords(
    'GITHUB_OUTPUT',
    () => expect.unreachable(),
    () => expect.unreachable(),
  );
  const values = ['', 'one', 'two\nlines\n', 'end-x\nb<<end-x\nforged\nend-x'];
  for (const value of values) records.set('a', value);
  records.close();
  const record = /^a<<(?<end>end-\w+)\n(?<value>[^]*?)\n\k<end>\n/;
  let text = readFileSync(file, 'utf8');
  for (const value of values) {
    const found = record.exec(text);
    expect(found?.groups?.['value']).toBe(value);
    text = text.slice(found?.[0].length);
  }
  expect(text).toBe('');
});

it('says by the log what its file did not take, and leaves no half record', () => {
  const file = fileOf('half of it');
  const said: string[] = [];
  const faults: unknown[] = [];
  const records = openRecords(
    'GITHUB_OUTPUT',
    (name, value) => said.push(`${name}=${value}`),
    (thrown) => faults.push(thrown),
  );
  for (const value of ['short', 'long']) records.set('a', value);
  rmSync(file);
  mkdirSync(file);
  records.set('a', 'last');
  records.set('b', 'two');
  expect(said).toEqual([]);
  records.close();
  expect([said, faults.length, process.env['GITHUB_OUTPUT']]).toEqual([['a=last', 'b=two'], 1, undefined]);
});

it('takes a file that is not there for one that cannot be written', () => {
  rmSync(fileOf(''));
  const faults: unknown[] = [];
  const records = openRecords(
    'GITHUB_OUTPUT',
    () => {},
    (thrown) => faults.push(thrown),
  );
  records.set('a', 'one');
  expect(faults).toMatchObject([{ code: 'ENOENT' }]);
});
