import { appendFileSync } from 'node:fs';
import type * as toolkit from '@actions/cache';

// act copies this folder to where no package is found by its name.
const module = process.env['TOOLKIT_MODULE'] ?? '@actions/cache';
const { restoreCache, saveCache } = (await import(module)) as typeof toolkit;

const input = (name: string): string => process.env[`INPUT_${name.toUpperCase()}`] ?? '';

if (input('act') === 'save') {
  if ((await saveCache([input('path')], input('key'))) === -1) process.exitCode = 1;
} else {
  const matched = await restoreCache([input('path')], input('key'));
  appendFileSync(process.env['GITHUB_OUTPUT'] ?? '', `matched=${matched ?? ''}\n`);
}
