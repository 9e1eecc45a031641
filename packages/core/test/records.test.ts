import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { openRecords } from '../src/records.ts';

afterEach(() => vi.unstubAllEnvs());

it('says by the log what its file took only in part, and leaves no half record', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'records-')), 'output');
  writeFileSync(file, '');
  vi.stubEnv('GITHUB_OUTPUT', file);
  const said: string[] = [];
  const faults: unknown[] = [];
  const send = (name: string, value: string): void => {
    if (process.env['GITHUB_OUTPUT'] === undefined) return void said.push(`${name}=${value}`);
    if (value !== 'long') return appendFileSync(file, `${name}=${value}\n`);
    appendFileSync(file, `${name}<<END\nlo`);
    throw Object.assign(new Error('full'), { code: 'ENOSPC' });
  };
  const records = openRecords('GITHUB_OUTPUT', send, (thrown) => faults.push(thrown));
  for (const value of ['short', 'long', 'last']) records.set('a', value);
  records.set('b', 'two');
  expect(said).toEqual([]);
  records.close();
  expect([said, readFileSync(file, 'utf8'), faults.length]).toEqual([['a=last', 'b=two'], '', 1]);
});
