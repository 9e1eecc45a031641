import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CommandFiles, createCommandFiles, readFileCommands } from '../../src/launcher/file-commands.ts';
import { openSecretMasker } from '../../src/launcher/secret-masker.ts';
import { openStepLog } from '../../src/launcher/step-log.ts';

function read(write: (files: CommandFiles) => void, secret = '') {
  const files = createCommandFiles(mkdtempSync(join(tmpdir(), 'commands-')));
  write(files);
  const masker = openSecretMasker();
  masker.add(secret);
  const log = openStepLog({ masker, workspace: '/w', setting: () => undefined });
  return { ...readFileCommands(files, log, masker), log };
}
const output = (text: string) => read((files) => writeFileSync(files.GITHUB_OUTPUT, text)).log;

describe('command files', () => {
  it.each([
    ['a=1\nb=2=3\n\nc=', { a: '1', b: '2=3', c: '' }],
    ['a<<EOF\none\ntwo\nEOF\n', { a: 'one\ntwo' }],
    ['a<<EOF\nEOF', { a: '' }],
    ['a=<<EOF', { a: '<<EOF' }],
    ['a<<=\n1\n=\n', { a: '1' }],
    ['a=1\r\nb<<EOF\r\nx\r\nEOF\r\n', { a: '1\r', b: 'x\r' }],
    ['\ufeffa=1', { a: '1' }],
  ])('reads the outputs in %j, where only a line feed ends a line', (text, outputs) => {
    expect(output(text)).toMatchObject({ outputs, failed: false });
  });

  it.each([
    ['a=1\nbroken\nb=2', "Invalid format 'broken'"],
    ['a=1\nb<<EOF\nx\n', "Invalid value. Matching delimiter not found 'EOF'"],
    ['a=1\nb<<EOF\nx', 'Invalid value. EOF marker missing new line.'],
    ['a=1\n<<EOF\nEOF\n', "Invalid format '<<EOF'. Name must not be empty and delimiter must not be empty"],
    ['a=1\n=b', 'Value cannot be null or empty: name'],
  ])('keeps the records before the invalid one in %j, and fails the step', (text, message) => {
    const log = output(text);
    expect(log).toMatchObject({ outputs: { a: '1' }, failed: true });
    expect(log.annotations).toMatchObject([
      { message: "Unable to process file command 'output' successfully." },
      { message },
    ]);
  });

  it('treats a missing file as empty, and fails the step for a folder in its place', () => {
    const gone = read((files) => Object.values(files).forEach((file) => rmSync(file)));
    expect(gone).toMatchObject({ paths: [], variables: {}, summary: '', log: { failed: false } });
    const folder = read((files) => {
      rmSync(files.GITHUB_ENV);
      mkdirSync(files.GITHUB_ENV);
      writeFileSync(files.GITHUB_STATE, 'kept=1');
    });
    expect(folder.log).toMatchObject({ failed: true, state: { kept: '1' } });
  });

  it('ignores NODE_OPTIONS in GITHUB_ENV in any case, with an error, without failing the step', () => {
    const { variables, log } = read((files) =>
      writeFileSync(files.GITHUB_ENV, 'A=1\nNode_Options=--import=x\nB=2'),
    );
    expect(variables).toEqual({ A: '1', B: '2' });
    expect(log).toMatchObject({ failed: false, annotations: [{ level: 'error' }] });
  });

  it('reads paths that end with LF, CR or CR LF', () => {
    expect(read((files) => writeFileSync(files.GITHUB_PATH, '/a\r\n\n/b\r/c')).paths).toEqual([
      '/a',
      '/b',
      '/c',
    ]);
  });

  it('masks a summary line by line', () => {
    const { summary } = read((files) => writeFileSync(files.GITHUB_STEP_SUMMARY, '# hush\r\nend'), 'hush');
    expect(summary).toBe('# ***\nend\n');
  });

  it('drops a summary above 1 MiB with an error, without failing the step', () => {
    const size = 1024 * 1024;
    const fits = read((files) => writeFileSync(files.GITHUB_STEP_SUMMARY, `${'x'.repeat(size - 1)}\n`));
    expect(fits.summary).toHaveLength(size);
    const { summary, log } = read((files) => writeFileSync(files.GITHUB_STEP_SUMMARY, 'x'.repeat(size + 1)));
    expect(summary).toBe('');
    expect(log).toMatchObject({ failed: false, annotations: [{ level: 'error' }] });
    expect(log.annotations[0]?.message).toContain('up to a size of 1024k, got 1024k');
  });
});
