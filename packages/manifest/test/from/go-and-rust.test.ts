import { describe, expect, it } from 'vitest';
import { read, readOne } from './read.ts';

describe('go.mod', () => {
  it('asks for at least the versions of go and toolchain, and for nothing of blocks', () => {
    const text =
      'module example.org/m\n\ngo 1.22.0 // oldest\n\ntoolchain go1.22.3\n\nrequire (\n\tgo 1.99\n\texample.org/x v1.0.0\n)\n\ngodebug default=go1.21\n';
    const expected = {
      stated: ['3:4 tools go >=1.22.0', '5:11 tools go >=1.22.3'],
      notRead: [],
      problem: undefined,
    };
    expect(read('go.mod', text)).toEqual(expected);
    expect(read('go.work', text)).toEqual(expected);
  });

  it.each([
    ['go 1.22', 'go >=1.22'],
    ['go 1.23rc1', 'go >=1.23rc1'],
    ['toolchain go1.22.3-acme', 'go >=1.22.3'],
    ['toolchain default', 'asks for nothing beyond the go line'],
    ['go latest', 'is no version of Go'],
    ['toolchain 1.22.3', 'is no version of Go'],
    ['go', 'is not one version'],
    ['go 1.22 1.23', 'is not one version'],
  ])('%s', (text, expected) => {
    expect(readOne('go.mod', text)).toBe(expected);
  });
});

describe('rust-toolchain.toml', () => {
  it('reads the channel with its components, once each, and targets', () => {
    const text = `[toolchain]
# a comment
channel = "1.85.0"
components = [
    "clippy",
    # for a plugin
    "llvm-tools",
    "rustc-dev",
    "rustc-dev",
]
targets = ["wasm32-unknown-unknown"]
profile = "minimal"
`;
    expect(read('rust-toolchain.toml', text)).toEqual({
      stated: ['3:11 rust 1.85.0 [clippy,llvm-tools,rustc-dev] [wasm32-unknown-unknown]'],
      notRead: [],
      problem: undefined,
    });
    expect(read('rust-toolchain', text).stated).toHaveLength(1);
  });

  it('leaves a profile, which holds only when rustup installs', () => {
    expect(
      read('rust-toolchain.toml', 'toolchain = { channel = "stable", profile = "default" }'),
    ).toMatchObject({
      stated: ['1:25 rust stable [] []'],
      notRead: [
        '1:45 profile default | holds only when rustup installs; name the components that are needed',
      ],
    });
  });

  it.each([
    ['[toolchain]\npath = "/opt/rust"', 'is a folder of its own, which has no version'],
    ['[toolchain]\nchannel = "stage1"', 'is a toolchain of its own, which holds on one machine only'],
    ['[toolchain]\ncomponents = ["clippy"]', 'names no channel, so the default one of each machine is used'],
    ['[toolchain]\nchannel = "stable"\ncomponents = ["--x"]', 'is no name of a component or target'],
    ['[toolchain]\nchannel = 1.85', 'expected a channel in quotes'],
    ['channel = "stable"', 'expected a section [toolchain]'],
    ['stable', expect.stringMatching(/^expected valid TOML/)],
  ])('%j', (text, expected) => {
    expect(readOne('rust-toolchain.toml', text)).toEqual(expected);
  });

  it.each([
    ['nightly-2024-05-01\n', 'nightly-2024-05-01 [] []'],
    ['1.80', '1.80 [] []'],
    ['beta', 'beta [] []'],
    ['', 'expected the name of a toolchain'],
  ])('the old form without TOML: %j', (text, expected) => {
    expect(readOne('rust-toolchain', text)).toBe(expected);
  });
});
