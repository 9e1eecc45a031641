import { equal, match, throws } from 'node:assert/strict';
import { test } from 'node:test';
import { readChangelog, renderNotes } from '../src/notes.js';

const changelog = '1.2.0: [Add **search**]\n1.10.0: [Fix the index, Speed up start]\n1.9.3: [Fix a typo]\n';

test('sorts releases by version, not alphabetically', () => {
  equal(
    readChangelog(changelog)
      .map(({ version }) => version)
      .join(' '),
    '1.10.0 1.9.3 1.2.0',
  );
});

test('renders Markdown in the text of a change', () => {
  match(renderNotes(readChangelog(changelog)), /<li>Add <strong>search<\/strong><\/li>/);
});

test('throws for a key that is not a version', () => {
  throws(() => readChangelog('next: [something]'), /'next' is not a version/);
});

test('renders 20,000 releases', () => {
  const long = Array.from({ length: 20_000 }, (_, index) => ({
    version: `1.${index}.0`,
    changes: [`Change *${index}*`],
  }));
  equal(renderNotes(long).match(/<h2>/g)?.length, 20_000);
});
