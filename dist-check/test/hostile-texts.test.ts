import fc from 'fast-check';
import { marked } from 'marked';
import { describe, expect, it } from 'vitest';
import { renderSummary as ofCleanup } from '../../actions/cleanup-workspace/src/report.ts';
import { renderSummary as ofMetrics } from '../../actions/report-job-metrics/src/summary.ts';
import { renderSummary as ofRescue } from '../../actions/rescue-queued-jobs/src/report.ts';
import { restoreLine } from '../../actions/restore-local-cache/src/report/report.ts';
import { renderSummary as ofSelection } from '../../actions/select-runner/src/report/report.ts';
import { renderSummary as ofValidation } from '../../actions/validate-preinstalled/src/report.ts';
import { collectAnnotations } from '../../packages/core/src/annotations.ts';
import { escapeMarkdown } from '../../packages/core/src/index.ts';

/** Each summary, with a stranger's text wherever one may come from a tool, a file, a name, a server or the kernel. */
const summaries: Record<string, (text: string) => string> = {
  'validate-preinstalled': (text) => {
    const requirement = { name: text, severity: 'error' as const, line: 1, column: 1 };
    const tool = { ...requirement, kind: 'tool' as const, range: text, prerelease: false };
    const result = { requirement: tool, status: 'fail' as const, found: text, wanted: text, notice: text };
    const counts = { pass: 0, warn: 0, fail: 1, error: 0, skip: 0 };
    return ofValidation(text, [result, result], { status: 'fail', counts, missing: [text] }, 0);
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
    const told = { placements: [placement], request: { pools: [pool, named] }, facts: new Map(), verdicts };
    return ofSelection({ ...told, estimates: {}, dryRun: false } as unknown as Parameters<
      typeof ofSelection
    >[0]);
  },
  'rescue-queued-jobs': (text) => {
    const run = { id: 1, name: text, url: `https://github.example/run/1)${text}` };
    const told = { run, reason: 'stuck', why: text, outcome: { result: 'left', why: text } };
    return ofRescue([told, told] as unknown as Parameters<typeof ofRescue>[0], false);
  },
  'cleanup-workspace': (text) => {
    const residue = [{ path: text, reason: text }];
    return ofCleanup(
      { workspace: text, steps: [] },
      { freedBytes: 0, removed: 0, residue, leftovers: residue, finished: true },
    );
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
    const figures = { stalls: [], points: [], thrashSeconds: 0, samples: 0, durationSeconds: 0 };
    const series = { head, samples: [], skipped: 0 };
    const reported = { series, figures, end: 'stopped' } as unknown as Parameters<typeof ofMetrics>[0];
    return ofMetrics(reported, 'mermaid');
  },
  'annotations that did not fit': (text) => {
    const annotations = collectAnnotations(() => undefined);
    for (let count = 0; count < 12; count += 1) annotations.add('error', text, { file: text });
    return annotations.flush();
  },
};

const hostile = fc
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

/** The HTML's tags, without what stands between them. */
const skeleton = (html: string): string => [...html.matchAll(/<\/?\w+/g)].map(([tag]) => tag).join(' ');

/** What people read, without code, in which nothing is a mention. */
function prose(html: string): string {
  const text = html.replaceAll(/<code>[^<]*<\/code>/g, '').replaceAll(/<[^>]*>/g, ' ');
  return text.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));
}

describe.each(Object.entries(summaries))('a stranger’s text in the summary of %s', (_name, render) => {
  const html = (text: string): string => marked.parse(render(text), { gfm: true, async: false });
  const plain = skeleton(html('xax'));

  it('becomes no link, image, HTML, mention or further cell', () => {
    const law = fc.property(hostile, (text) => {
      const shown = html(text);
      expect(skeleton(shown)).toBe(plain);
      expect(prose(shown)).not.toMatch(/@\w|#\d|\bGH-\d|https?:\/\/|www\./i);
    });
    fc.assert(law, { numRuns: 500 });
  });
});
