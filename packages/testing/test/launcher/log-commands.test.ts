import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openSecretMasker } from '../../src/launcher/secret-masker.ts';
import { openStepLog } from '../../src/launcher/step-log.ts';

/** Returns the log of a step that writes these lines. */
function read(lines: readonly string[], settings: Record<string, string> = {}) {
  const workspace = mkdtempSync(join(tmpdir(), 'workspace-'));
  const masker = openSecretMasker();
  const log = openStepLog({ masker, workspace, setting: (name) => settings[name] });
  for (const line of lines) log.read(line.replaceAll('WORKSPACE', workspace));
  return { ...log, workspace, masker };
}

describe('a command with ::', () => {
  it.each([
    ['\t \u0085\u00a0\u3000::error::x', 'after white space of .NET'],
    ['::ERROR::x', 'in upper case'],
    ['##[error]x', 'in brackets'],
  ])('is recognized in %j: %s', (line) => {
    expect(read([line])).toMatchObject({
      annotations: [{ level: 'error', message: 'x' }],
      lines: ['##[error]x'],
    });
  });

  it.each([['x ::error::y'], ['\ufeff::error::y'], ['::unknown::y'], ['::error y'], [':: error::y']])(
    'is not recognized in %j',
    (line) => expect(read([line])).toMatchObject({ annotations: [], lines: [line] }),
  );

  it('has its data and properties unescaped once', () => {
    const { annotations } = read(['::error title=a%253Ab%2Cc::100%25%0A%253A%3A']);
    expect(annotations).toEqual([{ level: 'error', title: 'a%3Ab,c', message: '100%\n%3A%3A' }]);
  });

  it('has properties in any case, and its empty properties are ignored', () => {
    const { annotations } = read(['::warning FILE=WORKSPACE/a=b.c,Line=3,col=,title==T,,::m']);
    expect(annotations).toEqual([{ level: 'warning', message: 'm', file: 'a=b.c', line: 3, title: 'T' }]);
  });

  it.each([
    ['line=5,endLine=3', {}],
    ['endLine=4', { line: 4, endLine: 4 }],
    ['line=2,endLine=3,col=1,endColumn=9', { line: 2, endLine: 3 }],
    ['line=2,col=7,endColumn=3', { line: 2 }],
    ['col=7', {}],
    ['line=2,endColumn=3', { line: 2, column: 3, endColumn: 3 }],
    ['line=two', {}],
  ])('keeps only lines and columns that do not contradict each other: %s', (place, kept) => {
    expect(read([`::error ${place}::m`]).annotations).toEqual([{ level: 'error', message: 'm', ...kept }]);
  });
});

describe('a command with ##[', () => {
  it('is recognized anywhere in a line, and has its own escapes', () => {
    const { annotations } = read(['found name##[warning file=a%3Bb;line=2]x%5D%0Ay']);
    expect(annotations).toEqual([{ level: 'warning', message: 'x]\ny', file: 'a;b', line: 2 }]);
  });

  it('is recognized if the line begins with :: but not with a known command', () => {
    expect(read(['::unknown::##[notice]n']).annotations).toEqual([{ level: 'notice', message: 'n' }]);
  });

  it('is recognized only at the first ##[ of its line', () => {
    expect(read(['##[x] ##[error]y'])).toMatchObject({ annotations: [], lines: ['##[x] ##[error]y'] });
  });
});

describe('log commands', () => {
  it('create at most ten annotations per level, with at most 4,096 characters', () => {
    const { annotations } = read([...Array(12).keys()].map(() => `::error::${'x'.repeat(5000)}`));
    expect(annotations.map(({ message }) => message.length)).toEqual(Array(10).fill(4096));
  });

  it('create no annotation without a message', () => expect(read(['::error:: ']).annotations).toEqual([]));

  it('are ignored from stop-commands until its token', () => {
    const { annotations, lines } = read([
      '::stop-commands::A-Token',
      '::error::not obeyed',
      '##[add-path]/x',
      '::a-TOKEN::',
      '::error::obeyed',
      '::a-token::',
    ]);
    expect(annotations.map(({ message }) => message)).toEqual(['obeyed']);
    expect(lines[1]).toBe('::error::not obeyed');
    expect(lines.at(-1)).toBe('::a-token::');
  });

  it.each([[''], ['error'], ['pause-logging']])(
    'fail the step for the stop-commands token %j, and continue to be executed',
    (token) => {
      const log = read([`::stop-commands::${token}`, '::notice::n']);
      expect(log.failed).toBe(true);
      expect(log.annotations.at(-1)).toEqual({ level: 'notice', message: 'n' });
    },
  );

  it.each([['add-path'], ['set-env name=A']])('fail the step for %s', (command) => {
    const log = read([`::${command}::/evil`]);
    expect(log.failed).toBe(true);
    expect(log.annotations[1]?.message).toContain('command is disabled');
  });

  it('set outputs and state, with a warning that this is deprecated', () => {
    const log = read(['::set-output name=a::1%0A2', 'x##[save-state name=b]2', '::set-output::3']);
    expect(log).toMatchObject({ outputs: { a: '1\n2' }, state: { b: '2' }, failed: true });
    expect(log.annotations.filter(({ level }) => level === 'warning')).toHaveLength(3);
  });

  it('mask the value of add-mask, and each line of it, from then on', () => {
    const { lines, masks } = read([
      'first',
      '::add-mask::first%0A  second',
      'the first and a second',
      '::error::second',
    ]);
    expect(masks).toEqual(['first\n  second']);
    expect(lines).toEqual(['first', 'the *** and a ***', '##[error]***']);
  });

  it('fail the step for add-matcher if the file does not exist', () => {
    const log = read(['::add-matcher::matchers.json']);
    expect(log.failed).toBe(true);
    writeFileSync(join(log.workspace, 'good.json'), '{}');
    expect(read([`::add-matcher::${log.workspace}/good.json`]).failed).toBe(false);
  });

  it('appear in the log after echo is on', () => {
    const { lines } = read([
      '::group::a',
      '::echo::on',
      '::group::b',
      '::add-mask::x',
      '::endgroup::',
      '::echo::maybe',
    ]);
    expect(lines.slice(0, 5)).toEqual([
      '##[group]a',
      '::group::b',
      '##[group]b',
      '::endgroup::',
      '##[endgroup]',
    ]);
  });
});

describe('the secret masker', () => {
  it.each([
    ['as it is', 'a"b\'c<&d-1234', 'a"b\'c<&d-1234'],
    ['as JSON', 'a"b\'c<&d-1234', 'a\\"b\'c<&d-1234'],
    ['as XML', 'a"b\'c<&d-1234', 'a&quot;b&apos;c&lt;&amp;d-1234'],
    ['in a URI', 'a(b) c', 'a%28b%29%20c'],
    ['in an expression', "it's-secret", "it''s-secret"],
    ['without its quotes', '"quoted-secret"', 'quoted-secret'],
  ])('masks a secret %s', (_form, secret, text) => {
    const masker = openSecretMasker();
    masker.add(secret);
    expect(masker.mask(`<${text}>`)).toBe('<***>');
  });

  it.each([0, 1, 2])('masks a secret in base64 after %d other bytes', (before) => {
    const masker = openSecretMasker();
    masker.add('password-of-the-user');
    expect(
      masker.mask(Buffer.from(`${'u'.repeat(before)}password-of-the-user`).toString('base64')),
    ).toContain('***');
  });

  it('replaces overlapping secrets by one mask', () => {
    const masker = openSecretMasker();
    masker.add('abcd');
    masker.add('cdef');
    expect(masker.mask('xabcdefx abcd cdef')).toBe('x***x *** ***');
  });
});
