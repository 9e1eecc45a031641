import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLogCommand } from '../../testing/src/launcher/log-commands.ts';
import { collectAnnotations } from '../src/annotations.ts';
import {
  codeBlock,
  codeSpan,
  details,
  escapeMarkdown,
  formatBytes,
  formatDuration,
  summaryLimit,
  table,
} from '../src/index.ts';
import { openLog } from '../src/log.ts';
import { openSummary } from '../src/summary.ts';

describe('collectAnnotations', () => {
  function emitted(count: number) {
    const lines: string[] = [];
    const annotations = collectAnnotations((level, message) => lines.push(`${level} ${message}`));
    for (let index = 1; index <= count; index += 1)
      annotations.add('error', `e${index}`, { file: 'f.yml', line: index });
    return { overflow: annotations.flush(), lines };
  }

  it('shows ten annotations unchanged', () => {
    const { lines, overflow } = emitted(10);
    expect(lines).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((index) => `error e${index}`));
    expect(overflow).toBe('');
  });

  it('shows nine of sixty annotations, says how many more there are, and returns the rest for the summary', () => {
    const { lines, overflow } = emitted(60);
    expect(lines).toHaveLength(10);
    expect(lines[9]).toBe('error 51 more annotations of this level are in the job summary.');
    expect(overflow).toContain('f.yml:60:1: e60');
    expect(overflow.match(/^- /gm)).toHaveLength(51);
  });

  it('escapes untrusted messages in the summary, and shows each place once', () => {
    const annotations = collectAnnotations(() => undefined);
    for (let line = 1; line <= 11; line += 1)
      annotations.add('error', `f.yml:${line}:1: found '<b>|*'\n# x`, { file: 'f.yml', line });
    expect(annotations.flush().split('\n').slice(2, 4)).toEqual([
      "- f.yml:10:1: found '\\<b\\>\\|\\*' \\# x",
      "- f.yml:11:1: found '\\<b\\>\\|\\*' \\# x",
    ]);
  });
});

describe('openSummary', () => {
  const file = () => join(mkdtempSync(join(tmpdir(), 'summary-')), 'summary.md');

  it('never exceeds the limit, cuts off at the end of a line, and says so', () => {
    const path = file();
    writeFileSync(path, 'before\n');
    const summary = openSummary(path, () => undefined);
    for (let index = 0; index < 40; index += 1) summary.add(`${'é'.repeat(50)}\n`.repeat(500));
    const text = readFileSync(path);
    expect(text.length).toBeLessThanOrEqual(summaryLimit);
    expect(text.toString()).toContain('The summary is cut off here');
    expect(text.toString()).not.toContain('\ufffd');
  });

  it('falls back to the log when there is no file', () => {
    const logged: string[] = [];
    openSummary(undefined, (text) => logged.push(text)).add('# Title');
    openSummary('/nonexistent/folder/summary', (text) => logged.push(text)).add('# Other');
    expect(logged.join()).toMatch(/# Title[^]*could not be written[^]*# Other/);
  });
});

describe('markdown', () => {
  it('keeps untrusted text in its table cell', () => {
    const row = table(['a', 'b'], [['x | y\nz', codeSpan('p|q `r`')]]).split('\n');
    expect(row[2]).toBe('| x \\| y<br>z | `` p\\|q `r` `` |');
    expect(row).toHaveLength(4);
  });

  it('keeps each line of a block of code whole, and no line can end it', () => {
    expect(codeBlock(['a *b*', '````', 'c\nd'])).toBe('`````\na *b*\n````\nc\\nd\n`````\n');
    expect(codeBlock(['a'])).toBe('```\na\n```\n');
  });

  it('escapes mentions, HTML, links and headings', () => {
    expect(escapeMarkdown('@octocat <img src=x> [a](b)\n# t')).toBe(
      '@\u200boctocat \\<img src=x\\> \\[a\\]\\(b\\) \\# t',
    );
    expect(details('T', 'body')).toContain('<summary>T</summary>');
  });
});

describe('openLog', () => {
  const logged = (text: string): string => {
    const written: string[] = [];
    openLog({ debug: false }, (part) => written.push(part)).info(text);
    return written.join('');
  };

  it.each([
    ['::add-path::/evil', ':\u200b:add-path::/evil\n'],
    ['name\r::error::x', 'name\n:\u200b:error::x\n'],
    [' \u0085\u3000\ufeff::error::x', ' \u0085\u3000\ufeff:\u200b:error::x\n'],
    ['found x##[add-path]y', 'found x##\u200b[add-path]y\n'],
    ['std::vector', 'std::vector\n'],
  ])('escapes the workflow command in %j', (text, shown) => expect(logged(text)).toBe(shown));

  it('never writes a workflow command, for any text', () => {
    const names = ['add-path', 'error', 'stop-commands', 'ADD-MASK', 'set-output name=a'];
    const whole = names.flatMap((name) => [`::${name}::`, `##[${name}]`]);
    const part = fc.oneof(
      fc.constantFrom(...whole),
      fc.constantFrom(
        ...names,
        '::',
        ':',
        '##[',
        '##',
        '[',
        ']',
        '\r',
        '\n',
        ' ',
        '\u0085',
        '\u2028',
        '\ufeff',
        '%0A',
      ),
      fc.string({ unit: 'grapheme', maxLength: 3 }),
    );
    const registered = new Set(['add-path', 'error', 'stop-commands', 'add-mask', 'set-output']);
    const parsed = (text: string) =>
      text.split(/\r\n|\n|\r/).map((line) => parseLogCommand(line.replace(/^\ufeff/, ''), registered));
    const found = { before: 0 };
    fc.assert(
      fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        found.before += parsed(text).some((command) => command !== undefined) ? 1 : 0;
        expect(parsed(logged(text)).every((command) => command === undefined)).toBe(true);
      }),
      { numRuns: 5_000 },
    );
    expect(found.before).toBeGreaterThan(0);
  });

  it('logs a long text of white space in linear time', () => {
    const text = '\n'.repeat(300_000) + '\u2028'.repeat(300_000);
    expect(logged(text)).toBe(`${text}\n`);
  });

  it('keeps the title of a group on one line, and escapes it and the lines', () => {
    const written: string[] = [];
    openLog({ debug: false }, (part) => written.push(part)).group('100%0A\n::error::x', ['##[error]y']);
    expect(written.join('')).toBe('::group::100%250A ::error::x\n##\u200b[error]y\n::endgroup::\n');
  });
});

it.each([
  [12, '12 B'],
  [1536, '1.5 KiB'],
  [20 * 1024 ** 3, '20.0 GiB'],
])('formats %d bytes', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

it.each([
  [640, '640 ms'],
  [12_300, '12.3 s'],
  [245_000, '4 min 5 s'],
  [7_380_000, '2 h 3 min'],
])('formats %d ms', (milliseconds, text) => expect(formatDuration(milliseconds)).toBe(text));
