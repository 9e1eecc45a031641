import { join } from 'node:path';
import type { SystemManager } from '@runner-actions/manifest';
import { readFolder } from '../read-folder-io.ts';
import { readText } from '../read-text-io.ts';
import type { InstalledPackage } from './package-database.ts';
import type { PackageQuery } from './package-query.ts';

type IsChosen = (one: InstalledPackage) => boolean;

const limitBytes = 16 * 1024 ** 2;

/**
 * Tells packages that somebody chose from those that came as dependencies, by the manager's own files. Only apt, apk and
 * pacman have such files.
 */
export async function chosenPackages(
  manager: SystemManager,
  { environment }: Pick<PackageQuery, 'environment'>,
  root = '/',
): Promise<IsChosen | { unknown: string }> {
  switch (manager) {
    case 'apt':
      return chosenByApt(join(environment['DPKG_ROOT'] ?? root, 'var/lib/apt/extended_states'));
    case 'apk':
      return chosenByApk(join(root, 'etc/apk/world'));
    case 'pacman':
      return chosenByPacman(join(root, 'var/lib/pacman/local'));
    default:
      return { unknown: `${manager} does not tell here which packages somebody chose` };
  }
}

/** apt marks what it installed only for other packages (apt-mark(8)). Without the file, nothing is marked. */
async function chosenByApt(path: string): Promise<IsChosen | { unknown: string }> {
  const states = await readText(path, limitBytes);
  if ('unknown' in states) return states;
  const automatic = 'text' in states ? parseExtendedStates(states.text) : new Set<string>();
  return ({ name, architecture }) =>
    !automatic.has(`${name}:${architecture ?? ''}`) && !(architecture === 'all' && automatic.has(name));
}

/**
 * Reads apt's `extended_states`: paragraphs with `Package`, `Architecture` and `Auto-Installed: 1`. For packages of all
 * architectures, apt names the machine's own one, so that the names alone count too.
 */
export function parseExtendedStates(text: string): Set<string> {
  const automatic = new Set<string>();
  for (const paragraph of text.split('\n\n')) {
    const fields = new Map(
      paragraph.split('\n').map((line): [string, string] => {
        const at = line.indexOf(':');
        return [line.slice(0, Math.max(at, 0)), line.slice(at + 1).trim()];
      }),
    );
    const name = fields.get('Package');
    if (name === undefined || fields.get('Auto-Installed') !== '1') continue;
    automatic.add(`${name}:${fields.get('Architecture') ?? ''}`).add(name);
  }
  return automatic;
}

/** `world` lists what somebody asked for, with versions and repositories behind the names (apk-world(5)). */
async function chosenByApk(path: string): Promise<IsChosen | { unknown: string }> {
  const world = await readText(path, limitBytes);
  if (!('text' in world)) return 'unknown' in world ? world : { unknown: `${path} is missing` };
  const names = new Set(world.text.split(/\s+/).map((word) => /^[^<>=~@]*/.exec(word)?.[0]));
  return ({ name }) => names.has(name);
}

/** A package's `desc` has `%REASON%` 1 if another package needed it (libalpm, `ALPM_PKG_REASON_DEPEND`). */
async function chosenByPacman(folder: string): Promise<IsChosen | { unknown: string }> {
  const listed = await readFolder(folder);
  if (!('names' in listed)) return 'unknown' in listed ? listed : { unknown: `${folder} is missing` };
  const automatic = new Set<string>();
  for (const name of listed.names) {
    const desc = await readText(join(folder, name, 'desc'), 1024 ** 2);
    if ('text' in desc && desc.text.includes('\n%REASON%\n1\n')) automatic.add(name);
  }
  return ({ name, version }) => !automatic.has(`${name}-${version}`);
}
