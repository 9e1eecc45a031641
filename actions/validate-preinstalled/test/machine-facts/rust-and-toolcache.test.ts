import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { advise, installToolchain, updateToolchain } from '../../src/machine-facts/rust/rustup-command.ts';
import { componentName, folderFor } from '../../src/machine-facts/rust/rustup-io.ts';
import { checkKind } from '../kinds/check-kind.ts';
import { folderWith } from './temporary-files.ts';

const host = `${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-unknown-linux-gnu`;
const stable = `toolchains/stable-${host}`;

/** A toolchain in the form of rustup 1.29, with the standard library for WebAssembly and rust-src. */
const files = {
  'settings.toml': `version = "12"\ndefault_toolchain = "stable-${host}"\n\n[overrides]\n`,
  ...Object.fromEntries(
    [
      `rustc-${host}`,
      `cargo-${host}`,
      `clippy-preview-${host}`,
      'rust-std-wasm32-unknown-unknown',
      'rust-src',
    ].map((name) => [`${stable}/lib/rustlib/manifest-${name}`, `file:share/${name}\n`]),
  ),
  ...Object.fromEntries(
    [
      `rustc-${host}`,
      `cargo-${host}`,
      `clippy-preview-${host}`,
      'rust-std-wasm32-unknown-unknown',
      'rust-src',
    ].map((name) => [`${stable}/share/${name}`, '']),
  ),
  [`${stable}/lib/rustlib/components`]: `rustc-${host}\ncargo-${host}\nclippy-preview-${host}\nrust-std-wasm32-unknown-unknown\nrust-src\n`,
  [`${stable}/lib/rustlib/multirust-channel-manifest.toml`]:
    '[pkg.cargo]\nversion = "0.96.0 (f2d3ce0bd 2026-03-21)"\n\n[pkg.rust]\nversion = "1.95.0 (59807616e 2026-04-14)"\n',
  'toolchains/own/bin/rustc': '',
};

async function check(requirement: object, { without, PATH = '' }: { without?: string; PATH?: string } = {}) {
  const home = await folderWith(files);
  if (without !== undefined) await rm(join(home, without), { recursive: true });
  return checkKind('rust', [requirement], { RUSTUP_HOME: home, PATH });
}

describe.runIf(process.platform === 'linux')('rust', () => {
  it.each([
    [{}],
    [{ toolchain: 'stable', version: '>=1.80', components: ['clippy', 'rust-src'] }],
    [{ toolchain: `stable-${host}`, components: 'clippy-preview', targets: 'wasm32-unknown-unknown' }],
  ])('%j passes', async (requirement) => {
    expect(await check(requirement)).toMatchObject({ status: 'pass', found: `stable-${host}, Rust 1.95.0` });
  });

  it.each([
    [{ toolchain: 'stable', components: ['rustfmt'] }, 'rustup component add rustfmt --toolchain stable'],
    [{ toolchain: 'stable', targets: ['armv7-x'] }, 'rustup target add armv7-x --toolchain stable'],
    [{ toolchain: 'stable', version: '>=1.96' }, 'rustup update stable'],
    [{ toolchain: '1.80' }, 'rustup toolchain install 1.80'],
  ])('%j fails with the advice %j', async (requirement, advice) => {
    const finding = await check(requirement);
    expect(finding.status).toBe('fail');
    expect(finding.advice).toContain(advice);
  });

  it.each([
    [{ toolchain: 'stable', components: ['rustfmt'] }, 'component add rustfmt --toolchain stable'],
    [{ toolchain: 'stable', targets: ['a', 'b'] }, 'target add a b --toolchain stable'],
    [
      { toolchain: 'stable', components: ['rustfmt'], targets: ['a', 'b'] },
      'toolchain install stable --component rustfmt --target a --target b --no-self-update',
    ],
    [{ toolchain: 'stable', version: '>=1.96' }, 'update stable --no-self-update'],
    [
      { toolchain: '1.80', components: ['clippy'] },
      'toolchain install 1.80 --component clippy --no-self-update',
    ],
  ])('%j has the remedy %j where rustup is on PATH, and else only its advice', async (requirement, rest) => {
    const PATH = await folderWith({ rustup: '' });
    await chmod(join(PATH, 'rustup'), 0o755);
    const remedy = { by: 'rustup', command: ['rustup', ...rest.split(' ')], packages: [] };
    expect((await check(requirement, { PATH })).remedy).toEqual(remedy);
    const { advice, remedy: none } = await check(requirement);
    expect([none, advice]).toEqual([undefined, expect.stringContaining(`rustup ${rest}`)]);
    expect(advice).toMatch(/^Install rustup\./);
  });

  it('has no remedy for a name that could be an option', () => {
    expect(
      advise('Install it', installToolchain('--force', { components: [], targets: [] })).remedy,
    ).toBeUndefined();
    expect(advise('Update it', updateToolchain('1.80')).remedy).toBeUndefined();
  });

  it.each([
    ['a file of a component', `${stable}/share/clippy-preview-${host}`],
    ['the list of a component', `${stable}/lib/rustlib/manifest-clippy-preview-${host}`],
    ['the compiler', `${stable}/share/rustc-${host}`],
    ['the toolchain', stable],
    ['a file of a target', `${stable}/share/rust-std-wasm32-unknown-unknown`],
  ])('fails if %s was removed', async (_case, without) => {
    const requirement = { toolchain: 'stable', components: 'clippy', targets: 'wasm32-unknown-unknown' };
    expect((await check(requirement, { without })).status).toBe('fail');
  });

  it('fails without a default toolchain, and is unknown for one that rustup did not install', async () => {
    expect(await check({}, { without: 'settings.toml' })).toMatchObject({ status: 'fail' });
    expect(await check({ toolchain: 'own' })).toMatchObject({ status: 'error' });
  });

  it.each([
    ['clippy-preview-x86_64-unknown-linux-gnu', 'clippy'],
    ['rust-src', 'rust-src'],
    ['clippy', 'clippy'],
  ])('calls the component %s %s', (listed, name) =>
    expect(componentName(listed, 'x86_64-unknown-linux-gnu')).toBe(name),
  );

  it.each([
    ['1.80', '1.80-x86_64-unknown-linux-gnu'],
    ['1.8', undefined],
    ['nightly', undefined],
    ['nightly-2024-05-01', 'nightly-2024-05-01-x86_64-unknown-linux-gnu'],
    ['stable', undefined],
    ['mine', 'mine'],
  ])('takes for %s the folder %s', (toolchain, folder) => {
    const installed = [
      ...['1.80-x86_64-unknown-linux-gnu', '1.80.1-x86_64-unknown-linux-gnu', 'mine'],
      ...['nightly-2024-05-01-x86_64-unknown-linux-gnu', 'stable-aarch64-apple-darwin'],
    ];
    expect(folderFor(toolchain, installed, 'x64', 'linux')).toBe(folder);
  });
});

describe('the tool cache', () => {
  const cache = {
    'node/22.4.1/x64.complete': '',
    'node/22.4.1/x64/bin/node': '',
    'node/24.1.0/x64.complete': '',
    'node/24.1.0/x64/bin/node': '',
    'node/20.1.0/x64/bin/node': '',
    'node/18.0.0/arm64.complete': '',
    'node/18.0.0/arm64/bin/node': '',
    'node/16.0.0/x64.complete': '',
    'Python/3.12.1/x64.complete': '',
    'Python/3.12.1/x64/python': '',
  };

  async function checkCache(part: object, variable = 'RUNNER_TOOL_CACHE') {
    return checkKind('toolcache', part, { [variable]: await folderWith(cache) });
  }

  it.each([
    [{ node: { version: ['22', '>=24'], arch: 'x64' } }, 'pass', '22.4.1, 24.1.0'],
    [{ node: { version: '20', arch: 'x64' } }, 'fail', '22.4.1, 24.1.0, none of them 20'],
    [{ node: { version: ['22', '23'], arch: 'x64' } }, 'fail', '22.4.1, 24.1.0, none of them 23'],
    [{ node: { version: '16', arch: 'x64' } }, 'fail', '22.4.1, 24.1.0, none of them 16'],
    [{ node: { version: '18', arch: 'arm64' } }, 'pass', '18.0.0'],
    [{ Python: { arch: 'x64' } }, 'pass', '3.12.1'],
  ])('with %j: %s', async (part, status, found) => {
    expect(await checkCache(part)).toMatchObject({ status, found });
  });

  it.each([
    [{ node: { version: '20', arch: 'x64' } }, '20.1.0 did not finish'],
    [{ node: { version: '18', arch: 'x64' } }, '18.0.0 is there for another architecture'],
    [{ python: { arch: 'x64' } }, 'The tool cache has Python'],
    [
      { node: { version: '30', arch: 'x64' } },
      'setup action put it there, or state an archive of it in `features`',
    ],
    [{ Python: { version: '4', arch: 'x64' } }, 'Let a setup action put it there.'],
  ])('with %j says that %s', async (part, advice) => {
    expect((await checkCache(part)).advice).toContain(advice);
  });

  it('is looked for in AGENT_TOOLSDIRECTORY first', async () => {
    const AGENT_TOOLSDIRECTORY = await folderWith(cache);
    const environment = { AGENT_TOOLSDIRECTORY, RUNNER_TOOL_CACHE: await folderWith({}) };
    const part = { Python: { version: '3.12', arch: 'x64' } };
    expect(await checkKind('toolcache', part, environment)).toMatchObject({ status: 'pass' });
  });

  it('is unknown if no variable names it', async () => {
    expect(await checkKind('toolcache', { node: '22' })).toMatchObject({ status: 'error' });
  });
});
