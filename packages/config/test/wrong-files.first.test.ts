// A table of wrong files: what is written, and each problem with its line and column.
import { describe, expect, it } from 'vitest';
import { problemsOf } from './problems-of.ts';

const table: [string, string, string[]][] = [
  [
    'an unknown section',
    'pool: {}\n',
    [
      "1:1 found 'pool', expected one of version, extends, pools, pool-order, classes, fallback, rollout, trust, breaker, requirements, cache, metrics, cleanup, environments. Did you mean 'pools'?",
    ],
  ],
  [
    'an unknown section like none',
    'zzzzzzzz: 1\n',
    [
      "1:1 found 'zzzzzzzz', expected one of version, extends, pools, pool-order, classes, fallback, rollout, trust, breaker, requirements, cache, metrics, cleanup, environments.",
    ],
  ],
  ['a list for the whole', '- a\n', ["1:1 found 'a list', expected a map of keys."]],
  ['a text for the whole', 'hello\n', ["1:1 found 'a text', expected a map of keys."]],
  [
    'version 2',
    'version: 2\n',
    ["1:10 version: found '2', expected the number 1, the version of the format."],
  ],
  [
    'a version in quotes',
    "version: '1'\n",
    ["1:10 version: found '1', expected the number 1, the version of the format."],
  ],
  [
    'a key twice',
    'cache: {}\ncache: {}\n',
    ['2:1 expected valid YAML (this key stands here twice; remove one of them).'],
  ],
  [
    'a key twice further in',
    'pools:\n  a: { runs-on: x }\n  a: { runs-on: y }\n',
    ['3:3 expected valid YAML (this key stands here twice; remove one of them).'],
  ],
  ['a tab', 'pools:\n\ta: {}\n', ['2:1 expected valid YAML (a tab is no indentation; use spaces).']],
  [
    'two documents',
    'version: 1\n---\nversion: 1\n',
    ["2:1 expected valid YAML (one document only; remove the line '---')."],
  ],
  ['an open quote', 'requirements: "x\n', ['2:1 expected valid YAML (Missing closing "quote).']],
  [
    'an open bracket',
    'pool-order: [a, b\n',
    [
      '2:1 expected valid YAML (Flow sequence in block collection must be sufficiently indented and end with a ]).',
    ],
  ],
  [
    'bad indentation',
    'cache:\n    root: /a\n  remote: auto\n',
    ['3:1 expected valid YAML (All mapping items must start at the same column).'],
  ],
  [
    'an unknown tag',
    'requirements: !secret x\n',
    ["1:15 expected valid YAML (Unresolved tag: !secret; a text that begins with '!' stands in quotes)."],
  ],
  [
    'an alias of nothing',
    'cache: *missing\n',
    ["1:8 expected an alias of an anchor above it; a text that begins with '*' stands in quotes."],
  ],
  [
    'a merge key',
    'cache: &c { root: /a }\nmetrics:\n  <<: *c\n',
    [
      "3:3 metrics: found '<<', expected no merge key, which YAML 1.2 does not have; repeat the keys, or use 'extends'.",
    ],
  ],
  ['an anchor in itself', 'pools: &a { x: *a }\n', ['1:11 expected an alias that does not contain itself.']],
  ['a key that is a map', '? { a: b }\n: 1\n', ['1:3 expected a key that is a plain text.']],
  ['__proto__', 'pools:\n  __proto__: { runs-on: x }\n', ["2:3 expected another key than '__proto__'."]],
  ['pools as a list', 'pools:\n  - a\n', ["2:3 pools: found 'a list', expected a map of keys."]],
  ['pools as a text', 'pools: a\n', ["1:8 pools: found 'a', expected a map of keys."]],
  [
    'a pool as a text',
    'pools: { a: ubuntu-latest }\n',
    ["1:13 pools.a: found 'ubuntu-latest', expected a map of keys."],
  ],
  ['a pool without runs-on', 'pools:\n  a:\n    min-free: 1\n', ["2:3 pools.a: expected the key 'runs-on'."]],
  [
    'a name like a number',
    'pools:\n  1: { runs-on: x }\n',
    ['2:3 pools.1: found \'1\', expected a name of letters, digits, "_", "." and "-", not of digits alone.'],
  ],
  [
    'a name with a space',
    'pools:\n  my pool: { runs-on: x }\n',
    [
      '2:3 pools.my pool: found \'my pool\', expected a name of letters, digits, "_", "." and "-", not of digits alone.',
    ],
  ],
  [
    'an empty name',
    'pools:\n  "": { runs-on: x }\n',
    ['2:3 pools.: found \'\', expected a name of letters, digits, "_", "." and "-", not of digits alone.'],
  ],
  [
    'an unknown key of a pool',
    'pools:\n  a:\n    runs-on: x\n    labels: [y]\n',
    [
      "4:5 pools.a: found 'labels', expected one of runs-on, kind, when-busy, min-free, wait, on-unknown, cost-per-hour, heartbeat, max-runners, metrics-url, metrics-token-env.",
    ],
  ],
  [
    'a misspelt key of a pool',
    'pools:\n  a:\n    runs_on: x\n',
    [
      "3:5 pools.a: found 'runs_on', expected one of runs-on, kind, when-busy, min-free, wait, on-unknown, cost-per-hour, heartbeat, max-runners, metrics-url, metrics-token-env. Did you mean 'runs-on'?",
    ],
  ],
  [
    'an empty runs-on',
    'pools:\n  a: { runs-on: [] }\n',
    ["2:17 pools.a.runs-on: found '[]', expected a list of labels that is not empty."],
  ],
  [
    'an empty label',
    'pools:\n  a: { runs-on: "" }\n',
    [
      "2:17 pools.a.runs-on: found '', expected a label without commas and expressions, a list of labels such as [self-hosted, linux], or {group, labels}.",
    ],
  ],
  [
    'a label that is a map',
    'pools:\n  a: { runs-on: [{ x: y }] }\n',
    [
      '2:18 pools.a.runs-on[0]: found \'{"x":"y"}\', expected a label that is not empty, without commas and expressions.',
    ],
  ],
  [
    'a group with a misspelt key',
    'pools:\n  a: { runs-on: { group: g, label: x } }\n',
    ["2:29 pools.a.runs-on: found 'label', expected one of group, labels. Did you mean 'labels'?"],
  ],
  [
    'a group without its name',
    'pools:\n  a: { runs-on: { labels: x } }\n',
    ["2:8 pools.a.runs-on: expected the key 'group'."],
  ],
  [
    'an unknown kind',
    'pools:\n  a: { runs-on: x, kind: runner }\n',
    ["2:26 pools.a.kind: found 'runner', expected runners or scale-set or hosted."],
  ],
  [
    'an unknown policy',
    'pools:\n  a: { runs-on: x, when-busy: panic }\n',
    ["2:31 pools.a.when-busy: found 'panic', expected fallback or queue or wait."],
  ],
  [
    'min-free 0',
    'pools:\n  a: { runs-on: x, min-free: 0 }\n',
    ["2:30 pools.a.min-free: found '0', expected a whole number from 1 to 10000."],
  ],
];

describe('wrong files: YAML and pools', () => {
  it.each(table)('%s', async (_name, text, problems) => {
    expect(await problemsOf({ 'ci/a.yml': text })).toEqual(problems);
  });
});
