import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { InstalledPackage, Packages } from '../packages/package-database.ts';
import type { PackageQuery } from '../packages/package-query.ts';
import { readText } from '../read-text-io.ts';

/**
 * Opens the crates that `cargo install` has installed: its record `.crates.toml`, whose lines look like
 * `"ripgrep 14.1.0 (registry+https://…)" = ["rg"]` (cargo, `ops/common_for_install_and_uninstall.rs`). A crate counts
 * only if its programs are there.
 */
export async function openCargo({ environment }: Pick<PackageQuery, 'environment'>): Promise<Packages> {
  const home = environment['HOME'] ?? environment['USERPROFILE'] ?? '';
  const set = [environment['CARGO_INSTALL_ROOT'], environment['CARGO_HOME']].find(
    (path) => path !== undefined && path !== '',
  );
  const root = set ?? join(home, '.cargo');
  const path = join(root, '.crates.toml');
  const read = await readText(path, 4 * 1024 ** 2);
  if ('unknown' in read) return read;
  const crates = 'text' in read ? parseCrates(read.text) : [];
  return {
    manager: 'cargo',
    source: path,
    async find(name) {
      const named = crates.filter((crate) => crate.name === name);
      return {
        named: await Promise.all(named.map((one) => checkPrograms(root, one))),
        providers: [],
        foreign: [],
      };
    },
  };
}

interface Crate {
  name: string;
  version: string;
  programs: readonly string[];
}

export function parseCrates(text: string): Crate[] {
  return text.split('\n').flatMap((line) => {
    const read = /^"([^"\s]+) ([^"\s]+) \([^"]*\)" = \[([^\]]*)\]/.exec(line.trim());
    if (read === null) return [];
    const [, name = '', version = '', programs = ''] = read;
    return [{ name, version, programs: programs.split('"').filter((_, index) => index % 2 === 1) }];
  });
}

async function checkPrograms(root: string, { name, version, programs }: Crate): Promise<InstalledPackage> {
  const found = programs.map((program) =>
    stat(join(root, 'bin', program)).then(
      (entry) => entry.isFile(),
      () => false,
    ),
  );
  const isWhole = (await Promise.all(found)).every((one) => one);
  return { name, version, state: isWhole ? 'installed' : 'broken', provides: [] };
}
