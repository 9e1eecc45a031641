// What a manifest's author reads who writes something of the wrong form: an example that works in its place.
import { describe, expect, it } from 'vitest';
import { sectionNames } from '../src/index.ts';
import { load } from './load-text.ts';

async function mistakes(text: string): Promise<string[]> {
  return load(`version: 1\n${text}\n`).then(
    () => [],
    (error: unknown) => (error as Error).message.split('\n'),
  );
}

/** The example in a message. */
const exampleIn = (message = ''): string =>
  /such as ([[{].*[\]}])(?:[,.]| )/.exec(`${message} `)?.[1] ?? 'none';

describe.each(sectionNames)('%s', (section) => {
  it.each(['no', '[no]', '[[no]]'])(
    'says with an example that works what to write instead of %s',
    async (text) => {
      const [message] = await mistakes(`${section}: ${text}`);
      const example = exampleIn(message?.replace(/(?:, or \{\}|, or \{ equals).*/, ''));
      const isItem = message?.includes(`${section}[0]: `) === true;
      expect(await mistakes(`${section}: ${isItem ? `[${example}]` : example}`), message).toEqual([]);
    },
  );
});

it.each([
  ['packages: [bash]', "packages[0]: found 'bash', expected a map such as { apt: [curl, jq] }."],
  ['packages: [[bash]]', "packages[0]: found 'a list', expected a map such as { apt: [curl, jq] }."],
  ['packages: { apt: bash }', 'expected a list such as [{ apt: [curl, jq] }].'],
  ['tools: [node]', "found 'a list', expected a map such as { node: '>=20', git: latest }."],
  ['features: { docker: [] }', "features.docker: found 'a list', expected a range such as '>=24', or a map"],
  [
    'system: { arch: x86_64 }',
    'expected x64 (x86_64), arm64 (aarch64), arm or ia32, or a list such as [x64, arm64].',
  ],
  ['kernel: { parameters: [a.b] }', "expected a map such as { vm.max_map_count: '>=262144' }."],
  ['kernel: { limits: [nofile] }', "expected a map such as { nofile: '>=65536' }."],
  ['defaults: warn', 'expected a map such as { severity: warn }.'],
  ['on-failure: big', 'expected a map such as { runs-on: ubuntu-latest }.'],
  ['when: [linux]', 'found \'["linux"]\', expected a condition such as'],
  ['files: [{ path: /a, sha: x }]', "Did you mean 'sha256'?"],
  ['files: [{ path: /a, exists: false }]', "Did you mean 'absent: true'?"],
  ['users: { ci: { present: false } }', "Did you mean 'absent: true'?"],
  ['tools: { git: { optional: true } }', "Did you mean 'severity: warn'?"],
  ['docker: { required: false }', "Did you mean 'severity: warn'?"],
  ["files: [{ path: '~/.ssh/id' }]", 'an absolute path, or one with `$HOME` instead of `~`.'],
  ["mounts: [{ path: '~' }]", 'an absolute path, or one with `$HOME` instead of `~`.'],
  ["system: { disk: [{ path: ~/data, free: '>=1GiB' }] }", '`$HOME` instead of `~`.'],
  ['tools:\n  node: >3', 'in quotes if it begins with `>`'],
  ["tools: { node: '20, 22' }", 'the list `[20, 22]` means all of them, and `any-of: [20, 22]` one'],
])('%s is refused with the right form', async (text, message) => {
  expect((await mistakes(text)).join('\n')).toContain(message);
});

it.each([
  'files: [{ path: /a, exists: true }]',
  'tools: { git: { required: true } }',
  'tools: { git: { exists: false } }',
])('%s has no hint, since no key here says it', async (text) =>
  expect((await mistakes(text)).join('\n')).not.toContain('Did you mean'),
);

it('takes a path with a tilde that no shell would replace', async () =>
  expect(await mistakes("files: [{ path: '~lock.txt' }, { path: $HOME/.ssh }]")).toEqual([]));

it('tells the mistakes of all tools and sections at once', async () => {
  const found = await mistakes('tools: { a: "=>3", b: { x: 1 }, c: "20, 22" }\nfiles: [{}]\nenv: { A: 1 }');
  expect(found.map((one) => /\d:\d+: ([^:]*):/.exec(one)?.[1])).toEqual([
    ...['tools.a', 'tools.b', 'tools.c', 'files[0]', 'env.A'],
  ]);
});

it('tells the first 20 mistakes, and how many more there are', async () => {
  const found = await mistakes(
    `tools: { ${Array.from({ length: 30 }, (_, at) => `t${at}: "=>3"`).join(', ')} }`,
  );
  expect(found).toHaveLength(21);
  expect(found.at(-1)).toContain('expected no more mistakes; 10 more are not shown.');
});
