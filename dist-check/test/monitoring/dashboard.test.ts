import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dashboard, dashboardExpressions, monitoringFiles } from '../../monitoring/dashboard.ts';
import { commonLabels, exportedMetrics } from '../../monitoring/exported-metrics.ts';
import { sections } from '../../monitoring/panels.ts';
import { labelsOfLists, selectorsIn } from './expressions.ts';

const metrics = new Map(exportedMetrics().map((metric) => [metric.name, metric]));
const labelsOf = (name: string): string[] => [...commonLabels, ...(metrics.get(name)?.labels ?? [])];
const queries = sections.flatMap(({ panels }) => panels.flatMap((panel) => panel.queries));

interface Placed {
  id: number;
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
}
const panels = dashboard().panels as Placed[];

describe('the dashboard', () => {
  it.each(dashboardExpressions())('reads metrics that jobs export, by labels that they have: %s', (query) => {
    const selectors = selectorsIn(query);
    expect(selectors.length).toBeGreaterThan(0);
    for (const { metric, labels } of selectors) {
      expect([...metrics.keys()]).toContain(metric);
      expect(labelsOf(metric)).toEqual(expect.arrayContaining([...labels, ...labelsOfLists(query)]));
    }
  });

  it('shows every metric that jobs export', () => {
    const shown = new Set(
      dashboardExpressions()
        .flatMap(selectorsIn)
        .map(({ metric }) => metric),
    );
    expect([...metrics.keys()].filter((name) => !shown.has(name))).toEqual([]);
  });

  it('names lines by labels that the answers have', () => {
    for (const { expression, legend } of queries)
      for (const [, label] of legend.matchAll(/\{\{(\w+)\}\}/g))
        expect(labelsOfLists(expression)).toContain(label);
  });

  it('chooses by every common label, and offers only values that fit the choices before', () => {
    const list = dashboard().templating.list as { name: string; query?: string | { query: string } }[];
    expect(list.map(({ name }) => name)).toEqual(['source', ...commonLabels]);
    expect(list.at(-1)?.query).toMatchObject({
      query:
        'label_values(ghjob_duration_seconds{repository=~"$repository",workflow=~"$workflow",job=~"$job"}, runner_class)',
    });
    for (const query of dashboardExpressions())
      for (const label of commonLabels) expect(query).toContain(`${label}=~"$${label}"`);
  });

  it('places panels beside and below each other, each with an id of its own', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    for (const { gridPos } of panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
  });

  it('reads from the data source that the reader chooses', () => {
    const text = JSON.stringify(dashboard());
    const uids = [...text.matchAll(/"uid":"([^"]*)"/g)].map(([, uid]) => uid);
    expect(new Set(uids)).toEqual(new Set(['runner-actions-jobs', '${source}']));
  });
});

it.each(monitoringFiles())('%s is fresh', (path, fresh) => {
  expect(readFileSync(path, 'utf8')).toBe(fresh);
});
