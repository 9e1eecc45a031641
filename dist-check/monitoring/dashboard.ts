// Generates docs/monitoring/dashboard.json, a dashboard for Grafana, and the table of metrics in docs/monitoring.md.
// `npm run docs` writes them; `npm run docs:check` fails when they are stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from '../actions.ts';
import { code, replace, table } from '../readme.ts';
import { commonLabels, exportedMetrics } from './exported-metrics.ts';
import { type Panel, type Query, type Section, sections } from './panels.ts';

const source = { type: 'prometheus', uid: '${source}' };
/** The grid of a dashboard has 24 columns. */
const [width, height] = [12, 8];
const filter = commonLabels.map((label) => `${label}=~"$${label}"`).join(',');

/**
 * Returns the dashboard as Grafana imports it. The data source is a variable, so that it works with any of them.
 * Source: Grafana, "Dashboard JSON model"; it fits the type `Dashboard` of `@grafana/schema` 13.2.3.
 */
export function dashboard() {
  return {
    ...{ title: 'GitHub Actions jobs', uid: 'runner-actions-jobs', tags: ['github-actions'] },
    description: 'The last job of each kind, as report-job-metrics exports it.',
    ...{ schemaVersion: 38, version: 1, editable: true, graphTooltip: 1, refresh: '1m' },
    ...{ time: { from: 'now-7d', to: 'now' }, timezone: 'browser' },
    templating: { list: [dataSource(), ...commonLabels.map(variable)] },
    panels: placed(sections),
  };
}

/** Returns the PromQL of all queries, as it is in the dashboard. */
export function dashboardExpressions(): string[] {
  return sections.flatMap(({ panels }) => panels.flatMap(({ queries }) => queries.map(expressionOf)));
}

function expressionOf({ expression }: Query): string {
  return expression.replaceAll('$filter', filter);
}

function dataSource() {
  const name = { name: 'source', label: 'Data source', type: 'datasource', query: 'prometheus' };
  return { ...name, refresh: 1, multi: false, includeAll: false };
}

/** A variable offers the values of a label that fit the variables before it. */
function variable(label: string, index: number) {
  const before = commonLabels.slice(0, index).map((name) => `${name}=~"$${name}"`);
  const query = `label_values(ghjob_duration_seconds{${before.join(',')}}, ${label})`;
  return {
    ...{ name: label, label: label.replace('_', ' '), type: 'query', datasource: source },
    ...{ query: { query, refId: label }, refresh: 2, sort: 1 },
    ...{ multi: true, includeAll: true, allValue: '.*', current: { text: ['All'], value: ['$__all'] } },
  };
}

/** Puts a heading above each section, and its panels two in a row. A table is as wide as the page. */
function placed(all: readonly Section[]): unknown[] {
  const result: unknown[] = [];
  let y = 0;
  for (const { title, panels } of all) {
    const id = result.length + 1;
    result.push({ id, type: 'row', title, collapsed: false, panels: [], gridPos: { x: 0, y, w: 24, h: 1 } });
    y += 1;
    let x = 0;
    for (const panel of panels) {
      const w = panel.kind === 'table' ? 24 : width;
      if (x + w > 24) [x, y] = [0, y + height];
      result.push({ id: result.length + 1, ...drawn(panel), gridPos: { x, y, w, h: height } });
      x += w;
    }
    y += height;
  }
  return result;
}

function drawn(panel: Panel) {
  const { title, description, kind, unit } = panel;
  const common = { title, description, datasource: source, targets: panel.queries.map(target(kind)) };
  return kind === 'table' ? { ...common, ...asTable(panel) } : { ...common, ...asLines(unit) };
}

const target = (kind: Panel['kind']) => (query: Query, index: number) => ({
  ...{ refId: String.fromCharCode(65 + index), datasource: source, expr: expressionOf(query) },
  ...(kind === 'table'
    ? { format: 'table', instant: true, range: false }
    : { legendFormat: query.legend, range: true }),
});

/** A gauge stays the same until the next job, so lines are steps. */
function asLines(unit: string) {
  const custom = { drawStyle: 'line', lineInterpolation: 'stepAfter', fillOpacity: 0, showPoints: 'never' };
  const legend = { displayMode: 'list', placement: 'bottom', showLegend: true };
  return {
    type: 'timeseries',
    fieldConfig: { defaults: { unit, custom }, overrides: [] },
    options: { legend, tooltip: { mode: 'multi', sort: 'desc' } },
  };
}

/** Joins the answers of the queries by their labels. `Value #A` is Grafana's name of the first answer's values. */
function asTable({ unit, columns = [] }: Panel) {
  const values = columns.map((_, index) => `Value #${String.fromCharCode(65 + index)}`);
  const named = Object.fromEntries(values.slice(1).map((name, index) => [name, columns[index + 1] ?? '']));
  const hidden = { Time: true, 'Value #A': true };
  return {
    type: 'table',
    fieldConfig: { defaults: { unit }, overrides: [] },
    options: { showHeader: true },
    transformations: [
      { id: 'merge', options: {} },
      {
        id: 'organize',
        options: {
          excludeByName: hidden,
          indexByName: {},
          renameByName: { ...named, conclusion: columns[0] ?? '' },
        },
      },
    ],
  };
}

/** Returns one row for each metric. */
export function metricRows(): string[][] {
  return exportedMetrics().map(({ name, help, unit = '–', labels }) => [
    ...[code(name), help.replaceAll('|', '\\|'), unit, labels.map((label) => code(label)).join(', ') || '–'],
  ]);
}

/** Returns the paths and fresh texts of what is generated here. @param folder the root of the project */
export function monitoringFiles(folder = root): [path: string, fresh: string][] {
  const page = join(folder, 'docs', 'monitoring.md');
  const rows = table(['metric', 'meaning', 'unit', 'further labels'], metricRows());
  return [
    [join(folder, 'docs', 'monitoring', 'dashboard.json'), `${JSON.stringify(dashboard(), undefined, 2)}\n`],
    [page, replace(readFileSync(page, 'utf8'), 'metrics', rows)],
  ];
}

/** Writes the files, or, with `check`, only compares them. @returns the stale files, as messages */
export function updateMonitoring(check: boolean, folder = root): string[] {
  return monitoringFiles(folder).flatMap(([path, fresh]) => {
    if (!check) writeFileSync(path, fresh);
    if (!check || textOf(path) === fresh) return [];
    return [`${relative(folder, path)} is stale: run \`npm run docs\``];
  });
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

if (process.argv[1] === import.meta.filename) {
  const problems = updateMonitoring(process.argv.includes('--check'));
  for (const problem of problems) console.log(problem);
  if (problems.length > 0) process.exitCode = 1;
}
