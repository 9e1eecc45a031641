import { describe, expect, it } from 'vitest';
import { load } from '../load-text.ts';
import { knownFeatures, toolNamed } from '../../src/index.ts';

const own = (name: string, more = ''): string => `  ${name}: { path: ./features/${name}${more} }\n`;
const manifest = (features: string, rest = ''): string => `version: 1\nfeatures:\n${features}${rest}`;

describe('features', () => {
  it('are read, with what they come after', async () => {
    const { requirements } = await load(
      manifest(
        own('keys', ', options: { channel: stable }') +
          `  docker: { version: '27', dependsOn: [keys], installsAfter: [node] }\n  node: '>=20'\n`,
        [
          'tools:\n  jq: { version: latest, install: false, dependsOn: [keys] }\n',
          'libraries: [{ soname: libz.so.1, install: false, dependsOn: [keys] }]\n',
          'rust: [{ toolchain: stable, install: false, dependsOn: [keys] }]\n',
        ].join(''),
      ),
    );
    expect(requirements).toMatchObject([
      {
        kind: 'feature',
        name: 'keys',
        path: './features/keys',
        options: { channel: 'stable' },
        install: true,
      },
      { name: 'docker', range: { text: '27' }, dependsOn: ['keys'], installsAfter: ['node'] },
      { name: 'node', range: { text: '>=20' }, path: undefined },
      { kind: 'tool', name: 'jq', install: false, dependsOn: ['keys'] },
      { kind: 'rust', install: false, dependsOn: ['keys'] },
      { kind: 'library', install: false, dependsOn: ['keys'] },
    ]);
  });

  it('is removed by null in a file that extends the first', async () => {
    const files = {
      'main.yml': 'version: 1\nextends: ./base.yml\nfeatures: { keys: null }\n',
      'base.yml': manifest(own('keys') + own('other')),
    };
    expect((await load(files)).requirements.map(({ name }) => name)).toEqual(['other']);
  });

  it.each([
    [
      'a name that is not known',
      manifest('  dokcer: {}\n'),
      "main.yml:3:11: features.dokcer: found 'dokcer', expected one of c-compiler",
    ],
    ['a folder outside', manifest('  x: { path: ./../x }\n'), 'expected a folder inside the checkout'],
    ['an absolute folder', manifest('  x: { path: /x }\n'), 'expected a folder of the checkout'],
    [
      'options of a known one',
      manifest('  docker: { options: { a: b } }\n'),
      "'options' only together with 'path'",
    ],
    ['a wrong range', manifest("  docker: { version: '=> 3' }\n"), "found '=> 3'"],
    [
      'a wrong range of another',
      manifest("  docker: { dependsOn: { node: '=> 3' } }\n  node: {}\n"),
      "found '=> 3'",
    ],
    [
      'an unknown dependency',
      manifest(own('a', ', dependsOn: [aa]') + own('ab')),
      "main.yml:3:3: feature a.dependsOn: found 'aa', expected the name of a feature of this manifest",
    ],
    [
      'an unknown one to come after',
      manifest(own('a', ', installsAfter: [zzz]')),
      "feature a.installsAfter: found 'zzz'",
    ],
    [
      'a dependency of a tool',
      'version: 1\ntools: { jq: { dependsOn: [keys] } }\n',
      "tool jq.dependsOn: found 'keys'",
    ],
    [
      'a dependency of a package',
      'version: 1\npackages: [{ apt: jq, dependsOn: [keys] }]\n',
      "package jq.dependsOn: found 'keys'",
    ],
    [
      'a library that names none',
      'version: 1\nlibraries: [{ soname: libz.so.1, dependsOn: [keys] }]\n',
      "library libz.so.1.dependsOn: found 'keys'",
    ],
    [
      'a toolchain of Rust that names none',
      'version: 1\nrust: [{ toolchain: stable, dependsOn: [keys] }]\n',
      "rust stable.dependsOn: found 'keys'",
    ],
    [
      'versions that no version meets at once',
      manifest("  node: '>=22'\n" + own('a', ", dependsOn: { node: '18 || 20' }")),
      "feature a.dependsOn.node: found '18 || 20', expected a range that also meets `>=22`",
    ],
    [
      'a cycle, by its path',
      manifest(
        own('d', ', dependsOn: [a]') +
          own('a', ', dependsOn: [b]') +
          own('b', ', installsAfter: [c]') +
          own('c', ', dependsOn: [a]'),
      ),
      "main.yml:4:3: feature a.dependsOn: found 'a → b → c → a', expected an order of features without a cycle",
    ],
    ['a feature that depends on itself', manifest(own('a', ', dependsOn: [a]')), "found 'a → a'"],
  ])('%s is refused', async (_, text, message) => {
    await expect(load(text)).rejects.toThrow(message);
  });

  it('may need versions that fit together', async () => {
    const text = manifest("  node: '>=18 <23'\n" + own('a', ", dependsOn: { node: '18 || 20' }"));
    expect((await load(text)).requirements[1]).toMatchObject({
      dependsOn: ['node'],
      needs: { node: { text: '18 || 20' } },
    });
  });

  it('names only tools of the catalogue', () => {
    const names = Object.values(knownFeatures).flatMap(({ tools }) => tools);
    expect(names.filter((name) => toolNamed(name) === undefined)).toEqual([]);
  });
});
