import { describe, expect, it } from 'vitest';
import { npmRange } from '../../src/from/npm-range.ts';
import { poetryRange, pythonRange } from '../../src/from/python-range.ts';

describe('ranges of npm', () => {
  it.each([
    ['20', '20'],
    ['=20.1.0', '20.1.0'],
    ['v20.x', '20'],
    ['20.1.X', '20.1'],
    ['^20.9.0', '^20.9.0'],
    ['~1.2.3', '~1.2.3'],
    ['~>1.2', '~1.2'],
    ['>=18', '>=18'],
    ['>= 18.0.0 < 21', '>=18.0.0 <21'],
    ['>18', '>=19'],
    ['>18.1.x', '>=18.2'],
    ['>18.1.2', '>18.1.2'],
    ['<=18', '<19'],
    ['<=18.1.0', '<=18.1.0'],
    ['<19.0.0-0', '<19.0.0-0'],
    ['18 - 20', '>=18 <21'],
    ['1.2 - 2.3.4', '>=1.2 <=2.3.4'],
    ['^18 || ^20||>=22', '^18 || ^20 || >=22'],
    ['>=1.0.0-rc.1+build.5', '>=1.0.0-rc.1'],
    ['*', 'latest'],
    ['', 'latest'],
    ['x', 'latest'],
    ['>=*', 'latest'],
    ['18 || *', 'latest'],
  ])('%j is %s', (text, version) => {
    expect(npmRange(text)).toEqual({ version });
  });

  it.each(['lts', 'latest'])('%s moves', (text) => {
    expect(npmRange(text)).toEqual({ why: expect.stringMatching(/^moves/) });
  });

  it.each(['>', '1.2.3.4', '18 -', '- 20', '1 - 2 - 3', '>=18, <20', '<*', 'node 18', '>=>18', '18 \n evil'])(
    '%j is no range',
    (text) => {
      expect(npmRange(text)).toEqual({ why: 'is no range of npm' });
    },
  );
});

describe('ranges of Python', () => {
  it.each([
    ['>=3.9', '>=3.9'],
    ['>= 3.9, < 4', '>=3.9 <4'],
    ['~=3.9', '~=3.9'],
    ['==3.9.*', '==3.9.*'],
    ['>=3.8,!=3.9.0,!=3.10.*', '>=3.8 !=3.9.0 !=3.10.*'],
    ['===3.9.1', '==3.9.1'],
    ['', 'latest'],
  ])('%j is %s', (text, version) => {
    expect(pythonRange(text)).toEqual({ version });
  });

  it.each(['3.9', '^3.9', '>=3.9 <4', '>=three'])('%j is no specifier', (text) => {
    expect(pythonRange(text)).toEqual({ why: 'is no version specifier of Python' });
  });

  it.each([
    ['^3.9', '^3.9'],
    ['>=3.9,<3.13', '>=3.9 <3.13'],
    ['>= 3.9 < 4', '>=3.9 <4'],
    ['~3.9 || 3.12.*', '~3.9 || 3.12.*'],
    ['*', 'latest'],
  ])('%j of Poetry is %s', (text, version) => {
    expect(poetryRange(text)).toEqual({ version });
  });

  it.each(['', 'three', '^3.9 ||', '>='])('%j is no constraint of Poetry', (text) => {
    expect(poetryRange(text)).toEqual({ why: 'is no constraint of Poetry' });
  });
});
