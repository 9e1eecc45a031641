import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { readVersionFile, versionFiles } from '../../src/from/index.ts';

/** Pieces of the files, so that many texts come close to a valid one. */
const pieces = fc.constantFrom(
  ...[
    'node',
    'python',
    'java',
    'rust',
    'brew',
    'go',
    'toolchain',
    'end',
    'if',
    'do',
    'return',
    '__proto__',
    'npm:',
  ],
  ...[
    '20',
    '1.22.3',
    'v20',
    'lts/*',
    'latest',
    'temurin-21.0.2+13',
    '>=18 <21',
    '^1 || 2',
    '8.0.110',
    '{{x}}',
  ],
  ...['[tools]', '[toolchain]', '[project]', 'channel = ', 'version = ', 'requires-python = ', '"engines":'],
  ...[
    '"features":',
    '"hostRequirements":',
    '"sdk":',
    '"rollForward":',
    '"volta":',
    '"packageManager":',
    '"node"',
  ],
  ...[
    '{',
    '}',
    '[',
    ']',
    '(',
    ')',
    '"',
    "'",
    ',',
    ':',
    '=',
    '.',
    '#',
    '//',
    '/*',
    '*/',
    '\\',
    ' ',
    '\t',
    '\n',
    '\r\n',
  ],
);
const text = fc.oneof(
  fc.array(pieces, { maxLength: 40 }).map((parts) => parts.join('')),
  fc.json(),
  fc.string({ unit: 'binary', maxLength: 60 }),
);
const path = fc.constantFrom(...versionFiles.flatMap(({ names }) => names));

it('whatever a file says, nothing throws, and each place is in the file', () => {
  fc.assert(
    fc.property(path, text, (name, content) => {
      const file = readVersionFile(name, content);
      const places = [
        ...(file?.stated ?? []),
        ...(file?.notRead ?? []),
        ...(file?.problem ? [file.problem] : []),
      ];
      const lines = content.split('\n');
      for (const { line, column } of places) {
        expect(line).toBeGreaterThanOrEqual(1);
        expect(line).toBeLessThanOrEqual(lines.length);
        expect(column).toBeGreaterThanOrEqual(1);
        expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1);
      }
    }),
    { numRuns: 3000 },
  );
});

it('whatever a file says, a requirement is plain text on one line', () => {
  fc.assert(
    fc.property(path, text, (name, content) => {
      for (const { requirement } of readVersionFile(name, content)?.stated ?? []) {
        expect(Object.values(requirement).flat().join(' ')).toMatch(/^[\w.+*<>=!~^| ,@/-]+$/);
      }
    }),
    { numRuns: 3000 },
  );
});
