import { describe, expect, it } from 'vitest';
import { exactRange, exactVersion } from '../../src/snapshot/exact-range.ts';
import { renderSections } from '../../src/snapshot/section.ts';
import { inline, keyText, withoutLines } from '../../src/snapshot/yaml.ts';

describe('an exact range', () => {
  it.each([
    ['1.2.3', 'semver', '==1.2.3'],
    ['1:9.2p1-2+deb12u3', 'deb', '==1:9.2p1-2+deb12u3'],
    ['3.13.0rc1', 'pep440', '==3.13.0rc1'],
    ['1.8.0_292', 'java', '==1.8.0_292'],
    ['1.32.4-dispatcher', 'semver', '==1.32.4'],
    ['devel', 'semver', undefined],
    ['1.2 || 3', 'semver', undefined],
  ] as const)('of %s by %s', (version, scheme, expected) => {
    expect(exactRange(version, scheme)).toBe(expected);
  });

  it.each([
    ['==1.2.3', '1.2.3'],
    ['=1:2-3', '1:2-3'],
    ['>=1.2', undefined],
    ['1.2', undefined],
    ['==1 || ==2', undefined],
    ['latest', undefined],
  ])('%s names the version %s', (range, expected) => {
    expect(exactVersion(range)).toBe(expected);
  });
});

describe('YAML of a snapshot', () => {
  it('keeps as texts what YAML reads as a number, a truth value or a comment', () => {
    expect(inline({ no: '1.20', 'g++': ['yes', '# x'], rootless: false })).toBe(
      '{ "no": "1.20", "g++": ["yes", "# x"], rootless: false }',
    );
    expect(['node', 'on', '7z', 'a-b'].map(keyText)).toEqual(['node', '"on"', '"7z"', 'a-b']);
  });

  it('has no empty sections, and writes one requirement behind its name', () => {
    const sections = [
      { name: 'tools', lines: ['  node: "==24.1.0"'], notes: [] },
      { name: 'rust', lines: [], notes: [] },
      { name: 'docker', lines: ['{ rootless: false }'], notes: [] },
    ];
    expect(renderSections('Snapshot', sections)).toBe(
      'version: 1\nname: "Snapshot"\ntools:\n  node: "==24.1.0"\ndocker: { rootless: false }\n',
    );
  });

  it('loses with a line those below it, and a section that is empty then', () => {
    const text = 'version: 1\nsystem:\n  os:\n    id: x\n  arch: x64\nenv:\n  A: { set: true }\n';
    expect(withoutLines(text, new Set([3]))).toBe(
      'version: 1\nsystem:\n  arch: x64\nenv:\n  A: { set: true }\n',
    );
    expect(withoutLines(text, new Set([7]))).toBe('version: 1\nsystem:\n  os:\n    id: x\n  arch: x64\n');
    expect(withoutLines(text, new Set())).toBe(text);
  });
});
