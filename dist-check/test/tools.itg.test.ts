import { appendFileSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { download, installGoTool } from '../tools.ts';

describe('download', () => {
  it.each([
    [2, true],
    [3, false],
  ])('makes up to three attempts: after %i failures it returns %s', (failures, expected) => {
    const log = join(mkdtempSync(join(tmpdir(), 'download-')), 'log');
    appendFileSync(log, '');
    const script = `echo >> '${log}'; [ $(wc -l < '${log}') -gt ${failures} ]`;
    expect(download('/bin/sh', ['-c', script], {}, [0, 0])).toBe(expected);
    expect(readFileSync(log, 'utf8')).toHaveLength(3);
  });

  it('does not retry a command that does not exist', () => {
    expect(download('/no/such/command', [], {}, [1_000])).toBe(false);
  });
});

describe('installGoTool', () => {
  it.each(['latest', 'v1', 'v1.2', 'main', '1.2.3', ''])("refuses the version '%s'", (version) =>
    expect(() => installGoTool('one', 'example.com/one', version)).toThrow('is not one exact version'),
  );
});
