import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { extname, join } from 'node:path';

/** Thrown for a hook that cannot be started. */
export class HookError extends Error {}

/**
 * Returns the command with which the runner starts a hook of the machine's owner: `.js` runs on the runner's Node 20,
 * `.sh` runs in bash. Source: actions/runner 2.336.0, `GetDefaultShellForScript` of HostContext.cs, ScriptHandler.cs.
 * @throws HookError if the file does not exist, or has another extension
 */
export function hookCommand(path: string): string[] {
  if (!existsSync(path)) throw new HookError(`${path}: File doesn't exist`);
  switch (extname(path)) {
    case '.js':
      return [findRunnerNode(), path];
    case '.sh':
      return ['bash', '-e', path];
    default:
      throw new HookError(
        `${path} is not a valid path to a script. Make sure it ends in '.sh', '.ps1' or '.js'.`,
      );
  }
}

let cachedNode: string | undefined;

/**
 * Returns the path of the Node that replaces the Node 20 of the real runner: the one that `NODE_OF_RUNNER` names, else
 * a Node 20 from the `PATH`, else the Node that runs this process.
 */
export function findRunnerNode(): string {
  const candidates = (process.env['PATH'] ?? '').split(':').map((folder) => join(folder, 'node'));
  cachedNode ??=
    process.env['NODE_OF_RUNNER'] ?? candidates.filter(existsSync).find(isNode20) ?? process.execPath;
  return cachedNode;
}

function isNode20(file: string): boolean {
  return spawnSync(file, ['--version'], { encoding: 'utf8' }).stdout?.startsWith('v20.') ?? false;
}
