// A table of wrong files: what is written, and each problem with its line and column.
import { describe, expect, it } from 'vitest';
import { problemsOf } from './problems-of.ts';

const table: [string, string | Record<string, string>, string[]][] = [
  [
    'an unknown key of a class',
    'classes:\n  l: { cpu: 1 }\n',
    [
      "2:8 classes.l: found 'cpu', expected one of pools, cpus, memory, max-per-host, rollout. Did you mean 'cpus'?",
    ],
  ],
  [
    'an unknown key of the breaker',
    'breaker: { failure: 3/15m/30m }\n',
    [
      "1:12 breaker: found 'failure', expected one of failures, success-rate, duration. Did you mean 'failures'?",
    ],
  ],
  [
    'an unknown key of a rate',
    'breaker: { success-rate: { below: 80%, over: 1h, min-run: 3 } }\n',
    [
      "1:50 breaker.success-rate: found 'min-run', expected one of below, over, min-runs. Did you mean 'min-runs'?",
    ],
  ],
  [
    'an unknown key of a duration',
    'breaker: { duration: { above: 2x, run: 3 } }\n',
    ["1:35 breaker.duration: found 'run', expected one of above, runs. Did you mean 'runs'?"],
  ],
  [
    'an unknown key of a heartbeat',
    'pools:\n  a: { runs-on: x, heartbeat: { workflow: a.yml, evry: 1m, max-age: 3m } }\n',
    ["2:50 pools.a.heartbeat: found 'evry', expected one of workflow, every, max-age. Did you mean 'every'?"],
  ],
  [
    'an unknown key of the cache',
    'cache: { max_size: 1GB }\n',
    [
      "1:10 cache: found 'max_size', expected one of root, remote, max-size, max-age, min-free. Did you mean 'max-size'?",
    ],
  ],
  [
    'an unknown key of metrics',
    'metrics: { intervall: 1s }\n',
    [
      "1:12 metrics: found 'intervall', expected one of interval, charts, pushgateway, currency. Did you mean 'interval'?",
    ],
  ],
  [
    'an unknown key of the clean-up',
    'cleanup: { disk-hi: 80% }\n',
    [
      "1:12 cleanup: found 'disk-hi', expected one of disk-high, disk-low, keep, budget. Did you mean 'disk-high'?",
    ],
  ],
  [
    'two unknown keys of a group',
    'pools: { a: { runs-on: { grp: g, lbls: x } } }\n',
    [
      "1:15 pools.a.runs-on: expected the key 'group'.",
      "1:26 pools.a.runs-on: found 'grp', expected one of group, labels. Did you mean 'group'?",
      "1:34 pools.a.runs-on: found 'lbls', expected one of group, labels. Did you mean 'labels'?",
    ],
  ],
  ['a list for the cache', 'cache: [a]\n', ["1:8 cache: found 'a list', expected a map of keys."]],
  ['a truth for metrics', 'metrics: true\n', ["1:10 metrics: found 'true', expected a map of keys."]],
  ['a number for the clean-up', 'cleanup: 3\n', ["1:10 cleanup: found '3', expected a map of keys."]],
  [
    'a list for the breaker',
    'breaker: [3/15m/30m]\n',
    ["1:10 breaker: found 'a list', expected a map of keys."],
  ],
  ['a list for the classes', 'classes: [a]\n', ["1:10 classes: found 'a list', expected a map of keys."]],
  ['a list for the rollouts', 'rollout: [a]\n', ["1:10 rollout: found 'a list', expected a map of keys."]],
  ['a share for the rollouts', 'rollout: 25%\n', ["1:10 rollout: found '25%', expected a map of keys."]],
  ['an empty list for the whole', '[]\n', ["1:1 found 'a list', expected a map of keys."]],
  ['an empty list for pools', 'pools: []\n', ["1:8 pools: found 'a list', expected a map of keys."]],
  [
    'an empty list for a heartbeat',
    'pools:\n  a: { runs-on: x, heartbeat: [] }\n',
    ["2:31 pools.a.heartbeat: found 'a list', expected a map of keys."],
  ],
  [
    'a text for a heartbeat',
    'pools:\n  a: { runs-on: x, heartbeat: h.yml }\n',
    ["2:31 pools.a.heartbeat: found 'h.yml', expected a map of keys."],
  ],
  [
    'a text for a rate',
    'breaker: { success-rate: 80% }\n',
    ["1:26 breaker.success-rate: found '80%', expected a map of keys."],
  ],
  [
    'an empty rate',
    'breaker: { success-rate: {} }\n',
    [
      "1:12 breaker.success-rate: expected the key 'below'.",
      "1:12 breaker.success-rate: expected the key 'over'.",
    ],
  ],
  [
    'a text for the globs',
    'cleanup: { keep: .git }\n',
    ["1:18 cleanup.keep: found '.git', expected a list of globs."],
  ],
  [
    'a map for the order',
    'pools:\n  a: { runs-on: x }\npool-order: { a: 1 }\n',
    ['3:13 pool-order: found \'{"a":1}\', expected a list of names of pools.'],
  ],
  [
    'a list for a kind',
    'pools:\n  a: { runs-on: x, kind: [hosted] }\n',
    ['2:26 pools.a.kind: found \'["hosted"]\', expected runners or scale-set or hosted.'],
  ],
  [
    'yes for a number',
    'pools:\n  a: { runs-on: x, min-free: yes }\n',
    ["2:30 pools.a.min-free: found 'yes', expected a whole number from 1 to 10000."],
  ],
  [
    'true for a duration',
    'pools:\n  a: { runs-on: x, when-busy: wait, wait: true }\n',
    ["2:43 pools.a.wait: found 'true', expected a duration such as 90s, 15m, 2h or 14d."],
  ],
  [
    'a map for trust',
    'trust: { MEMBER: true }\n',
    [
      '1:8 trust: found \'{"MEMBER":true}\', expected same-repository, or a list of author associations such as MEMBER.',
    ],
  ],
  [
    'a fallback without its group',
    'fallback: { group: }\n',
    ["1:13 fallback.group: found 'nothing', expected a text of one line that is not empty."],
  ],
  [
    'an empty fallback',
    'fallback: []\n',
    ["1:11 fallback: found '[]', expected a list of labels that is not empty."],
  ],
  ['no runs-on', 'pools: { a: { runs-on: } }\n', ["1:10 pools.a: expected the key 'runs-on'."]],
  [
    'nothing among labels',
    'pools: { a: { runs-on: [x, null] } }\n',
    [
      "1:28 pools.a.runs-on[1]: found 'nothing', expected a label that is not empty, without commas and expressions.",
    ],
  ],
  [
    'nothing in the order',
    'pools:\n  a: { runs-on: x }\npool-order: [a, null]\n',
    ["3:17 pool-order[1]: found 'nothing', expected a text of one line that is not empty."],
  ],
  [
    'nothing among the pools of a class',
    'pools:\n  a: { runs-on: x }\nclasses: { l: { pools: [null] } }\n',
    ["3:25 classes.l.pools[0]: found 'nothing', expected a text of one line that is not empty."],
  ],
  [
    'nothing in extends',
    'extends: [null]\n',
    ["1:11 extends[0]: found 'nothing', expected a text of one line that is not empty."],
  ],
  [
    'nothing in trust',
    'trust: [MEMBER, ~]\n',
    [
      "1:17 trust[1]: found 'nothing', expected one of same-repository, OWNER, MEMBER, COLLABORATOR, CONTRIBUTOR, dependabot.",
    ],
  ],
  [
    'nothing for the version',
    'version:\n',
    ["1:1 version: found 'nothing', expected the number 1, the version of the format."],
  ],
  [
    'a name of a class with a space',
    'classes: { "a b": { cpus: 1 } }\n',
    [
      '1:12 classes.a b: found \'a b\', expected a name of letters, digits, "_", "." and "-", not of digits alone.',
    ],
  ],
  [
    'a rollout like a number',
    'rollout: { 12: 5% }\n',
    [
      '1:12 rollout.12: found \'12\', expected a name of letters, digits, "_", "." and "-", not of digits alone.',
    ],
  ],
  [
    'an environment like a number',
    'environments: { 1: {} }\n',
    [
      '1:17 environments.1: found \'1\', expected a name of letters, digits, "_", "." and "-", not of digits alone.',
    ],
  ],
  [
    'an environment __proto__',
    'environments: { __proto__: {} }\n',
    ["1:17 expected another key than '__proto__'."],
  ],
  [
    'a key that every object has',
    'pools: {}\ntoString: 1\n',
    [
      "2:1 found 'toString', expected one of version, extends, pools, pool-order, classes, fallback, rollout, trust, breaker, requirements, cache, metrics, cleanup, environments.",
    ],
  ],
  [
    'a pool that every object has',
    'pools:\n  a: { runs-on: x }\npool-order: [constructor]\n',
    ["3:14 pool-order[0]: found 'constructor', expected one of a."],
  ],
  [
    'a key twice, the first without a value',
    'cache:\n\n# again\ncache: {}\n',
    ['4:1 expected valid YAML (this key stands here twice; remove one of them).'],
  ],
  [
    'a key three times in one line',
    'cache: { root: /a, root: /b, root: /c }\n',
    [
      '1:20 expected valid YAML (this key stands here twice; remove one of them).',
      '1:30 expected valid YAML (this key stands here twice; remove one of them).',
    ],
  ],
  [
    'two keys that are maps',
    '? { a: b }\n: 1\n? [c]\n: 2\n',
    ['1:3 expected a key that is a plain text.', '3:3 expected a key that is a plain text.'],
  ],
  [
    'two aliases of nothing',
    'cache: *a\nmetrics: *b\n',
    [
      "1:8 expected an alias of an anchor above it; a text that begins with '*' stands in quotes.",
      "2:10 expected an alias of an anchor above it; a text that begins with '*' stands in quotes.",
    ],
  ],
  [
    'an open text in quotes',
    'requirements: "x\n  y\n',
    ['3:1 expected valid YAML (Missing closing "quote).'],
  ],
  [
    'CRLF, further in',
    'pools:\r\n  a:\r\n    runs-on: x\r\n    min-free: zero\r\n',
    ["4:15 pools.a.min-free: found 'zero', expected a whole number from 1 to 10000."],
  ],
  [
    'a tab with CRLF',
    'cache:\r\n\troot: /a\r\n',
    ['2:1 expected valid YAML (a tab is no indentation; use spaces).'],
  ],
  [
    'a mark of the order of bytes',
    '\uFEFFversion: 1\ncach: {}\n',
    [
      "2:1 found 'cach', expected one of version, extends, pools, pool-order, classes, fallback, rollout, trust, breaker, requirements, cache, metrics, cleanup, environments. Did you mean 'cache'?",
    ],
  ],
];

describe('wrong files: keys, types and YAML', () => {
  it.each(table)('%s', async (_name, given, problems) => {
    expect(await problemsOf(typeof given === 'string' ? { 'ci/a.yml': given } : given)).toEqual(problems);
  });
});
