import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkPageLengths, readPages } from '../page-length.ts';

describe('the length of pages', () => {
  it('accepts a page of 3,000 words', () => {
    expect(checkPageLengths({ 'docs/a.md': 'word\n'.repeat(3000) })).toEqual([]);
  });

  it('reports a page of more than 3,000 words, with what to do', () => {
    expect(checkPageLengths({ 'docs/a.md': 'word '.repeat(3001), 'docs/b.md': '' })).toEqual([
      'docs/a.md: 3001 words, over the limit of 3000: move a topic to a page of its own and link to it',
    ]);
  });

  it('counts the words of tables and code', () => {
    const text = `${'| a |\n'.repeat(500)}\n\`\`\`sh\n${'word '.repeat(1499)}\n\`\`\`\n`;
    expect(checkPageLengths({ 'docs/a.md': text })[0]).toContain('3001 words');
  });

  it('reads the front page, all pages of docs and the READMEs of actions, and nothing else', () => {
    const folder = mkdtempSync(join(tmpdir(), 'pages-'));
    const counted = ['README.md', 'actions/x/README.md', 'docs/a.md', 'docs/examples/x/README.md'];
    for (const path of [...counted, 'docs/a.yml', 'packages/x/README.md']) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), path);
    }
    expect(Object.keys(readPages(folder))).toEqual(counted);
  });
});
