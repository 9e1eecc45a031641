import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { problemsOf } from './problems-of.ts';

interface InvalidFile {
  case: string;
  file?: string;
  files?: Record<string, string>;
  problems: string[];
}

const sections = parse(readFileSync(join(import.meta.dirname, 'invalid-files.yml'), 'utf8')) as Record<
  string,
  InvalidFile[]
>;

describe.each(Object.entries(sections))('invalid files: %s', (_section, table) => {
  it.each(table)('$case', async ({ file = '', files = { 'ci/a.yml': file }, problems }) => {
    expect(await problemsOf(files)).toEqual(problems);
  });
});
