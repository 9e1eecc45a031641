import { expect, it } from 'vitest';
import { escapeControls, messageOf, reasonOf } from '../src/index.ts';

it('reasonOf returns the message without a full stop, for errors and for other thrown values', () => {
  const errors = [new Error('The disk is full.'), new Error('ENOENT: no such file'), 'thrown as text.'];
  expect(errors.map(reasonOf)).toEqual(['The disk is full', 'ENOENT: no such file', 'thrown as text']);
  expect(errors.map(messageOf)).toEqual(['The disk is full.', 'ENOENT: no such file', 'thrown as text.']);
});

it.each([
  ['a\u001b[2Jb', 'a\\u001b[2Jb'],
  ['a\r\nb\tc', 'a\\r\\nb\\tc'],
  ['a\u0085b\u2028c\u007f', 'a\\u0085b\\u2028c\\u007f'],
  ['a\u202eb\u2069', 'a\\u202eb\\u2069'],
  ['größer als 5 → ☃', 'größer als 5 → ☃'],
])('writes control characters of %j as in JSON', (text, escaped) => {
  expect(escapeControls(text)).toBe(escaped);
});
