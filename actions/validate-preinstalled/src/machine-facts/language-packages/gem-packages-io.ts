import { join } from 'node:path';
import { execute, quote } from '@runner-actions/core';
import type { InstalledPackage, Packages } from '../packages/package-database.ts';
import type { PackageQuery } from '../packages/package-query.ts';
import { readFolder } from '../read-folder-io.ts';

/**
 * Opens the gems of the ruby on PATH. Ruby says where it looks; the gems are then read from the names of their
 * specifications. `default` holds gems that come with Ruby.
 */
export async function openGem(
  { environment: env, deadline }: PackageQuery,
  folder: string,
): Promise<Packages> {
  const argv = ['ruby', '-e', 'puts Gem.path, Gem.default_dir'];
  const asked = await execute(argv, { env, deadline, cwd: folder, timeout: 20_000 });
  if (asked.status === 'not-started') return { unknown: 'ruby is not on PATH' };
  const [line = ''] = asked.stderr.trim().split('\n');
  if (asked.status !== 'exited' || asked.code !== 0)
    return { unknown: `ruby does not run: ${line === '' ? (asked.code ?? asked.status) : quote(line)}` };
  const roots = [...new Set(asked.stdout.split('\n').filter((path) => path !== ''))];
  const folders = roots.flatMap((root) => [
    join(root, 'specifications'),
    join(root, 'specifications/default'),
  ]);
  const listed = await Promise.all(folders.map(readFolder));
  const files = listed.flatMap((one) => ('names' in one ? one.names : []));
  return {
    manager: 'gem',
    source: folders.join(', '),
    find: (name) => ({ named: gemsNamed(name, files), providers: [], foreign: [] }),
  };
}

/** Finds the versions of a gem among names such as `nokogiri-1.15.4-x86_64-linux.gemspec` (RubyGems, `full_name`). */
export function gemsNamed(name: string, files: readonly string[]): InstalledPackage[] {
  const versions = files.flatMap((file) => {
    if (!file.startsWith(`${name}-`) || !file.endsWith('.gemspec')) return [];
    const [version = ''] = file.slice(name.length + 1, -'.gemspec'.length).split('-', 1);
    // `rails-html-sanitizer-1.6.0` is no version of `rails`.
    return /^\d/.test(version) ? [version] : [];
  });
  return [...new Set(versions)].map((version) => ({ name, version, state: 'installed', provides: [] }));
}
