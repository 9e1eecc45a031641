import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import GitHubSlugger from 'github-slugger';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from '../../actions.ts';
import { commonLabels, exportedMetrics } from '../../monitoring/exported-metrics.ts';
import { labelsOfLists, monitoring, readRules, selectorsIn } from './expressions.ts';

/** What else the servers export, which the test of the whole chain asks them for. */
const ofServers: Record<string, string[]> = {
  push_time_seconds: commonLabels,
  push_failure_time_seconds: commonLabels,
  up: ['job', 'instance'],
  node_textfile_scrape_error: ['job', 'instance'],
};
const labels = new Map([
  ...exportedMetrics().map((metric) => [metric.name, [...commonLabels, ...metric.labels]] as const),
  ...Object.entries(ofServers),
]);
const rules = readRules();
const page = readFileSync(join(root, 'docs', 'monitoring.md'), 'utf8');
const headings = [...page.matchAll(/^###? (.*)$/gm)].map(([, heading = '']) => heading);
const anchors = headings.map((heading) => new GitHubSlugger().slug(heading));

interface Checked {
  alertname: string;
  exp_alerts: unknown[];
}
/** Whether each check of an alert in the tests expects it, by group of checks in the order of time. */
const checks = globSync('tests/*.test.yml', { cwd: monitoring }).flatMap((name) => {
  const { tests } = parse(readFileSync(join(monitoring, name), 'utf8')) as {
    tests: { alert_rule_test: Checked[] }[];
  };
  return tests.map(({ alert_rule_test: tested }) => ({
    alert: tested[0]?.alertname,
    fires: tested.map(({ exp_alerts: expected }) => expected.length > 0),
  }));
});

describe.each(rules)('the alert $alert', ({ alert, expr, labels: own, annotations }) => {
  it('reads metrics that are exported, by labels that they have', () => {
    const selectors = selectorsIn(expr);
    expect(selectors.length).toBeGreaterThan(0);
    for (const selector of selectors) {
      expect([...labels.keys()]).toContain(selector.metric);
      expect(labels.get(selector.metric)).toEqual(
        expect.arrayContaining([...selector.labels, ...labelsOfLists(expr)]),
      );
    }
  });

  it('speaks of labels that it has', () => {
    const known = labels.get(selectorsIn(expr)[0]?.metric ?? '');
    const named = [...JSON.stringify(annotations).matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label);
    expect(known).toEqual(expect.arrayContaining(named));
  });

  it('has a test in which it is silent, fires, and is resolved', () => {
    const whole = checks.filter((each) => each.alert === alert && /^(0+)1+0/.test(asBits(each.fires)));
    expect(whole.length).toBeGreaterThan(0);
  });

  it('has a severity that the page explains, and a section of the page', () => {
    expect(page).toContain(`| \`${own.severity}\` |`);
    const [address, anchor = ''] = annotations.runbook_url.split('#');
    expect(address).toBe('https://github.com/org/runner-actions/blob/main/docs/monitoring.md');
    expect(anchors).toContain(anchor);
    expect(headings[anchors.indexOf(anchor)]).toContain(alert);
  });
});

const aboutJobs = rules.filter(({ expr }) => expr.includes('ghjob_'));
// A Pushgateway never forgets a job.
it.each(aboutJobs)('the alert $alert ends when no job comes', ({ alert, expr }) => {
  expect(expr).toMatch(/and time\(\) - ghjob_completed_timestamp_seconds < \d+ \* 86400\s*$/);
  const ends = checks.filter((each) => each.alert === alert).map(({ fires }) => asBits(fires));
  expect(ends).toContain('10');
});

const asBits = (fires: readonly boolean[]): string => fires.map((each) => Number(each)).join('');

it('the page has a section for each alert, and no other', () => {
  const described = page.slice(page.indexOf('## Alerts'), page.indexOf('## Metrics'));
  const named = [...described.matchAll(/^### (.*)$/gm)].flatMap(([, heading = '']) => heading.split(' and '));
  expect(named.sort()).toEqual(rules.map(({ alert }) => alert).sort());
});
