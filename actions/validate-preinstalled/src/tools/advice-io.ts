import { closestName } from '@runner-actions/config';
import { toolNamed } from '@runner-actions/manifest';
import type { Machine } from '../kinds/kind.ts';
import { installCommand } from '../machine-facts/packages/install-command.ts';
import { systemManager } from '../machine-facts/packages/system-manager.ts';
import { listSearchPath } from '../search-path-io.ts';

/** What to say about a tool that is not on PATH: where was looked, what has a similar name, and what installs it. */
export async function adviceForMissing(
  name: string,
  { job, facts }: Machine,
): Promise<{ found: string; advice: string }> {
  const { folders, names } = await listSearchPath(job.environment);
  const similar = closestName(
    name,
    names.filter((one) => one.slice(0, 2) === name.slice(0, 2)),
  );
  const near = similar === undefined || similar === name ? '' : ` There is '${similar}'.`;
  const manager = systemManager(facts);
  const supplier = typeof manager === 'string' ? toolNamed(name)?.packages?.[manager] : undefined;
  const install =
    typeof manager !== 'string' || supplier === undefined
      ? `Install ${name}`
      : `Install it with '${installCommand(manager, [supplier]).join(' ')}'`;
  return {
    found: `nothing on PATH (${folders.length === 0 ? 'which has no folder' : folders.join(', ')})`,
    advice: `${install}, or add its folder to PATH.${near}`,
  };
}
