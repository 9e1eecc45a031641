import fc from 'fast-check';
import { marked } from 'marked';
import { describe, expect, it } from 'vitest';
import { renderSummary as renderCleanup } from '../../actions/cleanup-workspace/src/report.ts';
import { renderSummary as renderMetrics } from '../../actions/report-job-metrics/src/report/summary.ts';
import { renderSummary as renderRescue } from '../../actions/rescue-queued-jobs/src/report.ts';
import { restoreLine } from '../../actions/restore-local-cache/src/report/report.ts';
import { renderSummary as renderSelection } from '../../actions/select-runner/src/report/report.ts';
import { renderSummary as renderValidation } from '../../actions/validate-preinstalled/src/report.ts';
import { collectAnnotations } from '../../packages/core/src/annotations.ts';
import { escapeMarkdown } from '../../packages/core/src/index.ts';

/** Renders each summary with the same untrusted text in all places where text from outside can appear. */
const summaries: Record<string, (text: string) => string> = {
  'validate-preinstalled': (text) => {
    const place = {
      file: text,
      line: 1,
      column: 1,
      severity: 'error' as const,
      when: [],
      timeout: undefined,
      written: {},
    };
    const requirement = { name: text, ...place };
    const tool = {
      ...requirement,
      ...{
        kind: 'tool' as const,
        ranges: [],
        need: 'all' as const,
        prerelease: false,
        run: false,
        install: true,
        dependsOn: [],
      },
      ...{ command: undefined, match: undefined },
    };
    const result = { requirement: tool, status: 'fail' as const, found: text, wanted: text, notice: text };
    const counts = { pass: 0, warn: 0, fail: 1, error: 0, skip: 0 };
    const machine = { os: text, arch: 'x64', environment: text, container: true };
    return renderValidation(text, [result, result], { status: 'fail', counts, missing: [text] }, 0, machine);
  },
  'select-runner': (text) => {
    const verdict = { capacity: 0, reason: 'error', source: 'static', confidence: 'low', why: text } as const;
    const pool = { name: text, kind: 'runners', labels: [text, text], runsOn: [text] };
    const named = { ...pool, name: `${text}.`, labels: [] };
    const placement = {
      job: { index: 0, item: {} },
      decision: 'run',
      runsOn: text,
      pool: 'fallback',
      verdict,
    };
    const verdicts = new Map([pool, named].map(({ name }) => [name, verdict]));
    const input = { placements: [placement], request: { pools: [pool, named] }, facts: new Map(), verdicts };
    return renderSelection({ ...input, estimates: {}, dryRun: false } as unknown as Parameters<
      typeof renderSelection
    >[0]);
  },
  'rescue-queued-jobs': (text) => {
    const run = { id: 1, name: text, url: `https://github.example/run/1)${text}` };
    const input = { run, reason: 'stuck', why: text, outcome: { result: 'left', why: text } };
    return renderRescue([input, input] as unknown as Parameters<typeof renderRescue>[0], false);
  },
  'cleanup-workspace': (text) => {
    const residue = [{ path: text, reason: text }];
    const outcome = { freedBytes: 0, removed: 0, residue, finished: true };
    return renderCleanup([{ item: 'workspace', steps: [], outcome, notes: [text] }], [text], false);
  },
  'restore-local-cache': (text) => {
    const found = { bytes: 1, files: 1, why: text, mode: 'copy' as const };
    const hit = { ...found, source: 'local' as const, matchedKey: text };
    const miss = { ...found, source: 'none' as const, matchedKey: undefined };
    const lines = [hit, miss].map((one) => restoreLine(one, text, 1, false, escapeMarkdown));
    return lines.map((line) => `### ${line}\n`).join('\n');
  },
  'report-job-metrics': (text) => {
    const limit = { value: 4, source: text };
    const head = { version: 1 as const, interval: 1, cores: limit, memory: limit, notes: [text, text] };
    const disk = { path: text, mountPoint: text, totalBytes: 9, usedBytes: 4, availableBytes: 5 };
    const empty = { stalls: [], points: [], thrashSeconds: 0, samples: 0, durationSeconds: 8 };
    const figures = { ...empty, fullestDisk: disk, memory: { min: 1, mean: 1, max: 1 } };
    const job = { heaviest: [{ name: text, cpuSeconds: 1, memoryBytes: 1 }] };
    const told = {
      gpus: [{ index: 0, name: text }],
      kills: [{ name: text, ofJob: true }],
      notes: [`job ${text}`],
    };
    const samples = [{ wall: 0, monotonic: 0, disks: [disk], job, ...told }];
    const step = { name: text, number: 1, conclusion: text, startedAt: 0, completedAt: 8_000 };
    const use = { kind: 'other', parallel: true, group: false, seconds: 8 };
    const steps = [{ ...step, span: { from: 0, to: 8 } }, { name: `Parallel group ${text}` }];
    const uses = [use, { ...use, group: true }];
    const github = { steps, use: { whose: 'job', jobSeconds: 8, steps: uses, kinds: [] } };
    return [github, { unknown: text }]
      .map((known) => ({ series: { head, samples, skipped: 0 }, figures, end: 'stopped', job: known }))
      .map((reported) => renderMetrics(reported as unknown as Parameters<typeof renderMetrics>[0], 'mermaid'))
      .join('\n');
  },
  'annotations beyond the limit': (text) => {
    const annotations = collectAnnotations(() => undefined);
    for (let count = 0; count < 12; count += 1) annotations.add('error', text, { file: text });
    return annotations.flush();
  },
};

const untrustedText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ...[
          '@octocat',
          '![x](http://e.example/i)',
          '<img src=x>',
          '<!--',
          '|',
          '\\',
          '`',
          '``',
          '\n',
          '\r\n\r\n',
        ],
        ...[
          '[a](b)',
          '[a]: http://b',
          '#1',
          'GH-1',
          'https://e.example',
          'http://e',
          'www.e.example',
          'a@b.example',
        ],
        ...[
          '&#64;octocat',
          '&lt;img&gt;',
          '***',
          '---',
          '===',
          '1. x',
          '- [ ] x',
          '> q',
          '    code',
          '~~~',
          '$x$',
          '[^1]',
          ':x:',
        ],
      ),
      fc.string({ unit: 'grapheme', maxLength: 4 }),
      fc.constantFrom(' ', 'a', '.', '\t', '\u00a0', '\u200b'),
    ),
    { minLength: 1, maxLength: 8 },
  )
  .map((parts) => `x${parts.join('')}x`);

/** Returns the tags of HTML, without attributes and text. */
const tagsOf = (html: string): string => [...html.matchAll(/<\/?\w+/g)].map(([tag]) => tag).join(' ');

/** Returns the text of HTML without code. In code, GitHub does not create links or mentions. */
function textOutsideCode(html: string): string {
  const text = html.replaceAll(/<code>[^<]*<\/code>/g, '').replaceAll(/<[^>]*>/g, ' ');
  return text.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
}

describe.each(Object.entries(summaries))('untrusted text in the summary of %s', (_name, render) => {
  const html = (text: string): string => marked.parse(render(text), { gfm: true, async: false });
  const plain = tagsOf(html('xax'));

  it('never becomes a link, an image, HTML, a mention or another table cell', () => {
    const property = fc.property(untrustedText, (text) => {
      const shown = html(text);
      expect(tagsOf(shown)).toBe(plain);
      expect(textOutsideCode(shown)).not.toMatch(/@\w|#\d|\bGH-\d|https?:\/\/|www\./i);
    });
    fc.assert(property, { numRuns: 500 });
  });
});
