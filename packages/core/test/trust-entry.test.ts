import { describe, expect, it } from 'vitest';
import { InvalidValue } from '../src/errors.ts';
import { parseTrustEntry, trustWords } from '../src/trust-entry.ts';

const refusal = (text: string): string => {
  try {
    return parseTrustEntry(text);
  } catch (error) {
    if (error instanceof InvalidValue) return error.valid;
    throw error;
  }
};
const all =
  'one of same-repository, OWNER, MEMBER, COLLABORATOR, CONTRIBUTOR, dependabot, permission:write, permission:admin, label:NAME';
const permissions = 'one of permission:write, permission:admin';

describe('parseTrustEntry', () => {
  it.each(trustWords)('takes the word %s', (word) => expect(parseTrustEntry(word)).toBe(word));

  it.each([
    ['permission:write', 'permission:write'],
    ['permission: admin', 'permission:admin'],
    ['label:safe', 'label:safe'],
    ['label: safe to test ', 'label:safe to test'],
    ['label:CI: Safe, really', 'label:CI: Safe, really'],
    ['label::rocket:', 'label::rocket:'],
    ['label:same-repository', 'label:same-repository'],
    ['label:permission:write', 'label:permission:write'],
  ])('takes "%s" as "%s"', (text, expected) => expect(parseTrustEntry(text)).toBe(expected));

  it.each([
    '',
    'member',
    'FRIENDS',
    'NONE',
    'label',
    'label:',
    'label:  ',
    'LABEL:x',
    ' label:x',
    'write',
    ':x',
  ])('refuses "%s", and lists what is valid', (text) => expect(refusal(text)).toBe(all));

  it.each([
    ['permission:', permissions],
    ['permission:WRITE', permissions],
    ['permission:push', permissions],
    ['permission:none', permissions],
    ['permission:constructor', permissions],
    ['permission:read', `${permissions}: everyone may read a public repository`],
    ['permission:maintain', `${permissions}: GitHub reports the role maintain as write`],
  ])('refuses "%s", with the reason: %s', (text, why) => expect(refusal(text)).toBe(why));

  it('refuses the role triage, which GitHub reports as the role that everyone has', () =>
    expect(refusal('permission:triage')).toMatch(/as read, which everyone has/));
});
