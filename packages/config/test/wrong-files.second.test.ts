// A table of wrong files: what is written, and each problem with its line and column.
import { describe, expect, it } from 'vitest';
import { problemsOf } from './problems-of.ts';

const table: [string, string, string[]][] = [
  [
    'min-free one and a half',
    'pools:\n  a: { runs-on: x, min-free: 1.5 }\n',
    ["2:30 pools.a.min-free: found '1.5', expected a whole number from 1 to 10000."],
  ],
  [
    'min-free with queue',
    'pools:\n  a: { runs-on: x, when-busy: queue, min-free: 2 }\n',
    [
      "2:48 pools.a.min-free: found '2', expected no 'min-free' with 'when-busy: queue', where any online runner will do.",
    ],
  ],
  [
    'wait without a time',
    'pools:\n  a: { runs-on: x, when-busy: wait }\n',
    ["2:31 pools.a.when-busy: found 'wait', expected also the key 'wait', which says for how long."],
  ],
  [
    'a time without wait',
    'pools:\n  a: { runs-on: x, wait: 2m }\n',
    ["2:26 pools.a.wait: found '2m', expected 'wait' only with 'when-busy: wait'."],
  ],
  [
    'a duration without unit',
    'pools:\n  a: { runs-on: x, when-busy: wait, wait: 120 }\n',
    ["2:43 pools.a.wait: found '120', expected a duration such as 90s, 15m, 2h or 14d."],
  ],
  [
    'a negative cost',
    'pools:\n  a: { runs-on: x, cost-per-hour: -1 }\n',
    ["2:35 pools.a.cost-per-hour: found '-1', expected a cost per hour, a number from 0 to 100000."],
  ],
  [
    'a cost with its currency',
    'pools:\n  a: { runs-on: x, cost-per-hour: 5 EUR }\n',
    ["2:35 pools.a.cost-per-hour: found '5 EUR', expected a cost per hour, a number from 0 to 100000."],
  ],
  [
    'a heartbeat without its workflow',
    'pools:\n  a:\n    runs-on: x\n    heartbeat: { every: 5m, max-age: 10m }\n',
    ["4:5 pools.a.heartbeat: expected the key 'workflow'."],
  ],
  [
    'a heartbeat with a path',
    'pools:\n  a:\n    runs-on: x\n    heartbeat: { workflow: .github/workflows/a.yml, every: 5m, max-age: 10m }\n',
    [
      "4:28 pools.a.heartbeat.workflow: found '.github/workflows/a.yml', expected the name of a workflow's file, such as heartbeat.yml.",
    ],
  ],
  [
    'a heartbeat that is too impatient',
    'pools:\n  a:\n    runs-on: x\n    heartbeat: { workflow: a.yml, every: 5m, max-age: 9m }\n',
    [
      "4:55 pools.a.heartbeat.max-age: found '9m', expected at least twice 'every', or one late run makes a live pool look dead.",
    ],
  ],
  [
    'metrics of no scale set',
    'pools:\n  a: { runs-on: x, metrics-url: http://x/metrics }\n',
    [
      "2:33 pools.a.metrics-url: found 'http://x/metrics', expected 'metrics-url' only in a pool of kind scale-set.",
    ],
  ],
  [
    'metrics with a password',
    'pools:\n  a: { runs-on: x, kind: scale-set, metrics-url: http://u:p@x/metrics }\n',
    [
      "2:50 pools.a.metrics-url: found 'http://***@x/metrics', expected an http:// or https:// address without user and password.",
    ],
  ],
  [
    'metrics by another protocol',
    'pools:\n  a: { runs-on: x, kind: scale-set, metrics-url: file:///x }\n',
    [
      "2:50 pools.a.metrics-url: found 'file:///x', expected an http:// or https:// address without user and password.",
    ],
  ],
  [
    'a variable that is none',
    'pools:\n  a: { runs-on: x, kind: scale-set, metrics-token-env: MY-TOKEN }\n',
    ["2:56 pools.a.metrics-token-env: found 'MY-TOKEN', expected the name of an environment variable."],
  ],
  [
    'max-runners of no scale set',
    'pools:\n  a: { runs-on: x, max-runners: 3 }\n',
    ["2:33 pools.a.max-runners: found '3', expected 'max-runners' only in a pool of kind scale-set."],
  ],
  [
    'hosted with self-hosted labels',
    'pools:\n  a: { runs-on: [self-hosted, x], kind: hosted }\n',
    [
      "2:17 pools.a.runs-on: found '[\"self-hosted\",\"x\"]', expected GitHub's own labels in a pool of kind hosted, not 'self-hosted'.",
    ],
  ],
  [
    'hosted with a policy',
    'pools:\n  a: { runs-on: x, kind: hosted, on-unknown: use }\n',
    [
      "2:46 pools.a.on-unknown: found 'use', expected 'on-unknown' only in a pool of kind runners or scale-set.",
    ],
  ],
  [
    'a pool named fallback',
    'pools:\n  fallback: { runs-on: x }\n',
    [
      "2:3 pools.fallback: found 'fallback', expected another name: 'fallback' is what outputs call the fallback.",
    ],
  ],
  [
    'a pool named hosted that is not',
    'pools:\n  hosted: { runs-on: x }\n',
    ["2:3 pools.hosted.kind: expected 'hosted', as the name of the pool says; 'force: hosted' relies on it."],
  ],
  [
    'an unknown pool in the order',
    'pools:\n  proxmox: { runs-on: x }\npool-order: [proxmx]\n',
    ["3:14 pool-order[0]: found 'proxmx', expected one of proxmox. Did you mean 'proxmox'?"],
  ],
  [
    'a pool twice in the order',
    'pools:\n  a: { runs-on: x }\npool-order: [a, a]\n',
    ["3:17 pool-order[1]: found 'a', expected each pool once."],
  ],
  [
    'an order of no pools',
    'pool-order: [a]\n',
    ["1:14 pool-order[0]: found 'a', expected a name that 'pools' declares, and it declares none."],
  ],
  [
    'a text for the order',
    'pool-order: a, b\n',
    ["1:13 pool-order: found 'a, b', expected a list of names of pools."],
  ],
  [
    'a class with an unknown pool',
    'pools:\n  hosted: { runs-on: x, kind: hosted }\nclasses:\n  light:\n    pools: [hsted]\n',
    ["5:13 classes.light.pools[0]: found 'hsted', expected one of hosted. Did you mean 'hosted'?"],
  ],
  [
    'a class with no pools',
    'classes:\n  light: { pools: [] }\n',
    ["2:19 classes.light.pools: found '[]', expected a list that is not empty."],
  ],
  [
    'a class with an unknown rollout',
    'rollout: { unit: 5% }\nclasses:\n  light: { rollout: unitt }\n',
    [
      "3:21 classes.light.rollout: found 'unitt', expected a share such as 25%, or one of unit. Did you mean 'unit'?",
    ],
  ],
  [
    'a class with a memory without unit',
    'classes:\n  light: { memory: 6 gigs }\n',
    ["2:20 classes.light.memory: found '6 gigs', expected a size such as 500MB or 20GiB."],
  ],
  [
    'a class with no CPU',
    'classes:\n  light: { cpus: many }\n',
    ["2:18 classes.light.cpus: found 'many', expected a number of CPUs, a number from 0 to 4096."],
  ],
  [
    'a rollout without percent',
    'rollout: { unit: 25 }\n',
    ["1:18 rollout.unit: found '25', expected a share from 0% to 100%."],
  ],
  [
    'a rollout over 100%',
    'rollout: { unit: 101% }\n',
    ["1:18 rollout.unit: found '101%', expected a share from 0% to 100%."],
  ],
  [
    'trust in nobody known',
    'trust: FRIENDS\n',
    [
      "1:8 trust: found 'FRIENDS', expected same-repository, or a list of author associations such as MEMBER.",
    ],
  ],
  [
    'trust in one nobody known',
    'trust: [MEMBER, member]\n',
    [
      "1:17 trust[1]: found 'member', expected one of same-repository, OWNER, MEMBER, COLLABORATOR, CONTRIBUTOR, dependabot.",
    ],
  ],
  [
    'trust in nobody',
    'trust: []\n',
    [
      "1:8 trust: found '[]', expected same-repository, or a list of author associations such as MEMBER that is not empty.",
    ],
  ],
];

describe('wrong files: policies, classes, rollout, trust', () => {
  it.each(table)('%s', async (_name, text, problems) => {
    expect(await problemsOf({ 'ci/a.yml': text })).toEqual(problems);
  });
});
