import { describe, expect, it } from 'vitest';
import { read, readOne } from './read.ts';

describe('.tool-versions', () => {
  it('reads each tool under its name on PATH, at the place of its version', () => {
    const text =
      '# tools\nnodejs 20.11.0 # with npm\n\n  golang   1.22.3\npython 3.12.1\nrust 1.80.0\ndotnet-core 8.0.204\n';
    expect(read('.tool-versions', text)).toEqual({
      stated: [
        '2:8 tools node 20.11.0',
        '4:12 tools go 1.22.3',
        '5:8 tools python3 3.12.1',
        '6:6 rust 1.80.0 [] []',
        '7:13 sdks dotnet 8.0.204',
      ],
      notRead: [],
      problem: undefined,
    });
  });

  it.each([
    ['python 3.12.1 3.11.7', 'python3 3.12.1 || 3.11.7'],
    ['python 3.12.1 system', 'python3 latest'],
    ['java temurin-21.0.2+13 zulu-21.32.17', 'java 21.0.2 || 21'],
    ['python 3.12.1 path:~/python', 'has fallbacks, one of which cannot be checked'],
    ['rust 1.80.0 1.79.0', 'has fallbacks, one of which cannot be checked'],
    [`python ${'3.12.1 '.repeat(21)}`, 'has more fallbacks than can be read'],
  ])('of several versions one is enough: %s', (text, expected) => {
    expect(readOne('.tool-versions', text)).toBe(expected);
  });

  it.each([
    ['nodejs system', 'node latest'],
    ['nodejs latest', 'node latest'],
    ['nodejs latest:20', 'node 20'],
    ['java latest:temurin-17', 'java 17 temurin'],
    ['elixir 1.15.7-otp-26', 'elixir 1.15.7 otp-26'],
    ['rust latest', 'stable [] []'],
    ['rust nightly-2024-05-01', 'nightly-2024-05-01 [] []'],
    ['awscli 2.15.0', 'aws 2.15.0'],
    ['terraform v1.7.5', 'terraform 1.7.5'],
    ['ruby ref:39cb398', 'is built from a source revision, which has no version'],
    ['elixir path:/src/elixir', 'is a folder of its own, which has no version'],
    ['rust my-own', 'is a toolchain of its own, which holds on one machine only'],
    ['nodejs lts', expect.stringMatching(/^moves/)],
    ['nodejs', 'says no version'],
    ['jq one.two', 'is no version'],
    [`jq ${'1'.repeat(101)}`, 'is longer than a version'],
    ['-rf 1.0', 'is no name of a tool'],
    ['__proto__ 1.0', 'is no name of a tool'],
  ])('%s', (text, expected) => {
    expect(readOne('.tool-versions', text)).toEqual(expected);
  });
});
