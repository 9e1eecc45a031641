import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { interpreterOf, type Reading } from '@runner-actions/manifest';
import { readHead } from '../file-identity-io.ts';
import { withElf } from '../machine-facts/elf-io.ts';

/** Bytes of a script that are looked at. */
const limit = 1024;

/**
 * Explains from its file why a program on PATH does not start: a script with the line ends of Windows, or a loader or
 * interpreter that is missing. Returns `undefined` where the file does not tell.
 */
export async function explainStart(path: string): Promise<Reading | undefined> {
  if (process.platform === 'win32') return undefined;
  const start = await readHead(path, limit).catch(() => '');
  if (!start.startsWith('#!')) return explainProgram(path);
  if (start.includes('\r\n')) return windowsScript(path);
  const [interpreter = ''] = interpreterOf(start) ?? [];
  if (!isAbsolute(interpreter) || existsSync(interpreter)) return undefined;
  return {
    unknown: `a script whose interpreter ${interpreter} is missing`,
    kind: 'interpreter',
    advice: 'Install the interpreter, or reinstall the tool.',
  };
}

async function explainProgram(path: string): Promise<Reading | undefined> {
  const loader = await withElf(path, (elf) => elf.interpreter()).catch(() => undefined);
  if (loader === undefined || existsSync(loader)) return undefined;
  return {
    unknown: `a program whose loader ${loader} is missing`,
    kind: 'interpreter',
    advice: 'It is built for another system: install a build for this one, or the package with the loader.',
  };
}

/** The interpreter, or a word of the script, ends with an invisible character, so that it is not found. */
function windowsScript(path: string): Reading {
  return {
    unknown: "a script with Windows' line ends (CRLF), which cannot run here",
    kind: 'interpreter',
    advice: adviceForWindowsScript(path),
  };
}

/**
 * Returns what to do about a script of Windows. WSL shows the drives of Windows in /mnt, and its PATH here. Source:
 * Microsoft's "Advanced settings configuration in WSL".
 */
export function adviceForWindowsScript(path: string): string {
  if (!/^\/mnt\/[a-z]\//.test(path)) return 'Save it with line ends of Unix (LF), or reinstall the tool.';
  return "It belongs to Windows: install the tool in Linux, or keep Windows' folders out of PATH (appendWindowsPath = false below [interop] in /etc/wsl.conf).";
}
