// A table of wrong files: what is written, and each problem with its line and column.
import { describe, expect, it } from 'vitest';
import { problemsOf } from './problems-of.ts';

const table: [string, string, string[]][] = [
  [
    'failures without their time',
    'breaker: { failures: 3 }\n',
    ["1:22 breaker.failures: found '3', expected count/window/open time, such as 3/15m/30m."],
  ],
  [
    'failures without units',
    'breaker: { failures: 3/15/30 }\n',
    ["1:22 breaker.failures: found '3/15/30', expected count/window/open time, such as 3/15m/30m."],
  ],
  [
    'failures of nothing',
    'breaker: { failures: 0/15m/30m }\n',
    ["1:22 breaker.failures: found '0/15m/30m', expected count/window/open time, such as 3/15m/30m."],
  ],
  [
    'a rate without its window',
    'breaker:\n  success-rate: { below: 80% }\n',
    ["2:3 breaker.success-rate: expected the key 'over'."],
  ],
  [
    'a factor without x',
    'breaker: { duration: { above: 2 } }\n',
    ["1:31 breaker.duration.above: found '2', expected a factor above 1, such as 2x."],
  ],
  [
    'a factor that is always true',
    'breaker: { duration: { above: 1x } }\n',
    ["1:31 breaker.duration.above: found '1x', expected a factor above 1, such as 2x."],
  ],
  [
    'no path of requirements',
    'requirements: ""\n',
    ["1:15 requirements: found '', expected a text of one line that is not empty."],
  ],
  [
    'a list of requirements',
    'requirements: [a.yml]\n',
    ['1:15 requirements: found \'["a.yml"]\', expected a text of one line that is not empty.'],
  ],
  [
    'a root that is relative',
    'cache: { root: ./cache }\n',
    ["1:16 cache.root: found './cache', expected an absolute path."],
  ],
  [
    'a size without unit',
    'cache: { max-size: lots }\n',
    ["1:20 cache.max-size: found 'lots', expected a size such as 20GiB, or a share of the disk such as 20%."],
  ],
  [
    'a size over the disk',
    'cache: { max-size: 120% }\n',
    ["1:20 cache.max-size: found '120%', expected a size such as 20GiB, or a share of the disk such as 20%."],
  ],
  [
    'a truth for a choice',
    'cache: { remote: true }\n',
    ["1:18 cache.remote: found 'true', expected auto or off or only."],
  ],
  [
    'samples too often',
    'metrics: { interval: 10ms }\n',
    ["1:22 metrics.interval: found '10ms', expected a duration from 500ms to 10m."],
  ],
  [
    'a currency that is a sign',
    'metrics: { currency: $ }\n',
    ["1:22 metrics.currency: found '$', expected a currency of three letters, such as USD."],
  ],
  [
    'a glob out of the workspace',
    'cleanup: { keep: [../other] }\n',
    ["1:19 cleanup.keep[0]: found '../other', expected a glob relative to the workspace, without '..'."],
  ],
  [
    'an absolute glob',
    'cleanup: { keep: [/etc] }\n',
    ["1:19 cleanup.keep[0]: found '/etc', expected a glob relative to the workspace, without '..'."],
  ],
  [
    'nothing in a list',
    'cleanup:\n  keep:\n    - a\n    -\n',
    ["4:6 cleanup.keep[1]: found 'nothing', expected a glob relative to the workspace, without '..'."],
  ],
  [
    'low above high',
    'cleanup: { disk-high: 70%, disk-low: 80% }\n',
    ["1:38 cleanup.disk-low: found '80%', expected a share below disk-high (70%)."],
  ],
  [
    'low above the default high',
    'cleanup: { disk-low: 90% }\n',
    ["1:22 cleanup.disk-low: found '90%', expected a share below disk-high (85%)."],
  ],
  [
    'environments as a list',
    'environments: [a]\n',
    ["1:15 environments: found 'a list', expected a map of keys."],
  ],
  [
    'an environment with a version',
    'environments:\n  a: { version: 1 }\n',
    [
      "2:8 environments.a: found 'version', expected one of pools, pool-order, classes, fallback, rollout, trust, breaker, requirements, cache, metrics, cleanup.",
    ],
  ],
  [
    'an environment in an environment',
    'environments:\n  a: { environments: {} }\n',
    [
      "2:8 environments.a: found 'environments', expected one of pools, pool-order, classes, fallback, rollout, trust, breaker, requirements, cache, metrics, cleanup.",
    ],
  ],
  [
    'an environment with a mistake',
    'environments:\n  a:\n    cache: { root: x }\n',
    ["3:20 environments.a.cache.root: found 'x', expected an absolute path."],
  ],
  [
    'extends of nothing',
    'extends: []\n',
    ["1:10 extends: found '[]', expected a file, or a list of files that is not empty."],
  ],
  [
    'extends of a map',
    'extends: { a: b }\n',
    ['1:10 extends: found \'{"a":"b"}\', expected a file, or a list of files.'],
  ],
  [
    'extends of what is not there',
    'extends: ./none.yml\n',
    ["1:10 extends: found './none.yml', expected a file that is there (there is no such file)."],
  ],
  [
    'extends out of the repository',
    'extends: ../../x.yml\n',
    ["1:10 extends: found '../../x.yml', expected a path inside the repository."],
  ],
  [
    'extends of an absolute path',
    'extends: /etc/x.yml\n',
    ["1:10 extends: found '/etc/x.yml', expected ./path/of/a/file.yml, or owner/repo:path@ref."],
  ],
  [
    'extends of an address',
    'extends: https://example.org/x.yml\n',
    [
      "1:10 extends: found 'https://example.org/x.yml', expected ./path/of/a/file.yml, or owner/repo:path@ref.",
    ],
  ],
  [
    'extends as an action is named',
    'extends: org/repo/x.yml@main\n',
    ["1:10 extends: found 'org/repo/x.yml@main', expected ./path/of/a/file.yml, or owner/repo:path@ref."],
  ],
  [
    'extends of itself',
    'extends: [./a.yml]\n',
    [
      "1:11 extends[0]: found './a.yml', expected files that do not extend each other in a circle: ci/a.yml → ci/a.yml.",
    ],
  ],
  [
    'CRLF',
    'version: 1\r\ncach: {}\r\n',
    [
      "2:1 found 'cach', expected one of version, extends, pools, pool-order, classes, fallback, rollout, trust, breaker, requirements, cache, metrics, cleanup, environments. Did you mean 'cache'?",
    ],
  ],
  [
    'three at once, in the order of the file',
    'trust: nobody\npools:\n  a: { runs-on: [] }\nzz: 1\n',
    [
      "1:8 trust: found 'nobody', expected same-repository, or a list of author associations such as MEMBER.",
      "3:17 pools.a.runs-on: found '[]', expected a list of labels that is not empty.",
      "4:1 found 'zz', expected one of version, extends, pools, pool-order, classes, fallback, rollout, trust, breaker, requirements, cache, metrics, cleanup, environments.",
    ],
  ],
];

describe('wrong files: breaker, machine, environments, extends', () => {
  it.each(table)('%s', async (_name, text, problems) => {
    expect(await problemsOf({ 'ci/a.yml': text })).toEqual(problems);
  });
});
