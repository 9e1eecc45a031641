import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startDeadline } from '@runner-actions/core';
import { describe, expect, it } from 'vitest';
import { whyRefused } from '../../src/install/archive-content-io.ts';

type Entries = Record<string, { to: string | Buffer } | 'file' | 'folder'>;

function content(entries: Entries): string {
  const root = mkdtempSync(join(tmpdir(), 'content-'));
  for (const [name, entry] of Object.entries(entries)) {
    const path = join(root, name);
    mkdirSync(entry === 'folder' ? path : dirname(path), { recursive: true });
    if (entry === 'file') writeFileSync(path, '');
    else if (entry !== 'folder') symlinkSync(entry.to, path);
  }
  return root;
}

const check = (entries: Entries): Promise<string | undefined> =>
  whyRefused(content(entries), startDeadline(60_000));

/** A link ten folders deep that leads to the top. */
const deep = 'a/b/c/d/e/f/g/h/i/j';
const toTop: Entries = { [`${deep}/top`]: { to: '../../../../../../../../../..' } };

describe('the content of an archive', () => {
  it.each<[string, Entries]>([
    ['files, folders and links to them', { 'bin/x': 'file', y: { to: 'bin/x' }, 'lib/z': { to: '../bin' } }],
    ['a link to what is not there', { 'bin/x': { to: '../lib/missing' } }],
    ['a link by way of a link that stays inside', { ...toTop, x: { to: `${deep}/top/a` } }],
    ['links in a circle', { x: { to: 'y' }, y: { to: 'x' } }],
    ['our name below the top', { 'bin/.runner-actions-archive': 'file' }],
  ])('may have %s', async (_, entries) => {
    expect(await check(entries)).toBeUndefined();
  });

  it.each<[string, Entries, string]>([
    ['a link to the folder above', { x: { to: '..' } }, 'its link "x" leads outside'],
    ['an absolute link', { x: { to: '/etc' } }, 'its link "x" leads outside'],
    [
      'a link that leads outside by way of a link',
      { ...toTop, x: { to: `${deep}/top/../../victim` } },
      'its link "x" leads outside',
    ],
    [
      'a link that leads outside by way of two links',
      { ...toTop, via: { to: `${deep}/top` }, x: { to: 'a/../via/..' } },
      'its link "x" leads outside',
    ],
    [
      'a link to what is not there, outside',
      { x: { to: 'missing/../../victim' } },
      'its link "x" leads outside',
    ],
    ['a link that leaves and comes back', { 'bin/x': { to: '../../content/bin' } }, 'its link "bin/x"'],
    ['the name of our own file', { '.runner-actions-archive': 'file' }, 'which this action uses itself'],
    [
      'the name of our own file in capitals',
      { '.Runner-Actions-ARCHIVE': { to: 'x' } },
      'which this action uses itself',
    ],
  ])('may not have %s', async (_, entries, problem) => {
    expect(await check(entries)).toContain(problem);
  });

  it.skipIf(process.platform !== 'linux')('may have no link whose name is not UTF-8', async () => {
    const root = content({});
    symlinkSync('/etc', Buffer.concat([Buffer.from(`${root}/x`), Buffer.of(0xff)]));
    expect(await whyRefused(root, startDeadline(60_000))).toContain('is not UTF-8');
  });

  it.skipIf(process.platform !== 'linux')('may have no link to a name that is not UTF-8', async () => {
    expect(await check({ x: { to: Buffer.of(0x61, 0xff) } })).toContain('its link "x"');
  });

  it('is not read when the time is over', async () => {
    const over = { ...startDeadline(60_000), signal: AbortSignal.abort() };
    await expect(whyRefused(content({ x: 'file' }), over)).rejects.toThrow('it did not end in time');
  });
});
