import * as v from 'valibot';
import { described, textSchema } from '@runner-actions/config';
import {
  commonKeys,
  type BaseRequirement,
  entry,
  ownKeys,
  type ParsedText,
  parsedText,
} from '../requirement.ts';
import { accountName } from './accounts.ts';
import { countComparison } from './comparison.ts';
import { machinePath } from './machine-path.ts';

const types = ['file', 'directory', 'socket', 'device', 'pipe', 'symlink', 'executable'] as const;
const rights = ['read', 'write', 'execute'] as const;
const verifications = ['full', 'cached', 'size'] as const;

/** A text that a line must be or contain, or a regular expression that it must match. */
export type LinePattern = { text: string } | { pattern: RegExp };

const linePattern = parsedText((text): LinePattern | { expected: string } => {
  if (text.trim() === '') return { expected: 'a text that is not empty, or /a regular expression/' };
  const written =
    text.length > 2 && text.startsWith('/') && text.endsWith('/') ? text.slice(1, -1) : undefined;
  // A path such as /usr/bin/ would be read as an expression by mistake.
  if (written === undefined) return { text };
  // eslint-disable-next-line no-restricted-syntax -- Only parsed here; the check runs it with a time limit.
  return { pattern: new RegExp(written) };
}, 'a text, or /a regular expression/');

const hash = v.pipe(textSchema, v.regex(/^[0-9a-fA-F]{64}$/, '64 hexadecimal digits; put them in quotes'));
const mode = v.pipe(textSchema, v.regex(/^0?[0-7]{3,4}$/, "an octal mode such as '0755', in quotes"));
const bytes = v.pipe(v.number(), v.integer('a whole number of bytes'));

const spec = v.strictObject(
  {
    path: described(
      machinePath,
      'A path. `$NAME` is a variable; `*` and `?` match in a name, `**` matches folders. Each match must fit',
    ),
    type: v.optional(
      described(v.picklist(types, `one of ${types.join(', ')}`), 'What is there. Default: `file`'),
    ),
    absent: v.optional(described(v.literal(true, 'true'), 'Nothing may be there')),
    count: v.optional(described(countComparison, 'How many paths match. Default: `>=1`')),
    size: v.optional(described(bytes, 'Size in bytes')),
    sha256: v.optional(described(hash, 'SHA-256 of the content')),
    verify: v.optional(
      described(
        v.picklist(verifications, `one of ${verifications.join(', ')}`),
        'How `sha256` is checked. `full`: read it all. `cached`: read it once for each state of the file. `size`: compare ' +
          'the size only. Default: `full` up to 64 MiB, else `cached`',
      ),
    ),
    mode: v.optional(described(mode, "Exact permissions, such as '0600'")),
    owner: v.optional(described(accountName, 'Name or id of the owner')),
    group: v.optional(described(accountName, 'Name or id of the group')),
    access: v.optional(
      described(
        v.array(v.picklist(rights, `one of ${rights.join(', ')}`), 'a list such as [read, write]'),
        "What the job's user may do. Default for a file: `read`, unless mode, owner or group is stated",
      ),
    ),
    line: v.optional(
      described(linePattern, 'A line of the file: its text without blanks around, or /expression/'),
    ),
    contains: v.optional(described(linePattern, 'A part of a line of the file: its text, or /expression/')),
    ...commonKeys,
  },
  'a map such as { path: /etc/hosts }',
);

export interface FileRequirement extends BaseRequirement {
  kind: 'file';
  spec: Omit<v.InferOutput<typeof spec>, keyof typeof commonKeys>;
}

/** Keys that ask for the content of a file, and what they need. */
const contentKeys = ['size', 'sha256', 'line', 'contains'] as const;

const consistent = v.pipe(
  spec,
  v.check(
    ({ absent, ...rest }) =>
      absent === undefined ||
      Object.keys(rest).every((key) => key === 'path' || Object.hasOwn(commonKeys, key)),
    "'absent' with nothing but a path",
  ),
  v.check(
    (given) =>
      ['file', 'executable'].includes(given.type ?? 'file') ||
      contentKeys.every((key) => given[key] === undefined),
    `a file, since ${contentKeys.join(', ')} ask for its content`,
  ),
  v.check(
    ({ verify, sha256, size }) =>
      (verify === undefined || sha256 !== undefined) && (verify !== 'size' || size !== undefined),
    "'verify' together with 'sha256', and 'verify: size' with a 'size' too",
  ),
);

/** Files, folders, devices and the like on the machine. */
export const files = v.pipe(
  v.array(consistent, 'a list such as [{ path: /etc/hosts }]'),
  v.transform((listed) =>
    listed.map((spec, index) =>
      entry<FileRequirement>({ kind: 'file', name: spec.path, spec: ownKeys(spec) }, ['files', index], spec),
    ),
  ),
);

/** A pattern as written. */
export type WrittenPattern = ParsedText<LinePattern>;
