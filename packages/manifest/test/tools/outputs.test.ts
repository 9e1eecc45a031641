import { describe, expect, it } from 'vitest';
import { argumentsOf, toolNamed, tools } from '../../src/tools/catalogue.ts';
import { readToolOutput } from '../../src/tools/read-output.ts';
import { recordedOutputs, type Recorded } from './recorded.ts';

const recorded = recordedOutputs();
const passing = recorded.filter(({ reading }) => 'versions' in reading);
const read = ({ tool }: Recorded, output: Recorded['output']) =>
  readToolOutput(tool, toolNamed(tool), output);

describe('what is read from a recorded output', () => {
  it.each(recorded)('$tool: $command ($source)', (one) => {
    expect(read(one, one.output)).toEqual(one.reading);
  });

  it('has an output with a version for every tool of the catalogue', () => {
    const names = new Set(passing.map(({ tool }) => toolNamed(tool)));
    expect(tools.filter((entry) => !names.has(entry)).map(({ names }) => names[0])).toEqual([]);
  });

  it('comes from the command that the catalogue asks', () => {
    const asked = passing.filter(({ tool }) => toolNamed(tool) !== undefined);
    const other = asked.filter(({ tool, command }) => {
      const lists = argumentsOf(toolNamed(tool)).map((list) => list.join(' '));
      return !lists.some((list) => command.endsWith(list === '' ? command : ` ${list}`));
    });
    expect(other.map(({ command }) => command)).toEqual([]);
  });

  it('says for each output where it comes from', () => {
    const vague = recorded.filter(({ source }) => !/^(?:recorded|documented): \S.{5,}/.test(source));
    expect(vague).toEqual([]);
  });
});

describe('a broken tool', () => {
  it.each([1, 126, 127, 255, null])('passes with no recorded output when it ends with %s', (code) => {
    const wrong = passing.filter((one) => {
      const usual = code !== null && toolNamed(one.tool)?.exitCodes?.includes(code);
      return !usual && 'versions' in read(one, { ...one.output, code });
    });
    expect(wrong.map(({ command }) => command)).toEqual([]);
  });

  it('has no version when it prints nothing', () => {
    const silent = passing.filter((one) => toolNamed(one.tool)?.list !== true);
    const wrong = silent.filter((one) => {
      const reading = read(one, { code: 0, stdout: '', stderr: '\n' });
      return !('kind' in reading) || reading.kind !== 'no-version';
    });
    expect(wrong.map(({ command }) => command)).toEqual([]);
  });

  it('has no version when a stand-in says that it is not installed', () => {
    const stdout = 'This tool is not installed here. Install package 9.8.7 of 2020-01-02 first.\n';
    const wrong = tools.filter((entry) => {
      return 'versions' in readToolOutput(entry.names[0], entry, { code: 1, stdout, stderr: '' });
    });
    expect(wrong).toEqual([]);
  });

  it('passes with a version of another tool for no tool of its own rule', () => {
    const foreign = recorded.filter(({ tool }) => ['lein', 'wrangler', 'sass', 'grunt'].includes(tool));
    const wrong = foreign.flatMap((one) =>
      tools.filter((entry) => 'versions' in readToolOutput(entry.names[0], entry, one.output)),
    );
    expect(wrong.map(({ names }) => names[0])).toEqual([]);
  });
});
