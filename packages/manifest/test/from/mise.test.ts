import { describe, expect, it } from 'vitest';
import { read, readOne } from './read.ts';

describe('mise.toml', () => {
  it('reads versions, tables and lists, each at its own place', () => {
    const text = `[env]
TOKEN = "{{ env.TOKEN }}"
[tools]
node = "20"
python = ["3.12", "3.11"]
java = { version = "zulu-17.60.17.0" }
[tools.terraform]
version = "1.7"
postinstall = "true"
[tasks.build]
run = "make"
`;
    const expected = {
      stated: [
        '4:8 tools node 20',
        '5:11 tools python3 3.12',
        '5:19 tools python3 3.11',
        '6:8 tools java 17 zulu',
        '7:2 tools terraform 1.7',
      ],
      notRead: [],
      problem: undefined,
    };
    for (const path of ['mise.toml', '.mise.toml', 'app/.mise/config.toml'])
      expect(read(path, text)).toEqual(expected);
  });

  it('reads packages of go, pipx, npm, cargo and gem by their names there', () => {
    const text = `[tools]
"go:golang.org/x/tools/gopls" = "latest"
"go:example.org/migrate/v4/cmd/migrate" = { version = "v4.17.0", tags = "postgres" }
"pipx:ruff" = "0.4.1"
"pipx:black[jupyter]" = "24"
"npm:@scope/tool" = "1.2.3"
"cargo:cargo-nextest" = "0.9"
"gem:rubocop" = "latest"
`;
    expect(read('mise.toml', text)).toEqual({
      stated: [
        '2:33 packages go golang.org/x/tools/gopls',
        '3:43 packages go example.org/migrate/v4/cmd/migrate 4.17.0',
        '4:15 packages pip ruff 0.4.1',
        '5:25 packages pip black 24',
        '6:21 packages npm @scope/tool 1.2.3',
        '7:25 packages cargo cargo-nextest 0.9',
        '8:17 packages gem rubocop',
      ],
      notRead: [],
      problem: undefined,
    });
  });

  it('reads Rust with its components and targets', () => {
    const text = `[tools]
rust = [
  { version = "1.83.0", components = "clippy,rust-src", targets = "wasm32-wasip1" },
  "nightly-2024-05-01",
]`;
    expect(read('mise.toml', text).stated).toEqual([
      '3:3 rust 1.83.0 [clippy,rust-src] [wasm32-wasip1]',
      '4:3 rust nightly-2024-05-01 [] []',
    ]);
  });

  it.each([
    ['node = "latest"', 'node latest'],
    ['node = "system"', 'node latest'],
    ['node = "prefix:20"', 'node 20'],
    ['node = { prefix = "20.1" }', 'node 20.1'],
    ['node = "lts-jod"', 'node >=22.11.0 <23'],
    ['"core:bun" = "1.1"', 'bun 1.1'],
    ['ripgrep = "14"', 'rg 14'],
    ['dotnet = "8.0"', 'dotnet 8.0'],
    ['"ubi:cli/cli[exe=gh]" = "2.40"', 'gh 2.40'],
    ['"github:cli/cli" = { version = "2.40", exe = "gh" }', 'gh 2.40'],
    ['"aqua:hashicorp/terraform" = "1.7"', 'is a download of aqua; which command it brings is not said'],
    ['"pipx:psf/black" = "24"', 'is a repository, which does not tell the name of a package'],
    [
      '"pipx:git+https://example.org/x.git" = "1"',
      'is a repository, which does not tell the name of a package',
    ],
    ['"cargo:https://example.org/x" = "1"', 'is a repository, which does not tell the name of a package'],
    ['"npm:../x" = "1"', 'is no name of a package'],
    ['"npm:--x" = "1"', 'is no name of a package'],
    ['"npm:x" = "next"', 'is no version'],
    ['node = "{{ env.NODE }}"', 'is a template'],
    ['node = { ref = "main" }', 'is built from a source revision, which has no version'],
    ['node = "ref:main"', 'is built from a source revision, which has no version'],
    ['node = "path:/opt/node"', 'is a folder of its own, which has no version'],
    ['node = "lts"', expect.stringMatching(/^moves/)],
    ['node = "sub-1:latest"', expect.stringMatching(/^moves/)],
    ['node = { version = "20", os = ["linux", "macos"] }', 'is for some systems only: linux, macos'],
    ['node = 20', 'is no version in quotes'],
    ['node = {}', 'is no version in quotes'],
    ['"a b" = "1"', 'is no name of a tool'],
  ])('%s', (line, expected) => {
    expect(readOne('mise.toml', `[tools]\n${line}\n`)).toEqual(expected);
  });

  it('says which other sections ask for something that is not read', () => {
    const text =
      'min_version = "2024.1.1"\n[alias.node]\nmine = "20"\n[plugins]\nx = "y"\n[settings]\nquiet = true\n';
    expect(read('mise.toml', text)).toMatchObject({
      stated: [],
      notRead: [
        '1:1 min_version | is about mise itself',
        '2:2 alias | gives versions other names',
        '4:2 plugins | says where mise gets tools',
      ],
    });
  });

  it.each([
    ['[tools]\nnode = \n', { line: 3, column: 1 }],
    ['[tools]\nnode = "20"\nnode = "22"\n', { line: 3, column: 1 }],
    ['tools = "node"', { line: 1, column: 9 }],
  ])('%j is a problem at its place', (text, place) => {
    expect(read('mise.toml', text).problem).toMatchObject(place);
  });
});
