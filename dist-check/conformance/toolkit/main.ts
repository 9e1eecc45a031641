import { appendFileSync } from 'node:fs';
import type * as toolkit from '@actions/cache';

// act copies this folder to a place from which Node does not find packages by name, so the test passes the path.
const module = process.env['CACHE_PACKAGE'] ?? '@actions/cache';
const { restoreCache, saveCache } = (await import(module)) as typeof toolkit;

const input = (name: string): string => process.env[`INPUT_${name.toUpperCase()}`] ?? '';

if (input('operation') === 'save') {
  if ((await saveCache([input('path')], input('key'))) === -1) process.exitCode = 1;
} else {
  const matched = await restoreCache([input('path')], input('key'));
  appendFileSync(process.env['GITHUB_OUTPUT'] ?? '', `matched=${matched ?? ''}\n`);
}
