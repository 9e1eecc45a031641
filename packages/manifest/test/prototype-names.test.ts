// Names that each object of JavaScript inherits are names like others in a manifest and in version files.
import { describe, expect, it } from 'vitest';
import { compareVersions, whyNot } from '../src/index.ts';
import { load } from './load-text.ts';

const said = async (texts: string | Record<string, string>): Promise<string[]> =>
  (await load(texts)).requirements.map(({ kind, name }) => `${kind} ${name}`);

describe.each(['constructor', 'prototype', 'toString', 'hasOwnProperty'])('the name %s', (name) => {
  it.each([
    ['tools', 'latest', 'tool'],
    ['env', '{ set: true }', 'env'],
    ['services', '{}', 'service'],
    ['users', '{}', 'user'],
    ['groups', '{}', 'group'],
    ['toolcache', '22', 'toolcache'],
  ])('is kept in %s', async (section, value, kind) => {
    expect(await said(`version: 1\n${section}: { ${name}: ${value} }\n`)).toEqual([`${kind} ${name}`]);
  });

  it.each([
    ['.tool-versions', `${name} 1.2.3\n`],
    ['mise.toml', `[tools]\n${name} = "1.2.3"\n`],
    ['.sdkmanrc', `${name}=1.2.3\n`],
  ])('is kept in %s', async (file, text) => {
    const files = { 'main.yml': `version: 1\nfrom: ${file}\n`, [file]: text };
    expect(await said(files)).toEqual([`tool ${name}`]);
  });

  it('is refused as a fact of `when`', async () => {
    const wrong = load(`version: 1\nwhen: { os: linux, ${name}: x }\ntools: { git: latest }\n`);
    await expect(wrong).rejects.toThrow('expected a condition such as');
  });
});

it('keeps a feature, what it needs and its options, also those called constructor', async () => {
  const needs = 'b: { path: ./b, dependsOn: { constructor: ">=2" }, options: { constructor: x } }';
  const { requirements } = await load(
    `version: 1\nfeatures: { constructor: { path: ./a, version: 2 }, ${needs} }\n`,
  );
  expect(requirements).toMatchObject([
    { kind: 'feature', name: 'constructor' },
    { name: 'b', dependsOn: ['constructor'], needs: { constructor: { text: '>=2' } } },
  ]);
  expect(Object.entries(requirements[1]?.kind === 'feature' ? requirements[1].options : {})).toEqual([
    ['constructor', 'x'],
  ]);
});

it('refuses the name __proto__ at its place', async () => {
  await expect(load('version: 1\ntools:\n  __proto__: 1\n')).rejects.toThrow(
    "main.yml:3:3: expected another key than '__proto__'",
  );
});

it('knows no release of Node.js called constructor', async () => {
  const wrong = load('version: 1\ntools: { node: lts/constructor }\n');
  await expect(wrong).rejects.toThrow('expected a version such as `22`');
});

it('compares a version of Maven with the word constructor as any other word', () => {
  expect(compareVersions('maven', '1-constructor', '1-constructo')).toBe(1);
  expect(compareVersions('maven', '1-constructor', '1-dance')).toBe(-1);
});

it('finds no variable in the environment that each object inherits', async () => {
  const { requirements } = await load('version: 1\ntools: { git: { when: { env.constructor: "" } } }\n');
  const [condition] = requirements[0]?.when ?? [];
  const facts = { environment: {} } as Parameters<typeof whyNot>[1];
  expect(condition && whyNot(condition, facts)).toBeUndefined();
});
