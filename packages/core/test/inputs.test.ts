import { describe, expect, it, vi } from 'vitest';
import { readInputs, UserError } from '../src/index.ts';

const inputs = (values: Record<string, string>) => readInputs((name) => values[name] ?? '');

describe('readInputs', () => {
  it('treats an empty input as not given', () => {
    const given = inputs({ a: '', b: '  ' });
    expect(given.text('a')).toBeUndefined();
    expect(given.boolean('b')).toBeUndefined();
    expect(given.list('a')).toEqual([]);
    expect(given.duration('missing')).toBeUndefined();
  });

  it.each([
    [
      'boolean',
      (name: string) => inputs({ [name]: 'yes' }).boolean(name),
      /Input 'n' is 'yes': expected true or false/,
    ],
    [
      'integer',
      (name: string) => inputs({ [name]: '0' }).integer(name, { min: 1 }),
      /Input 'n' is '0': expected a whole number of at least 1/,
    ],
    [
      'choice',
      (name: string) => inputs({ [name]: 'x' }).choice(name, ['a', 'b']),
      /Input 'n' is 'x': expected one of a, b/,
    ],
    [
      'duration',
      (name: string) => inputs({ [name]: 'soon' }).duration(name),
      /Input 'n' is 'soon': expected a duration such as 90s/,
    ],
    ['lists', () => inputs({ n: 'a, b\n[c' }).lists('n'), /Input 'n' is '\[c': expected a list/],
    [
      'lists, a YAML list',
      () => inputs({ n: '- a\n- b' }).lists('n'),
      /Input 'n' is '- a': expected one list per line, such as/,
    ],
    [
      'lists, a JSON list of lists',
      () => inputs({ n: '[["a"], ["b"]]' }).lists('n'),
      /Input 'n' is '\[\["a"\], \["b"\]\]': expected one list per line/,
    ],
    [
      'lists, JSON on several lines',
      () => inputs({ n: '[\n"a"\n]' }).lists('n'),
      /Input 'n' is '\[': expected one list per line/,
    ],
    [
      'lists, labels without commas',
      () => inputs({ n: 'self-hosted linux' }).lists('n'),
      /Input 'n' is 'self-hosted linux': expected commas between labels: 'self-hosted, linux'/,
    ],
    ['required', (name: string) => inputs({}).required(name), /Input 'n' is required/],
  ])('throws an error that names the input, the value and the valid values: %s', (_kind, read, message) => {
    expect(() => read('n')).toThrow(UserError);
    expect(() => read('n')).toThrow(message);
  });

  it('shows a value that contains a new line on one line', () => {
    expect(() => inputs({ n: 'a\nb' }).boolean('n')).toThrow("'a\\nb'");
  });

  it('reads JSON and YAML', async () => {
    const given = inputs({
      json: '{"group": "g", "labels": ["a"]}',
      yaml: 'group: g\nlabels: [a]',
      label: 'ubuntu-latest',
    });
    const value = { group: 'g', labels: ['a'] };
    expect(await given.structured('json')).toEqual(value);
    expect(await given.structured('yaml')).toEqual(value);
    expect(await given.structured('label')).toBe('ubuntu-latest');
    await expect(inputs({ n: '{a: [' }).structured('n')).rejects.toThrow(/Input 'n'.*expected JSON or YAML/);
  });

  it('masks a secret in the log', () => {
    const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    inputs({ token: 'very-secret-value' }).secret('token');
    expect(write.mock.calls.flat().join('')).toContain('::add-mask::very-secret-value');
    write.mockRestore();
  });
});

it('prints no warnings of the YAML parser, which may quote an untrusted workflow command', async () => {
  const [warn, emitWarning] = [vi.spyOn(console, 'warn'), vi.spyOn(process, 'emitWarning')];
  const text = 'a: !x\n::error::forged: b';
  await inputs({ n: text })
    .structured('n')
    .catch(() => undefined);
  await inputs({ n: 'a: !unknown b' }).structured('n');
  expect([warn.mock.calls, emitWarning.mock.calls]).toEqual([[], []]);
});
