// Reads names out of PromQL, for the tests of the rules and of the dashboard.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from '../../actions.ts';

/** The folder with what operators copy. */
export const monitoring = join(root, 'docs', 'monitoring');

/** A rule of `rules.yml`. */
export interface Rule {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: { summary: string; description: string; runbook_url: string };
}

/** Returns all rules of `rules.yml`. */
export function readRules(): Rule[] {
  const text = readFileSync(join(monitoring, 'rules.yml'), 'utf8');
  return (parse(text) as { groups: { rules: Rule[] }[] }).groups.flatMap(({ rules }) => rules);
}

/** What an expression reads: a metric, and the labels by which it selects. */
export interface Selector {
  metric: string;
  labels: string[];
}

const words = new Set(['and', 'or', 'unless', 'bool', 'offset', 'inf', 'nan']);

/** Returns the metrics of an expression, each time that it has one. */
export function selectorsIn(expression: string): Selector[] {
  const found = withoutLists(expression).matchAll(/([a-z_:][\w:]*)(?:\{([^}]*)\})?(\s*\()?/gi);
  return [...found].flatMap(([, metric = '', matchers = '', call]) =>
    call !== undefined || words.has(metric.toLowerCase())
      ? []
      : [{ metric, labels: [...matchers.matchAll(/(\w+)\s*[=!]/g)].map(([, label = '']) => label) }],
  );
}

/** Returns the labels that an expression groups or matches by. */
export function labelsOfLists(expression: string): string[] {
  return [...withoutStrings(expression).matchAll(list)].flatMap(([, names = '']) =>
    names.split(',').map((name) => name.trim()),
  );
}

const list = /\b(?:by|without|on|ignoring|group_left|group_right)\s*\(([^)]*)\)/g;
const withoutStrings = (expression: string): string => expression.replaceAll(/"(?:\\.|[^"\\])*"/g, '""');
const withoutLists = (expression: string): string =>
  withoutStrings(expression)
    .replaceAll(list, '')
    .replaceAll(/\[[^\]]*\]|\b\d[\w.]*/g, '');
