import type { LanguageManager } from '@runner-actions/manifest';
import type { Packages } from '../packages/package-database.ts';
import type { PackageQuery } from '../packages/package-query.ts';
import { openCargo } from './cargo-packages-io.ts';
import { openGem } from './gem-packages-io.ts';
import { openGo } from './go-packages-io.ts';
import { openNpm } from './npm-packages-io.ts';
import { openPip, openPipx } from './python-packages-io.ts';

/**
 * Opens the packages of a language.
 * @param folder an empty folder, where programs that have to be asked are started
 */
export async function openLanguagePackages(
  manager: LanguageManager,
  query: PackageQuery,
  folder: string,
): Promise<Packages> {
  const open: Record<LanguageManager, () => Promise<Packages> | Packages> = {
    pip: () => openPip(query, folder),
    pipx: () => openPipx(query),
    npm: () => openNpm(query),
    gem: () => openGem(query, folder),
    cargo: () => openCargo(query),
    go: () => openGo(query),
  };
  return open[manager]();
}
