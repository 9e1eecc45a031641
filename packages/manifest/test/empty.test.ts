// An entry or a section that says nothing removes what a base requires. Without a base it is a mistake, since its author
// may believe that it requires something.
import { describe, expect, it } from 'vitest';
import { load } from './load-text.ts';

const removes = 'null removes a requirement of a file that this one extends, and there is none';
const withBase = (own: string, base: string) =>
  load({
    'main.yml': `version: 1\nextends: ./base.yml\n${own}\n`,
    'base.yml': `version: 1\n${base}\n`,
  });
const namesOf = async (own: string, base: string): Promise<string[]> =>
  (await withBase(own, base)).requirements.map(({ name }) => name);

describe('an entry that is null', () => {
  it.each([
    ['tools', 'a range such as latest'],
    ['toolcache', 'a range such as 22'],
    ['features', 'a range such as latest'],
    ['users', '{}, or a map of keys'],
    ['groups', '{}, or a map of keys'],
    ['services', '{}, or a map of keys'],
    ['env', 'a map such as { set: true }'],
  ])('of %s is a mistake at its line if it removes nothing', async (section, form) => {
    const name = section === 'features' ? 'docker' : 'nosuch';
    await expect(load(`version: 1\n${section}:\n  ${name}:\n`)).rejects.toThrow(
      `main.yml:3:3: ${section}.${name}: found 'nothing', expected ${form}. ${removes} named ${name}.`,
    );
  });

  it.each([
    ['tools: { jq: null }', 'tools: { jq: latest, git: latest }', ['git']],
    ['users: { ci: null }', 'users: { ci: {} }', []],
    ['env: { CI: null }', 'env: { CI: { set: true } }', []],
  ])('%s removes that of a base', async (own, base, left) => expect(await namesOf(own, base)).toEqual(left));

  it('removes that of a version file', async () => {
    const { requirements } = await load({
      'main.yml': 'version: 1\nfrom: .nvmrc\ntools: { node: null }\n',
      '.nvmrc': '22\n',
    });
    expect(requirements).toEqual([]);
  });

  it('is a note if a base has another requirement of this name, or has removed it before', async () => {
    const message = 'null removes nothing here: no file that this one extends requires it.';
    const other = await withBase('tools: { jq: null }', 'env: { jq: { set: true } }');
    expect(other.notes).toEqual([{ file: 'main.yml', line: 3, column: 10, message }]);
    const removedTwice = await load({
      'main.yml': 'version: 1\nextends: ./base.yml\ntools: { jq: null }\n',
      'base.yml': 'version: 1\nextends: ./first.yml\ntools: { jq: null }\n',
      'first.yml': 'version: 1\ntools: { jq: latest }\n',
    });
    expect(removedTwice.notes).toEqual([{ file: 'main.yml', line: 3, column: 10, message }]);
  });

  it('is told once, if two bases extend its file', async () => {
    const twice = load({
      'main.yml': 'version: 1\nextends: [./a.yml, ./b.yml]\n',
      'a.yml': 'version: 1\nextends: ./base.yml\n',
      'b.yml': 'version: 1\nextends: ./base.yml\n',
      'base.yml': 'version: 1\ntools: { nosuch: null }\n',
    });
    await expect(twice).rejects.toThrow(/^base\.yml:2:10: [^\n]*$/);
  });
});

describe('a section that is null', () => {
  it.each([
    ['system', '{ os: linux }'],
    ['rust', '[{ toolchain: stable }]'],
    ['user', '{ groups: docker }'],
    ['kernel', '{ modules: [overlay] }'],
    ...['docker', 'podman', 'gpu', 'oci'].map((section) => [section, '{}']),
  ])('%s is a mistake with an example that works if it removes nothing', async (section, example) => {
    await expect(load(`version: 1\n${section}:\n`)).rejects.toThrow(
      `main.yml:2:1: ${section}: found 'nothing', expected a value such as \`${section}: ${example}\`. ${removes} in`,
    );
    expect((await load(`version: 1\n${section}: ${example}\n`)).requirements).toHaveLength(1);
    expect(await namesOf(`${section}:`, `${section}: ${example}\ntools: { git: latest }`)).toEqual(['git']);
  });

  it('has a note where it removes what a base requires', async () => {
    const { notes } = await withBase('docker:', 'docker: {}');
    const message = "null removes what other files require in 'docker'.";
    expect(notes).toEqual([{ file: 'main.yml', line: 3, column: 1, message }]);
  });

  it('is told in the order of the file', async () => {
    const wrong = load('version: 1\ntools:\n  nosuch:\ndocker:\nenv:\n  NONE:\n');
    await expect(wrong).rejects.toThrow(/^main\.yml:3:.*\nmain\.yml:4:.*\nmain\.yml:6:/);
  });

  it('keeps what another section of the base requires, and what its own file adds later is left', async () => {
    expect(await namesOf('docker:', 'docker: {}\npodman: {}')).toEqual(['podman']);
    const { requirements } = await load({
      'main.yml': 'version: 1\nextends: ./middle.yml\ngpu: { driver: ">=535" }\n',
      'middle.yml': 'version: 1\nextends: ./base.yml\ngpu:\n',
      'base.yml': 'version: 1\ngpu: { count: 2 }\n',
    });
    expect(requirements.map(({ name }) => name)).toEqual(['driver']);
  });
});

it.each(['packages:', 'packages: []', 'tools:', 'tools: {}', 'files:', 'system: {}', 'rust: []'])(
  '%s requires nothing, and a note at its line says so',
  async (section) => {
    const { requirements, notes } = await load(`version: 1\nname: x\n${section}\n`);
    expect(requirements).toEqual([]);
    expect(notes).toEqual([
      { file: 'main.yml', line: 3, column: 1, message: 'This section is empty: it requires nothing.' },
    ]);
  },
);

it('a file that two others extend has one note for its empty section', async () => {
  const { notes } = await load({
    'main.yml': 'version: 1\nextends: [./a.yml, ./b.yml]\n',
    'a.yml': 'version: 1\nextends: ./base.yml\n',
    'b.yml': 'version: 1\nextends: ./base.yml\n',
    'base.yml': 'version: 1\npackages:\n',
  });
  expect(notes).toHaveLength(1);
});

it('a section that only removes has no note', async () => {
  expect((await withBase('tools: { jq: null }', 'tools: { jq: latest }')).notes).toEqual([]);
});
