import { describe, expect, it } from 'vitest';
import { read, readOne } from './read.ts';

const moves = 'moves: which version it is cannot be told without a network; write a version';

describe('.nvmrc and .node-version', () => {
  it.each([
    ['22.15.1\n', 'node 22.15.1'],
    ['v20', 'node 20'],
    ['20.11\r\n', 'node 20.11'],
    ['# the line of production\n\n22 # newest patch\n', 'node 22'],
    ['lts/iron', 'node >=20.9.0 <21'],
    ['lts/Jod', 'node >=22.11.0 <23'],
    ['lts-krypton', 'node >=24.11.0 <25'],
    ['system', 'node latest'],
    ['lts/*', moves],
    ['lts/-1', moves],
    ['lts/unheard', moves],
    ['node', moves],
    ['stable', moves],
    ['default', moves],
    ['iojs-v3.3.1', 'is io.js, which ended in 2015'],
    ['work', 'is no version; an alias of nvm holds on one machine only'],
    ['>=20', 'is no version; an alias of nvm holds on one machine only'],
    ['node=20', 'is a setting that nvm does not use'],
    ['', 'says no version'],
    ['# nothing\n', 'says no version'],
  ])('%j means: %s', (text, expected) => {
    expect(readOne('.nvmrc', text)).toBe(expected);
    expect(readOne('app/.node-version', text)).toBe(expected);
  });

  it('reads the first word only, and says so of the next', () => {
    expect(read('.nvmrc', '20\n22\n24\n')).toMatchObject({
      stated: ['1:1 tools node 20'],
      notRead: ['2:1 22 | follows the version'],
    });
  });
});

describe('.python-version', () => {
  it('asks for each version, as pyenv does', () => {
    expect(read('.python-version', '3.12\n  3.11.7 # oldest\npypy3.10-7.3.15\n')).toEqual({
      stated: ['1:1 tools python3 3.12', '2:3 tools python3 3.11.7'],
      notRead: ['3:1 python pypy3.10-7.3.15 | is another implementation of Python'],
      problem: undefined,
    });
  });

  it.each([
    ['3.13.0rc1', 'python3 3.13.0rc1'],
    ['cpython@3.12', 'python3 3.12'],
    ['cpython-3.12.1', 'python3 3.12.1'],
    ['>=3.11,<3.13', 'python3 >=3.11 <3.13'],
    ['3.13t', 'is a build of its own, not a release'],
    ['3.14-dev', 'is a build of its own, not a release'],
    ['miniforge3-24.3.0-0', 'is another implementation of Python'],
    ['my-env', 'is no version; the name of an environment holds on one machine only'],
    ['', 'says no version'],
  ])('%j means: %s', (text, expected) => {
    expect(readOne('.python-version', text)).toBe(expected);
  });
});

describe('files of one version', () => {
  it.each([
    ['.ruby-version', '3.3.0', 'ruby 3.3.0'],
    ['.ruby-version', 'ruby-3.4.0-preview1@project', 'ruby 3.4.0-preview1'],
    ['.ruby-version', 'jruby-9.4.5.0', 'is another implementation of Ruby'],
    ['.java-version', '17', 'java 17'],
    ['.java-version', '1.8', 'java 1.8'],
    ['.java-version', 'openjdk64-17.0.1', 'java 17.0.1 openjdk'],
    ['.go-version', '1.22.3', 'go 1.22.3'],
    ['.go-version', 'go1.23rc1', 'go 1.23rc1'],
    ['.terraform-version', '1.7.5', 'terraform 1.7.5'],
    ['.terraform-version', 'latest', 'terraform latest'],
    ['.terraform-version', 'latest:^1.5', 'terraform 1.5'],
    ['.terraform-version', String.raw`latest:^1\.5\.`, 'terraform 1.5'],
    ['.terraform-version', 'latest:(1.5|1.6)', 'chooses by a pattern; write a version'],
    ['.terraform-version', 'min-required', 'is what the .tf files say, which are not read'],
    ['.terraform-version', 'latest-allowed', 'is what the .tf files say, which are not read'],
  ])('%s with %j means: %s', (path, text, expected) => {
    expect(readOne(path, text)).toBe(expected);
  });
});

describe('.sdkmanrc', () => {
  it('reads candidates under their names on PATH, and Java without its vendor', () => {
    expect(read('.sdkmanrc', '# use these\njava=21.0.4-tem\nmaven = 3.9.9\ngradle\n')).toEqual({
      stated: ['2:1 tools java 21.0.4 temurin', '3:1 tools mvn 3.9.9'],
      notRead: ['4:1 gradle | is no candidate with a version'],
      problem: undefined,
    });
  });
});
