import { readInputs as readStepInputs, UserError } from '@runner-actions/core';
import { describe, expect, it } from 'vitest';
import { readInputs } from '../../src/inputs.ts';

const read = (given: Record<string, string>) => readInputs(readStepInputs((name) => given[name] ?? ''));

describe('readInputs: labels and fallback', () => {
  it.each([
    ['a list with commas', 'self-hosted, linux', ['self-hosted', 'linux']],
    ['one label per line', 'self-hosted\nlinux', ['self-hosted', 'linux']],
    ['a JSON array', '["self-hosted", "linux"]', ['self-hosted', 'linux']],
    ['a YAML list on one line', '[self-hosted, linux]', ['self-hosted', 'linux']],
    ['a YAML list on several lines', '- self-hosted\n- linux', ['self-hosted', 'linux']],
    ['a label with a space as JSON', '["self-hosted", "linux big"]', ['self-hosted', 'linux big']],
  ])('understand %s', async (_name, text, labels) => {
    expect(await read({ labels: text, fallback: text })).toMatchObject({ labels, fallback: labels });
  });

  it('understand a YAML list with one label', async () => {
    expect(await read({ labels: '[own]', fallback: '[backup]' })).toMatchObject({
      labels: ['own'],
      fallback: 'backup',
    });
  });

  it.each([
    [
      'labels without commas',
      'self-hosted linux x64',
      /expected commas between labels: 'self-hosted, linux, x64'/,
    ],
    ['a list that does not end', '[x', /expected a list such as 'a, b'/],
    ['a list of lists', '[["a"], ["b"]]', /expected a list such as/],
    ['a list of maps', '[{"group": "a"}]', /expected a list such as/],
  ])('are refused by name for %s', async (_name, text, message) => {
    for (const input of ['labels', 'fallback']) {
      const error = await read({ labels: 'own', [input]: text }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(UserError);
      expect((error as Error).message).toMatch(message);
      expect((error as Error).message).toContain(`Input '${input}' is '${text}'`);
    }
  });
});
