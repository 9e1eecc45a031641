import { describe, expect, it } from 'vitest';
import { argumentsOf, commandsOf, toolNamed, tools } from '../../src/tools/catalogue.ts';

describe('the catalogue of tools', () => {
  it('has at least 75 tools, and each name once', () => {
    const names = tools.flatMap(({ names }) => names);
    expect(tools.length).toBeGreaterThanOrEqual(75);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('has a global pattern for a list, and for nothing else', () => {
    expect(tools.filter(({ pattern, list }) => pattern?.global !== (list ?? false))).toEqual([]);
  });

  it('has a first group in every pattern, for the version', () => {
    const patterns = tools.flatMap(({ pattern, files = [] }) => [
      ...(pattern === undefined ? [] : [pattern]),
      ...files.flatMap(({ name, content }) => name ?? content ?? []),
    ]);
    expect(patterns.filter((pattern) => !/\((?!\?)/.test(pattern.source.replaceAll('\\(', '')))).toEqual([]);
  });

  it('reads each file of the fast path by its name or by its content', () => {
    const files = tools.flatMap(({ files = [] }) => files);
    expect(files.filter(({ name, content }) => (name === undefined) === (content === undefined))).toEqual([]);
  });
});

describe('a tool by its name', () => {
  it.each([
    ['nodejs', 'node'],
    ['golang', 'go'],
    ['awscli', 'aws'],
    ['python3.11', 'python3'],
    ['python2.7', 'python'],
    ['gcc-12', 'gcc'],
    ['clang-format-15', 'clang-format'],
    ['lua5.4', 'lua'],
    ['php8.2', 'php'],
    ['gem3.1', 'gem'],
    ['7z', '7z'],
    ['lz4', 'lz4'],
    ['bzip2', 'bzip2'],
    ['sqlite3', 'sqlite3'],
    ['k9s', undefined],
    ['constructor', undefined],
    ['', undefined],
  ])('%s is %s', (name, found) => {
    expect(toolNamed(name)?.names[0]).toBe(found);
  });

  it.each([
    ['node', ['node']],
    ['golang', ['golang', 'go']],
    ['gcc-12', ['gcc-12']],
    ['glibc', ['getconf']],
    ['docker-buildx', ['docker']],
    ['mytool', ['mytool']],
  ])('%s is looked for as %j', (name, commands) => {
    expect(commandsOf(name)).toEqual(commands);
  });

  it('is asked with --version, unless its entry says otherwise', () => {
    expect(argumentsOf(undefined)).toEqual([['--version']]);
    expect(argumentsOf(toolNamed('java'))).toEqual([['-version']]);
    expect(argumentsOf(toolNamed('awk'))).toEqual([['--version'], ['-W', 'version']]);
  });
});
