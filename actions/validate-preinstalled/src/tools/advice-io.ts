import { homedir } from 'node:os';
import { delimiter, dirname } from 'node:path';
import { closestName } from '@runner-actions/config';
import { commandsOf, type SystemManager, toolNamed } from '@runner-actions/manifest';
import type { Machine } from '../kinds/kind.ts';
import { installRemedy, type Remedy, remedyText } from '../machine-facts/packages/install-command.ts';
import { systemManager } from '../machine-facts/packages/system-manager.ts';
import { findOnPath, findUnusable, listSearchPath } from '../search-path-io.ts';

/** What to say about a tool that is not on PATH: where was looked, what has a similar name, and what installs it. */
export async function adviceForMissing(
  name: string,
  { job, facts }: Machine,
): Promise<{ found: string; advice: string; remedy?: Remedy }> {
  for (const command of commandsOf(name)) {
    const unusable = await findUnusable(command, job.environment);
    if (unusable !== undefined) return unusable;
  }
  const { folders, names } = await listSearchPath(job.environment);
  const similar = closestName(
    name,
    names.filter((one) => one.slice(0, 2) === name.slice(0, 2)),
  );
  const near = similar === undefined || similar === name ? '' : ` There is '${similar}'.`;
  const remedy = remedyFor(name, facts);
  const install = remedy === undefined ? `Install ${name}` : `Install it with '${remedyText(remedy)}'`;
  return {
    found: `nothing on PATH (${folders.length === 0 ? 'which has no folder' : folders.join(', ')})`,
    advice: `${await outsidePath(name)}${install}, or add its folder to PATH.${near}${literal(job.environment['PATH'])}`,
    ...(remedy === undefined ? {} : { remedy }),
  };
}

function remedyFor(name: string, facts: Machine['facts']): Remedy | undefined {
  const supplier = supplierOf(name, facts);
  return supplier === undefined ? undefined : installRemedy(supplier.manager, [supplier.name]);
}

/** Returns the package that brings a tool, and the manager of this machine; `undefined` if none is known. */
export function supplierOf(
  name: string,
  facts: Machine['facts'],
): { manager: SystemManager; name: string } | undefined {
  const manager = systemManager(facts);
  const supplier = typeof manager === 'string' ? toolNamed(name)?.packages?.[manager] : undefined;
  return typeof manager !== 'string' || supplier === undefined ? undefined : { manager, name: supplier };
}

/** Returns what installs a plugin whose program is there; nothing if this machine's manager does not have it. */
export function installerOf(name: string, { facts }: Machine): { advice?: string; remedy?: Remedy } {
  const remedy = remedyFor(name, facts);
  return remedy === undefined ? {} : { remedy, advice: `Install it with '${remedyText(remedy)}'.` };
}

/** Folders of programs that a person's shell has on PATH, but a service often lacks. */
const usualFolders =
  '~/.local/bin ~/bin ~/.cargo/bin ~/go/bin /usr/local/bin /usr/local/sbin /usr/sbin /sbin /usr/local/go/bin /snap/bin /opt/homebrew/bin /home/linuxbrew/.linuxbrew/bin';

/** Says where the tool is, if it is in a usual folder. */
async function outsidePath(name: string): Promise<string> {
  const folders = usualFolders.split(' ').map((folder) => folder.replace('~', homedir()));
  const usual = { PATH: folders.join(delimiter) };
  const all = await Promise.all(
    commandsOf(name).map((command) => findOnPath(command, usual).catch(() => [])),
  );
  const [found] = all.flat();
  if (found === undefined) return '';
  return `There is ${found}, but ${dirname(found)} is not on PATH: add it to the file .path of the runner, or to GITHUB_PATH in the job. Otherwise: `;
}

/** Says which folders PATH names by a variable or by `~`, which only a shell replaces. */
function literal(path = ''): string {
  const [first] = path.split(delimiter).filter((folder) => /^~|\$/.test(folder));
  return first === undefined ? '' : ` PATH has '${first}' as text: write the folder in full.`;
}
