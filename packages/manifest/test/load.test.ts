import { describe, expect, it } from 'vitest';
import { load } from './load-text.ts';

describe('a manifest', () => {
  it('keeps the text of an unquoted version, so that 1.10 is not 1.1', async () => {
    const { requirements } = await load('version: 1\ntools:\n  go: 1.10\n');
    expect(requirements[0]).toMatchObject({ kind: 'tool', ranges: [{ text: '1.10' }] });
  });

  it.each([
    ['files: [{ path: /a, sha256: 012345e6 }]', 'main.yml:2:29: files[0].sha256: '],
    ['files: [{ path: /a, sha256: 12345678 }]', '64 hexadecimal digits'],
    ['tools: { node: 20, node: 22 }', 'main.yml:2:20: '],
    ['tolls: { node: 20 }', "Did you mean 'tools'?"],
    ['tools:\n\tnode: 20', 'main.yml:3:1: expected valid YAML (a tab is not allowed'],
    ['tools: { node: { versions: 20 } }', "Did you mean 'version'?"],
    ['severity: warn', 'one of version, name, extends, from, defaults'],
    ['tools: { ../evil: 20 }', 'the name of a program on PATH'],
    ['tools: { mine: { match: x } }', "'match' together with 'command'"],
    ['tools: { node: { version: 20, any-of: [22] } }', "either 'version' or 'any-of'"],
    ['tools: { mine: { command: [mine], match: "(" } }', 'a regular expression'],
    ['tools: { node: [] }', 'a list that is not empty'],
    ['on-failure: { runs-on: "" }', 'a label'],
  ])('%j is refused at its line and column', async (text, message) => {
    await expect(load(`version: 1\n${text}\n`)).rejects.toThrow(message);
  });

  it('refuses an alias bomb', async () => {
    const levels = Array.from(
      { length: 12 },
      (_, level) => `a${level + 1}: &a${level + 1} [${`*a${level},`.repeat(9)}]`,
    );
    const bomb = `a0: &a0 x\n${levels.join('\n')}\n`;
    await expect(load(`version: 1\n${bomb}`)).rejects.toThrow(/main\.yml:\d+:\d+: /);
  });

  it('keeps MODE: 0755 as text', async () => {
    const { requirements } = await load('version: 1\nenv: { MODE: { equals: 0755 } }\n');
    expect(requirements[0]).toMatchObject({ spec: { equals: '0755' } });
  });

  it('has no requirements when it is empty, or when a section is', async () => {
    expect((await load('version: 1\ntools:\npackages: []\n')).requirements).toEqual([]);
  });

  it('gives each requirement its file, line and column', async () => {
    const { requirements } = await load('version: 1\ntools:\n  git: latest\nfiles:\n  - path: /a\n');
    expect(requirements).toMatchObject([
      { name: 'git', file: 'main.yml', line: 3, column: 3 },
      { name: '/a', file: 'main.yml', line: 5, column: 5 },
    ]);
  });
});

describe('extends', () => {
  const base =
    'version: 1\nname: base\ndefaults: { severity: warn, timeout: 5s }\ntools: { git: latest, node: 18, jq: latest }\n';

  it('adds the requirements of the base, replaces those of the same name and removes those that are null', async () => {
    const { requirements, files, name } = await load({
      'main.yml': 'version: 1\nextends: ./base.yml\ntools: { node: 22, jq: null, gh: latest }\n',
      'base.yml': base,
    });
    expect(files).toEqual(['base.yml', 'main.yml']);
    expect(name).toBe('base');
    expect(requirements.map(({ name, severity, timeout, file }) => [name, severity, timeout, file])).toEqual([
      ['git', 'warn', 5000, 'base.yml'],
      ['node', 'error', undefined, 'main.yml'],
      ['gh', 'error', undefined, 'main.yml'],
    ]);
    expect(requirements[1]).toMatchObject({ ranges: [{ text: '22' }] });
  });

  it('adds lists', async () => {
    const { requirements } = await load({
      'main.yml': 'version: 1\nextends: [./base.yml]\nfiles: [{ path: /b }]\n',
      'base.yml': 'version: 1\nfiles: [{ path: /a }]\n',
    });
    expect(requirements.map(({ name }) => name)).toEqual(['/a', '/b']);
  });

  it('knows a toolchain of Rust by its name, which a tool may have too', async () => {
    const { requirements } = await load({
      'main.yml':
        'version: 1\nextends: ./base.yml\nrust: [{ toolchain: stable, targets: wasm32-wasip1 }, {}]\n',
      'base.yml':
        'version: 1\ntools: { stable: latest }\nrust: [{ toolchain: stable }, { toolchain: 1.80 }]\n',
    });
    expect(requirements).toMatchObject([
      { kind: 'tool', name: 'stable' },
      { kind: 'rust', name: 'stable', targets: ['wasm32-wasip1'] },
      { kind: 'rust', name: '1.80' },
      { kind: 'rust', name: 'default', toolchain: undefined },
    ]);
  });

  it('applies `when` of a file to the requirements of that file only', async () => {
    const { requirements } = await load({
      'main.yml': 'version: 1\nextends: ./base.yml\ntools: { gh: { when: hosted } }\n',
      'base.yml': 'version: 1\nwhen: self-hosted\ntools: { git: latest }\n',
    });
    expect(requirements.map(({ name, when }) => [name, when.map(({ text }) => text)])).toEqual([
      ['git', ['self-hosted']],
      ['gh', ['hosted']],
    ]);
  });

  it('names a cycle as a path', async () => {
    const cycle = load({
      'main.yml': 'version: 1\nextends: ./base.yml\n',
      'base.yml': 'version: 1\nextends: ./main.yml\n',
    });
    await expect(cycle).rejects.toThrow('main.yml → base.yml → main.yml');
  });

  it('reports a missing base at its entry, and mistakes of a base in that file', async () => {
    const broken = load({
      'main.yml': 'version: 1\nextends: [./none.yml, ./base.yml]\n',
      'base.yml': 'version: 1\ntools: { git: { x: 1 } }\n',
    });
    await expect(broken).rejects.toThrow(/main\.yml:2:11: .*an existing file[^]*base\.yml:2:17: /);
  });

  it('takes the fallback of the nearest file that has one', async () => {
    const { fallback } = await load({
      'main.yml': 'version: 1\nextends: ./base.yml\n',
      'base.yml': 'version: 1\non-failure: { runs-on: { group: big, labels: [linux] } }\n',
    });
    expect(JSON.parse(fallback ?? '')).toEqual({ group: 'big', labels: ['linux'] });
  });
});

describe('from', () => {
  it('reads version files as requirements at their own lines, and says what it does not read', async () => {
    const { requirements, notes, files } = await load({
      'main.yml': 'version: 1\nfrom: [.nvmrc, .tool-versions]\ndefaults: { severity: warn }\n',
      '.nvmrc': '20.11.0\n',
      '.tool-versions': '# tools\nterraform 1.7.0\nruby ref:main\n',
    });
    expect(requirements).toMatchObject([
      { kind: 'tool', name: 'node', severity: 'warn', file: '.nvmrc', line: 1, column: 1 },
      { kind: 'tool', name: 'terraform', file: '.tool-versions', line: 2 },
    ]);
    expect(files).toEqual(['.nvmrc', '.tool-versions', 'main.yml']);
    expect(notes).toMatchObject([
      { file: '.tool-versions', line: 3, message: expect.stringContaining('ref:main') },
    ]);
  });

  it('reads a toolchain of Rust with or without components', async () => {
    const { requirements, notes } = await load({
      'main.yml': 'version: 1\nfrom: [.tool-versions, rust-toolchain.toml]\n',
      '.tool-versions': 'rust 1.80.0\n',
      'rust-toolchain.toml': '[toolchain]\nchannel = "1.85"\ncomponents = ["clippy"]\n',
    });
    expect(requirements).toMatchObject([
      { kind: 'rust', toolchain: '1.80.0', components: [], targets: [], file: '.tool-versions' },
      { kind: 'rust', toolchain: '1.85', components: ['clippy'], file: 'rust-toolchain.toml' },
    ]);
    expect(notes).toEqual([]);
  });

  it('lets the manifest replace what a version file says', async () => {
    const { requirements } = await load({
      'main.yml': 'version: 1\nfrom: .nvmrc\ntools: { node: ">=22" }\n',
      '.nvmrc': '20\n',
    });
    expect(requirements).toMatchObject([{ name: 'node', file: 'main.yml', ranges: [{ text: '>=22' }] }]);
  });

  it.each([
    ['a missing file', '.nvmrc', {}, 'main.yml:2:7: '],
    [
      'an unknown name',
      'requirements.txt',
      { 'requirements.txt': 'x' },
      'the name of a file that can be read: .tool-versions',
    ],
    ['a path out of the checkout', '../.nvmrc', {}, 'a path inside the repository'],
    ['a broken file', 'package.json', { 'package.json': '{\n  "engines": {,\n}' }, 'package.json:2:'],
  ])('refuses %s', async (_, name, files, message) => {
    await expect(load({ 'main.yml': `version: 1\nfrom: ${name}\n`, ...files })).rejects.toThrow(message);
  });
});
