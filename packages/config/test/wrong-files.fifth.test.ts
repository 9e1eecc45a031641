// A table of wrong files: what is written, and each problem with its line and column.
import { describe, expect, it } from 'vitest';
import { problemsOf } from './problems-of.ts';

const table: [string, string | Record<string, string>, string[]][] = [
  [
    'a cost with a comma',
    'pools:\n  a: { runs-on: x, cost-per-hour: "0,05" }\n',
    ["2:35 pools.a.cost-per-hour: found '0,05', expected a cost per hour, a number from 0 to 100000."],
  ],
  [
    'weeks',
    'cache: { max-age: 2w }\n',
    ["1:19 cache.max-age: found '2w', expected a duration such as 90s, 15m, 2h or 14d."],
  ],
  [
    'a size of less than nothing',
    'cache: { max-size: -5 }\n',
    ["1:20 cache.max-size: found '-5', expected a size such as 20GiB, or a share of the disk such as 20%."],
  ],
  [
    'a size as Kubernetes has it',
    'classes: { l: { memory: 6Gi } }\n',
    ["1:25 classes.l.memory: found '6Gi', expected a size such as 500MB or 20GiB."],
  ],
  [
    'a share as a fraction',
    'cleanup: { disk-high: 0.85 }\n',
    ["1:23 cleanup.disk-high: found '0.85', expected a share from 0% to 100%."],
  ],
  [
    'max-runners 0',
    'pools:\n  a: { runs-on: x, kind: scale-set, max-runners: 0 }\n',
    ["2:50 pools.a.max-runners: found '0', expected a whole number from 1 to 100000."],
  ],
  [
    'runs 0',
    'breaker: { duration: { above: 2x, runs: 0 } }\n',
    ["1:41 breaker.duration.runs: found '0', expected a whole number from 1 to 100."],
  ],
  [
    'samples too seldom',
    'metrics: { interval: 11m }\n',
    ["1:22 metrics.interval: found '11m', expected a duration from 500ms to 10m."],
  ],
  [
    'a root in the home',
    'cache: { root: ~/cache }\n',
    ["1:16 cache.root: found '~/cache', expected an absolute path."],
  ],
  [
    'a line in a text',
    'cache: { root: "a\\n::error::b" }\n',
    ["1:16 cache.root: found 'a\\n::error::b', expected an absolute path."],
  ],
  [
    'a heartbeat a millisecond too impatient',
    'pools:\n  a: { runs-on: x, heartbeat: { workflow: h.yml, every: 15m, max-age: 29m59s999ms } }\n',
    [
      "2:71 pools.a.heartbeat.max-age: found '29m59s999ms', expected at least twice 'every', or one late run makes a live pool look dead.",
    ],
  ],
  [
    'hosted with all that means nothing there',
    'pools:\n  a: { runs-on: x, kind: hosted, min-free: 1, heartbeat: { workflow: h.yml, every: 1m, max-age: 2m }, when-busy: queue }\n',
    [
      "2:44 pools.a.min-free: found '1', expected 'min-free' only in a pool of kind runners or scale-set.",
      '2:58 pools.a.heartbeat: found \'{"workflow":"h.yml","every":"1m","max-age":"2m"}\', expected \'heartbeat\' only in a pool of kind runners or scale-set.',
      "2:114 pools.a.when-busy: found 'queue', expected 'when-busy' only in a pool of kind runners or scale-set.",
    ],
  ],
  [
    'hosted with a wait',
    'pools:\n  a: { runs-on: x, kind: hosted, wait: 1m }\n',
    ["2:40 pools.a.wait: found '1m', expected 'wait' only in a pool of kind runners or scale-set."],
  ],
  [
    'a hosted group with self-hosted labels',
    'pools: { a: { runs-on: { group: g, labels: [Self-Hosted] }, kind: hosted } }\n',
    [
      '1:24 pools.a.runs-on: found \'{"group":"g","labels":["Self-Hosted"]}\', expected GitHub\'s own labels in a pool of kind hosted, not \'self-hosted\'.',
    ],
  ],
  [
    'a user in an address',
    'metrics: { pushgateway: "https://user@x/" }\n',
    [
      "1:25 metrics.pushgateway: found 'https://***@x/', expected an http:// or https:// address without user and password.",
    ],
  ],
  [
    'a password with a slash',
    'metrics: { pushgateway: "https://u:s3/cret@x/" }\n',
    [
      "1:25 metrics.pushgateway: found 'https://***@x/', expected an http:// or https:// address without user and password.",
    ],
  ],
  [
    'a password with an @',
    'metrics: { pushgateway: "https://u:s3@cret@x/" }\n',
    [
      "1:25 metrics.pushgateway: found 'https://***@x/', expected an http:// or https:// address without user and password.",
    ],
  ],
  [
    'a password with a space',
    'metrics: { pushgateway: "https://u:s3 cret@x/" }\n',
    [
      "1:25 metrics.pushgateway: found 'https://***@x/', expected an http:// or https:// address without user and password.",
    ],
  ],
  [
    'a password in a key',
    'cache: { "https://u:s3cret@x/": 1 }\n',
    ["1:10 cache: found 'https://***@x/', expected one of root, remote, max-size, max-age, min-free."],
  ],
  [
    'a password in extends',
    'extends: [https://u:s3cret@example.org/x.yml]\n',
    [
      "1:11 extends[0]: found 'https://***@example.org/x.yml', expected ./path/of/a/file.yml, or owner/repo:path@ref.",
    ],
  ],
  [
    'low equal to high',
    'cleanup: { disk-high: 80.4%, disk-low: 80.4% }\n',
    ["1:40 cleanup.disk-low: found '80.4%', expected a share below disk-high (80.4%)."],
  ],
  [
    'a pool twice in a class',
    'pools:\n  a: { runs-on: x }\nclasses: { l: { pools: [a, a] } }\n',
    ["3:28 classes.l.pools[1]: found 'a', expected each pool once."],
  ],
  [
    'a rollout of a class over 100%',
    'rollout: { unit: 5% }\nclasses: { l: { rollout: 125% } }\n',
    ["2:26 classes.l.rollout: found '125%', expected a share from 0% to 100%."],
  ],
  [
    'a rollout of a class that is no number',
    'classes: { l: { rollout: abc% } }\n',
    ["1:26 classes.l.rollout: found 'abc%', expected a share from 0% to 100%."],
  ],
  [
    'a rollout that none declares',
    'classes: { l: { rollout: unit } }\n',
    [
      "1:26 classes.l.rollout: found 'unit', expected a share such as 25%, or a name that 'rollout' declares, and it declares none.",
    ],
  ],
  [
    'one letter is like no other',
    'pools:\n  b: { runs-on: x }\npool-order: [a]\n',
    ["3:14 pool-order[0]: found 'a', expected one of b."],
  ],
];

describe('wrong files: values and meaning', () => {
  it.each(table)('%s', async (_name, given, problems) => {
    expect(await problemsOf(typeof given === 'string' ? { 'ci/a.yml': given } : given)).toEqual(problems);
  });
});
