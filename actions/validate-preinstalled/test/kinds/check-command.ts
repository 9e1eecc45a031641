import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Finding } from '../../src/kinds/kind.ts';

const cli = resolve(import.meta.dirname, '../../../../packages/cli/dist/cli.js');

/**
 * Returns the built command that checks one section of a manifest, for tests that need a process of their own, such as
 * one of another user.
 */
export function checkCommand(section: string, part: unknown): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'manifest-'));
  chmodSync(folder, 0o755);
  const file = join(folder, 'manifest.yml');
  writeFileSync(file, JSON.stringify({ version: 1, [section]: part }));
  return [process.execPath, cli, 'manifest', 'check', '--machine', '--json', file];
}

/** Reads what `checkCommand` printed. Returns the finding of its first requirement. @throws Error if there is none */
export function readFinding(stdout: string): Finding {
  const { manifests } = JSON.parse(stdout) as { manifests?: { results?: Finding[] }[] };
  const finding = manifests?.[0]?.results?.[0];
  if (finding === undefined) throw new Error(stdout);
  return finding;
}
