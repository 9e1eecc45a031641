import { expect, it } from 'vitest';
import { messageOf, reasonOf } from '../src/index.ts';

it('reasonOf returns the message without a full stop, for errors and for other thrown values', () => {
  const errors = [new Error('The disk is full.'), new Error('ENOENT: no such file'), 'thrown as text.'];
  expect(errors.map(reasonOf)).toEqual(['The disk is full', 'ENOENT: no such file', 'thrown as text']);
  expect(errors.map(messageOf)).toEqual(['The disk is full.', 'ENOENT: no such file', 'thrown as text.']);
});
