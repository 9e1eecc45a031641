import { describe, expect, it } from 'vitest';
import { parseOptions } from '../../demo/options.ts';
import { scenarios } from '../../demo/scenarios.ts';

describe('the arguments of the demo', () => {
  it('choose a scenario and a folder', () => {
    expect(parseOptions([])).toEqual({ kind: 'run', scenario: scenarios['online'], out: 'demo-output' });
    expect(parseOptions(['--scenario', 'busy', '--out', 'x'])).toEqual({
      ...{ kind: 'run', scenario: scenarios['busy'] },
      out: 'x',
    });
  });

  it.each([['--help'], ['-h']])('print the usage with all scenarios for %s', (argument) => {
    const options = parseOptions([argument]);
    expect(options).toMatchObject({ kind: 'help', text: expect.stringMatching(/^Usage: /) as unknown });
    for (const name of Object.keys(scenarios)) expect(JSON.stringify(options)).toContain(name);
  });

  it.each([
    [['fork'], "Unexpected argument 'fork'"],
    [['--scenario'], "Option '--scenario <value>' argument missing"],
    [['--scenario', 'fork'], "There is no scenario 'fork'."],
    [['--scenario', 'toString'], "There is no scenario 'toString'."],
    [['--quiet'], "Unknown option '--quiet'"],
  ])('%j are refused with the usage', (args, why) => {
    const options = parseOptions(args);
    expect(options.kind).toBe('wrong');
    expect('text' in options && options.text.startsWith(why)).toBe(true);
    expect('text' in options && options.text).toContain('\n\nUsage: npm run demo');
  });
});
