import { describeProblem } from '@runner-actions/config';
import { describe, expect, it } from 'vitest';
import { loadManifest } from '../src/index.ts';

async function load(text: string): Promise<string> {
  const read = async () => ({ kind: 'text' as const, text: `version: 1\n${text}\n` });
  const loaded = await loadManifest(
    { read },
    { repository: undefined, ref: undefined, path: 'manifest.yml' },
  );
  if (loaded.kind === 'wrong') return loaded.problems.map(describeProblem).join('\n');
  if (loaded.kind !== 'read') return loaded.why;
  return loaded.manifest.requirements.map(({ kind, name }) => `${kind} ${name}`).join(', ');
}

describe('sections for packages, libraries, the tool cache and Rust', () => {
  it.each([
    ['packages: [{ apt: [curl, jq] }, { pip: x }]', 'package curl, package jq, package pip:x'],
    ['packages: [{ apt: [liba, libb], dnf: lib, version: ">=3 <4" }]', 'package liba, libb'],
    ['libraries: [{ soname: libssl.so.3 }]', 'library libssl.so.3'],
    [
      'libraries: [{ soname: libstdc++.so.6, symbol: GLIBCXX_3.4.30 }]',
      'library libstdc++.so.6 GLIBCXX_3.4.30',
    ],
    ['libraries: [{ pkg-config: openssl, version: ">=1.1.1w" }]', 'library pkg-config openssl'],
    ['toolcache: { node: [22, 24], Python: ">=3.11" }', 'toolcache node, toolcache Python'],
    ['rust: [{ toolchain: 1.80 }, {}]', 'rust 1.80, rust default'],
  ])('%s is read', async (text, requirements) => expect(await load(text)).toBe(requirements));

  it.each([
    ['packages: [{ yum: a }]', "found 'yum', expected one of apt, dnf"],
    ['packages: [{ apt: a, version: "=> 3" }]', "found '=> 3', expected `>=3`"],
    ['libraries: [{ soname: a.so, pkg-config: a }]', "expected either 'soname' or 'pkg-config'"],
    ['libraries: [{ severity: warn }]', "expected either 'soname' or 'pkg-config'"],
    ['libraries: [{ soname: a.so, version: ">=3" }]', "only 'pkg-config' tells a version"],
    ['libraries: [{ pkg-config: a, symbol: A_1 }]', "expected 'soname' with 'symbol'"],
    ['libraries: [{ soname: /lib/a.so }]', 'without folders'],
    ['libraries: [{ pkg-config: --exists }]', 'the name of a module of pkg-config'],
    ['libraries: [{ pkg-config: a, version: lts/* }]', "libraries[0].version: found 'lts/*'"],
    ['toolcache: { node: lts/* }', "toolcache.node: found 'lts/*'"],
    ['toolcache: { node: { versoin: 3 } }', "Did you mean 'version'?"],
    ['toolcache: { ../etc: 3 }', 'the name of a folder in the tool cache'],
    ['rust: [{ toolchain: 1.80, target: x }]', "Did you mean 'targets'?"],
    ['rust: [{ toolchain: ../x }]', 'a toolchain such as stable'],
    ['rust: [{ components: [-v] }]', 'a component such as clippy'],
  ])('%s is refused', async (text, message) => expect(await load(text)).toContain(message));
});
