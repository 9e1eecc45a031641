import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import type { Requirement } from '@runner-actions/manifest';
import { renderJUnit, renderSummary, sentence, toReport } from '../src/report.ts';
import { type Report, reportSchema } from '../src/report-schema.ts';
import { type Result, type Status, statuses, tallyResults } from '../src/results.ts';

function resultWith(status: Status, name: string = status): Result {
  const requirement = {
    ...{ kind: 'env', name, spec: { equals: 'never-shown', secret: true }, severity: 'error', when: [] },
    ...{ timeout: undefined, written: {}, file: 'a.yml', line: 3, column: 5 },
  } as Requirement;
  return { requirement, status, found: `found ${name}`, wanted: 'wanted' };
}

function reportOf(results: readonly Result[]): Report {
  return {
    ...{ version: 1, name: 'a.yml', ...tallyResults(results), files: ['a.yml'] },
    machine: { os: 'linux', arch: 'x64', environment: 'self-hosted', container: false },
    results: results.map((result) => toReport(result)),
  };
}

const summaryOf = (results: readonly Result[], report = reportOf(results)): string =>
  renderSummary('a.yml', results, tallyResults(results), 0, report.machine);

describe('the report of a check', () => {
  const results = statuses.map((status) => resultWith(status));
  const report = reportOf(results);

  it('has the form of its schema, and no field that may hold a secret', () => {
    expect(v.parse(reportSchema, report)).toEqual(report);
    expect(JSON.stringify(report)).not.toContain('never-shown');
  });

  it('says in one line what was found, what else is to be known, and what to do', () => {
    const notes = { notice: '/a/java takes precedence over /b/java.', advice: 'Install it.' };
    expect(sentence({ ...resultWith('fail'), ...notes })).toBe(
      'env fail: found found fail; wanted wanted. /a/java takes precedence over /b/java. Install it.',
    );
  });

  it('gives the same verdict in JSON, JUnit and summary', () => {
    const junit = renderJUnit(report);
    expect(report.counts).toEqual({ pass: 1, warn: 1, fail: 1, error: 1, skip: 1 });
    expect(junit).toContain('<testsuites tests="5" failures="1" errors="1" skipped="1">');
    expect(junit).toMatch(/name="fail" file="a\.yml" line="3"><failure /);
    expect(junit).toMatch(/name="error"[^>]*><error /);
    expect(junit).toMatch(/name="skip"[^>]*><skipped /);
    expect(junit).toMatch(/name="warn"[^>]*><system-out>warning: /);
    expect(junit).toMatch(/name="pass"[^>]*><\/testcase>/);
    for (const status of statuses) expect(summaryOf(results)).toContain(`| ${status} | env \`${status}\` |`);
  });

  it('never writes markup or control characters of strangers into JUnit', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const junit = renderJUnit(reportOf([resultWith('fail', `${text}\u0000<x>&"`)]));
        expect(junit.match(/</g)).toHaveLength(8);

        expect(junit).not.toMatch(
          /[\u0000-\u0008\u000b\u000c\u000e-\u001f]|<x>|&(?!amp;|lt;|gt;|quot;|#10;)/,
        );
      }),
    );
  });

  it('has no control characters of names, tools and versions in log and summary', () => {
    const evil = 'a\u001b[2Jb\n::error::c\rd\u2028e';
    const texts = { found: evil, wanted: evil, notice: evil, advice: evil };
    const results = [{ ...resultWith('fail', evil), ...texts }];
    const control = /[\p{Cc}\p{Zl}\p{Zp}]/u;
    expect(sentence(results[0] as Result)).not.toMatch(control);
    expect(sentence(results[0] as Result)).toContain(String.raw`a\u001b[2Jb\n::error::c\rd\u2028e`);
    const lines = summaryOf(results).split('\n');
    expect(lines.filter((line) => control.test(line))).toEqual([]);
    expect(lines.filter((line) => line.startsWith('| fail |'))).toHaveLength(1);
  });

  it('shows the worst first, and folds a long list of what is met', () => {
    const many = [
      ...Array.from({ length: 30 }, (_, index) => resultWith('pass', `tool${index}`)),
      ...results,
    ];
    const summary = summaryOf(many);
    expect(summary.indexOf('| fail |')).toBeLessThan(summary.indexOf('| warn |'));
    expect(summary).toContain('<details><summary>32 met or skipped</summary>');
    expect(summary.indexOf('| warn |')).toBeLessThan(summary.indexOf('<details>'));
  });

  it('has a table of at most 2000 rows, and says how many more are not met', () => {
    const many = Array.from({ length: 3_000 }, (_, index) => resultWith('error', `tool${index}`));
    const summary = summaryOf(many);
    expect(summary.match(/^\| error \|/gm)).toHaveLength(2_000);
    expect(summary).toContain('1000 more requirements that are not met are in the report only.');
  });

  it('leaves out what is met when GitHub would drop the summary for its length', () => {
    const many = Array.from({ length: 20_000 }, (_, index) => resultWith('pass', `tool${index}`));
    const summary = summaryOf([...many, resultWith('fail')]);
    expect(summary.length).toBeLessThan(2000);
    expect(summary).toContain('| fail |');
    expect(summary).toContain('20000 requirements that are met or do not apply are in the report only.');
  });
});
