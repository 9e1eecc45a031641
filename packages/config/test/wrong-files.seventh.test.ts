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
];

describe('wrong files: what people write by mistake', () => {
  it.each(table)('%s', async (_name, given, problems) => {
    expect(await problemsOf(typeof given === 'string' ? { 'ci/a.yml': given } : given)).toEqual(problems);
  });
});
