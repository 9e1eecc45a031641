// A table of wrong files: what is written, and each problem with its line and column.
import { describe, expect, it } from 'vitest';
import { problemsOf } from './problems-of.ts';

const table: [string, string | Record<string, string>, string[]][] = [
  [
    'extends of a number',
    'extends: 5\n',
    ["1:10 extends: found '5', expected a file that is there (there is no such file)."],
  ],
  [
    'extends of a truth',
    'extends: [true]\n',
    ["1:11 extends[0]: found 'true', expected a file that is there (there is no such file)."],
  ],
  [
    'extends of an empty text',
    'extends: ""\n',
    ["1:10 extends: found '', expected a file, or a list of files."],
  ],
  [
    'extends without a ref',
    'extends: org/repo:a.yml@\n',
    ["1:10 extends: found 'org/repo:a.yml@', expected ./path/of/a/file.yml, or owner/repo:path@ref."],
  ],
  [
    'extends of an owner only',
    'extends: org:runner.yml@main\n',
    ["1:10 extends: found 'org:runner.yml@main', expected ./path/of/a/file.yml, or owner/repo:path@ref."],
  ],
  [
    'extends out of another repository',
    'extends: org/repo:../x.yml@main\n',
    ["1:10 extends: found 'org/repo:../x.yml@main', expected a path inside the repository."],
  ],
  [
    'extends with two refs',
    'extends: org/repo:a.yml@b@c\n',
    ["1:10 extends: found 'org/repo:a.yml@b@c', expected ./path/of/a/file.yml, or owner/repo:path@ref."],
  ],
  [
    'extends over ssh',
    'extends: git@github.com:org/repo.git\n',
    [
      "1:10 extends: found 'git@github.com:org/repo.git', expected ./path/of/a/file.yml, or owner/repo:path@ref.",
    ],
  ],
  [
    'a circle of two',
    { 'a.yml': 'extends: ./b.yml\n', 'b.yml': 'version: 1\nextends: [./a.yml]\n' },
    [
      "b.yml:2:11 extends[0]: found './a.yml', expected files that do not extend each other in a circle: a.yml → b.yml → a.yml.",
    ],
  ],
  [
    'files too deep',
    {
      'a.yml': 'extends: ./1.yml\n',
      '1.yml': 'extends: ./2.yml\n',
      '2.yml': 'extends: ./3.yml\n',
      '3.yml': 'extends: ./4.yml\n',
      '4.yml': 'extends: ./5.yml\n',
      '5.yml': 'extends: ./6.yml\n',
      '6.yml': 'extends: ./7.yml\n',
      '7.yml': 'extends: ./8.yml\n',
      '8.yml': 'extends: ./9.yml\n',
      '9.yml': 'extends: ./10.yml\n',
      '10.yml': 'extends: ./11.yml\n',
    },
    [
      "9.yml:1:10 extends: found './10.yml', expected at most 10 files above each other: a.yml → 1.yml → 2.yml → 3.yml → 4.yml → 5.yml → 6.yml → 7.yml → 8.yml → 9.yml → 10.yml.",
    ],
  ],
  [
    'mistakes of two files',
    { 'a.yml': 'trust: x\nextends: ./b.yml\ncach: 1\n', 'b.yml': 'trust: y\n' },
    [
      "1:8 trust: found 'x', expected same-repository, or a list of author associations such as MEMBER.",
      "3:1 found 'cach', expected one of version, extends, pools, pool-order, classes, fallback, rollout, trust, breaker, requirements, cache, metrics, cleanup, environments. Did you mean 'cache'?",
      "b.yml:1:8 trust: found 'y', expected same-repository, or a list of author associations such as MEMBER.",
    ],
  ],
  [
    'mistakes that the merge makes in two files',
    {
      'a.yml': 'extends: ./b.yml\n\n\npools: { c: { min-free: 1 } }\nclasses: { l: { rollout: 1 } }\n',
      'b.yml': 'pools:\n  d: { min-free: 1 }\n',
    },
    ["4:10 pools.c: expected the key 'runs-on'.", "b.yml:2:3 pools.d: expected the key 'runs-on'."],
  ],
  [
    'an unknown section of an environment',
    'environments: { t: { cach: {} } }\n',
    [
      "1:22 environments.t: found 'cach', expected one of pools, pool-order, classes, fallback, rollout, trust, breaker, requirements, cache, metrics, cleanup. Did you mean 'cache'?",
    ],
  ],
  [
    'an unknown key far down in an environment',
    'environments: { t: { pools: { a: { min-fre: 1 } } } }\n',
    [
      "1:36 environments.t.pools.a: found 'min-fre', expected one of runs-on, kind, when-busy, min-free, wait, on-unknown, cost-per-hour, heartbeat, max-runners, metrics-url, metrics-token-env. Did you mean 'min-free'?",
    ],
  ],
  [
    'an environment of a pool that is not there',
    'environments: { t: { pools: { a: { min-free: 1 } } } }\n',
    ["1:31 pools.a: expected the key 'runs-on' (environment t)."],
  ],
  [
    'an environment that makes no sense',
    'pools:\n  a: { runs-on: x }\nenvironments:\n  t:\n    pools: { a: { when-busy: wait } }\n',
    [
      "5:30 pools.a.when-busy: found 'wait', expected also the key 'wait', which says for how long (environment t).",
    ],
  ],
  [
    'environments that delete what a class needs',
    'pools:\n  a: { runs-on: x }\nclasses:\n  l: { pools: [a] }\nenvironments:\n  s: { pools: { a: null } }\n  t: { pools: { a: null } }\n',
    [
      "4:16 classes.l.pools[0]: found 'a', expected a name that 'pools' declares, and it declares none (environment s, t).",
    ],
  ],
  [
    'a mistake of the file and one of an environment',
    'pools:\n  a: { runs-on: x }\npool-order: [zz]\nenvironments:\n  t: { pools: { a: { when-busy: wait } } }\n',
    [
      "3:14 pool-order[0]: found 'zz', expected one of a.",
      "5:33 pools.a.when-busy: found 'wait', expected also the key 'wait', which says for how long (environment t).",
    ],
  ],
  [
    'several that the schema sees',
    'cache: { max-size: x, root: y, rot: z }\nmetrics: { interval: x }\n',
    [
      "1:20 cache.max-size: found 'x', expected a size such as 20GiB, or a share of the disk such as 20%.",
      "1:29 cache.root: found 'y', expected an absolute path.",
      "1:32 cache: found 'rot', expected one of root, remote, max-size, max-age, min-free. Did you mean 'root'?",
      "2:22 metrics.interval: found 'x', expected a duration from 500ms to 10m.",
    ],
  ],
  [
    'several that only the meaning has',
    'pools:\n  fallback: { runs-on: x, wait: 1m }\n  hosted: { runs-on: x }\npool-order: [z]\ncleanup: { disk-low: 99% }\n',
    [
      "2:3 pools.fallback: found 'fallback', expected another name: 'fallback' is what outputs call the fallback.",
      "2:33 pools.fallback.wait: found '1m', expected 'wait' only with 'when-busy: wait'.",
      "3:3 pools.hosted.kind: expected 'hosted', as the name of the pool says; 'force: hosted' relies on it.",
      "4:14 pool-order[0]: found 'z', expected one of fallback, hosted.",
      "5:22 cleanup.disk-low: found '99%', expected a share below disk-high (85%).",
    ],
  ],
];

describe('wrong files: extends, environments, several at once', () => {
  it.each(table)('%s', async (_name, given, problems) => {
    expect(await problemsOf(typeof given === 'string' ? { 'ci/a.yml': given } : given)).toEqual(problems);
  });
});
