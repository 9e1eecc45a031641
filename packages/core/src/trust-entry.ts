import { InvalidValue } from './errors.ts';

/** The words that the setting `trust` takes. Those in capitals are author associations of GitHub. */
export const trustWords: readonly string[] = [
  ...['same-repository', 'OWNER', 'MEMBER', 'COLLABORATOR', 'CONTRIBUTOR', 'dependabot'],
];

/** The permissions that `permission:` takes, the lowest first. */
export const trustedPermissions = ['write', 'admin'] as const;

/** All entries but those with a label. */
export const trustChoices: readonly string[] = [
  ...trustWords,
  ...trustedPermissions.map((level) => `permission:${level}`),
];

export const trustEntryForms = [...trustChoices, 'label:NAME'].join(', ');

/**
 * Parses an entry of the setting `trust`. A label may contain any character, and upper and lower case count.
 * @returns the entry without spaces around the part behind its first colon
 */
export function parseTrustEntry(text: string): string {
  if (trustWords.includes(text)) return text;
  const [kind = '', ...rest] = text.split(':');
  const value = rest.join(':').trim();
  if (kind === 'label' && value !== '') return `label:${value}`;
  if (kind !== 'permission') throw new InvalidValue(text, `one of ${trustEntryForms}`);
  const level = trustedPermissions.find((each) => each === value);
  if (level !== undefined) return `permission:${level}`;
  const why = whyRefused.get(value);
  throw new InvalidValue(text, why === undefined ? expectedPermission : `${expectedPermission}: ${why}`);
}

const expectedPermission = `one of ${trustedPermissions.map((level) => `permission:${level}`).join(', ')}`;
const whyRefused = new Map([
  ['read', 'everyone may read a public repository'],
  ['triage', 'GitHub reports the role triage as read, which everyone has in a public repository'],
  ['maintain', 'GitHub reports the role maintain as write'],
]);
