import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { extname, join } from 'node:path';

/** A hook that cannot be started. */
export class HookError extends Error {}

/**
 * How the runner starts a hook of the machine's owner: `.js` on its own Node 20, `.sh` by bash.
 * Source: actions/runner 2.336.0, `GetDefaultShellForScript` of HostContext.cs, ScriptHandler.cs.
 * @throws HookError when there is no such file, and for another ending
 */
export function hookCommand(path: string): string[] {
  if (!existsSync(path)) throw new HookError(`${path}: File doesn't exist`);
  switch (extname(path)) {
    case '.js':
      return [nodeOfRunner(), path];
    case '.sh':
      return ['bash', '-e', path];
    default:
      throw new HookError(
        `${path} is not a valid path to a script. Make sure it ends in '.sh', '.ps1' or '.js'.`,
      );
  }
}

let found: string | undefined;

/** A Node 20 of this machine, which the runner brings with it, or what `NODE_OF_RUNNER` names; else the Node that runs this. */
export function nodeOfRunner(): string {
  const candidates = (process.env['PATH'] ?? '').split(':').map((folder) => join(folder, 'node'));
  found ??= process.env['NODE_OF_RUNNER'] ?? candidates.filter(existsSync).find(isNode20) ?? process.execPath;
  return found;
}

function isNode20(file: string): boolean {
  return spawnSync(file, ['--version'], { encoding: 'utf8' }).stdout?.startsWith('v20.') ?? false;
}
