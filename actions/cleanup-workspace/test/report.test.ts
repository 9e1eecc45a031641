import { describe, expect, it } from 'vitest';
import type { Cleaned } from '../src/clean.ts';
import type { ItemName } from '../src/item.ts';
import { planLines, renderSummary } from '../src/report.ts';

const planned = (item: ItemName): Cleaned => ({
  item,
  steps: [
    { action: 'remove', what: '/w/secret-project', why: 'old' },
    { action: 'keep', what: '/w/other', why: 'in use' },
  ],
  notes: ['a note'],
});

describe('the log of a plan', () => {
  it.each(['temp', 'images', 'stale-repositories', 'derived-data', 'caches'] as const)(
    'counts %s, whose names may be of others',
    (item) => {
      expect(planLines(planned(item))).toEqual(['remove 1 entry, by name in the report']);
      const sizes = [{ what: '/w/secret-project', files: 1, bytes: 2048 }];
      expect(planLines({ ...planned(item), sizes })).toEqual([
        'remove 1 entry (2.0 KiB), by name in the report',
      ]);
      expect(planLines({ ...planned(item), steps: [] })).toEqual([]);
    },
  );

  it('names what goes, and what stays of what the job itself left', () => {
    expect(planLines(planned('diagnostics'))).toEqual(['remove "/w/secret-project" (old)']);
    expect(planLines(planned('workspace'))).toEqual([
      'remove "/w/secret-project" (old)',
      'keep   "/w/other" (in use)',
    ]);
  });
});

it('the summary of a dry run has the notes too', () => {
  const cleaned = [
    { ...planned('workspace'), sizes: [{ what: '/w/secret-project', files: 2, bytes: 1024 }] },
  ];
  expect(renderSummary(cleaned, ['/data is full'], true)).toBe(
    '### Clean-up: would remove 2 files in 1 entries, 1.0 KiB, 1 kept (dry run)\n\n/data is full\n\na note\n',
  );
});
