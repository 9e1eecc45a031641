// A table of wrong files: what is written, and each problem with its line and column.
import { describe, expect, it } from 'vitest';
import { problemsOf } from './problems-of.ts';

const table: [string, string | Record<string, string>, string[]][] = [
  [
    'an unknown pool in a list of several lines',
    'pools:\n  proxmox: { runs-on: x }\nclasses:\n  heavy:\n    pools:\n      - proxmox\n      - proxmx\n',
    ["7:9 classes.heavy.pools[1]: found 'proxmx', expected one of proxmox. Did you mean 'proxmox'?"],
  ],
  [
    'an unknown pool in the list of a base',
    {
      'ci/a.yml': 'extends: ./b.yml\npools:\n  a: { runs-on: x }\n',
      'ci/b.yml': 'pool-order:\n  - a\n  - b\n',
    },
    ["ci/b.yml:3:5 pool-order[1]: found 'b', expected one of a."],
  ],
  [
    'a glob without quotes, which YAML takes for an alias',
    'cleanup:\n  keep:\n    - *.log\n    - **/target\n    - *\n',
    [
      "5:7 expected valid YAML (Alias cannot be an empty string; a text that begins with '*' stands in quotes).",
    ],
  ],
  [
    'globs that only take out',
    "cleanup:\n  keep: ['!.git', '!dist']\n",
    [
      "2:9 cleanup.keep: found '[\"!.git\",\"!dist\"]', expected a glob without '!' before the others, such as '**': '!' takes out of what those before it keep.",
    ],
  ],
  [
    'two globs without quotes',
    'cleanup:\n  keep:\n    - *.log\n    - **/target\n',
    [
      "3:7 expected an alias of an anchor above it; a text that begins with '*' stands in quotes.",
      "4:7 expected an alias of an anchor above it; a text that begins with '*' stands in quotes.",
    ],
  ],
  [
    'the end of a line that is none, after the sign of a block',
    'trust: >\r',
    ['1:9 expected valid YAML (Not a YAML token).'],
  ],
  [
    'a line separator of Unicode',
    '%X\u2028Y\n---\n',
    ['1:1 expected valid YAML (Unknown directive %X\\u2028Y).'],
  ],
  [
    'an exception without quotes, which YAML takes for a tag',
    'cleanup:\n  keep:\n    - !node_modules\n',
    [
      "3:7 expected valid YAML (Unresolved tag: !node_modules; a text that begins with '!' stands in quotes).",
    ],
  ],
  [
    'labels in one text',
    'pools:\n  a:\n    runs-on: self-hosted, linux\n',
    [
      "3:14 pools.a.runs-on: found 'self-hosted, linux', expected a label without commas and expressions, a list of labels such as [self-hosted, linux], or {group, labels}.",
    ],
  ],
  [
    'labels in one text of a list, and an expression',
    'pools:\n  a:\n    runs-on: ["self-hosted, linux", "${{ vars.POOL }}"]\n',
    [
      "3:15 pools.a.runs-on[0]: found 'self-hosted, linux', expected a label that is not empty, without commas and expressions.",
      "3:37 pools.a.runs-on[1]: found '${{ vars.POOL }}', expected a label that is not empty, without commas and expressions.",
    ],
  ],
  [
    'a merge key, as YAML 1.1 has it',
    'pools:\n  a: &a { runs-on: x }\n  b:\n    <<: *a\n    min-free: 2\n',
    [
      "4:5 pools.b: found '<<', expected no merge key, which YAML 1.2 does not have; repeat the keys, or use 'extends'.",
    ],
  ],
  [
    'a name with a line break',
    'pools:\n  "a\\n::b": { runs-on: x }\n',
    [
      '2:3 pools.a\\n::b: found \'a\\n::b\', expected a name of letters, digits, "_", "." and "-", not of digits alone.',
    ],
  ],
  [
    'numbers that are none',
    'pools:\n  a: { runs-on: x, cost-per-hour: . }\n  b: { runs-on: x, cost-per-hour: .05 }\n',
    ["2:35 pools.a.cost-per-hour: found '.', expected a cost per hour, a number from 0 to 100000."],
  ],
  [
    'texts that end with a line break',
    'requirements: |\n  ./needs.yml\ncache:\n  root: >\n    /var/cache\n',
    [
      "1:15 requirements: found './needs.yml\\n', expected a text of one line that is not empty.",
      "4:9 cache.root: found '/var/cache\\n', expected an absolute path.",
    ],
  ],
  [
    'sizes without their unit',
    'cache: { max-size: 100, min-free: 0 }\nclasses: { l: { memory: 8 } }\n',
    [
      "1:20 cache.max-size: found '100', expected a size such as 20GiB, or a share of the disk such as 20%.",
      "1:35 cache.min-free: found '0', expected a size such as 20GiB, or a share of the disk such as 20%.",
      "2:25 classes.l.memory: found '8', expected a size such as 500MB or 20GiB.",
    ],
  ],
];

describe('wrong files: what people write by mistake', () => {
  it.each(table)('%s', async (_name, given, problems) => {
    expect(await problemsOf(typeof given === 'string' ? { 'ci/a.yml': given } : given)).toEqual(problems);
  });
});
