import { execute, quote } from '@runner-actions/core';
import type { PackageQuery } from './package-query.ts';
import { indexPackages, type InstalledPackage, type Packages } from './package-database.ts';

/**
 * Lists packages as JSON. The `winget` command cuts columns and translates its headings; the module
 * Microsoft.WinGet.Client does neither. The script is constant: nothing of a manifest is put into it.
 */
const script =
  "$ErrorActionPreference = 'Stop'; [Console]::OutputEncoding = [System.Text.UTF8Encoding]::new(); " +
  'Import-Module Microsoft.WinGet.Client; ' +
  'ConvertTo-Json -Compress -InputObject @(Get-WinGetPackage | Select-Object Id, InstalledVersion)';

const advice = 'Install the PowerShell module: Install-Module Microsoft.WinGet.Client -Scope AllUsers';

/** Asks PowerShell for the packages that winget knows: in one process, since it takes seconds to start. */
export async function openWinget({ environment: env, deadline }: PackageQuery): Promise<Packages> {
  for (const shell of ['pwsh', 'powershell']) {
    const argv = [shell, '-NoLogo', '-NoProfile', '-NonInteractive', '-Command', script];
    const asked = await execute(argv, { env, deadline, timeout: 60_000, limitBytes: 8 * 1024 ** 2 });
    if (asked.status === 'not-started') continue;
    if (asked.status !== 'exited' || asked.truncated)
      return { unknown: `PowerShell ended with ${asked.status}` };
    const [line = ''] = asked.stderr.trim().split('\n');
    if (asked.code !== 0) return { unknown: `PowerShell says ${quote(line)}`, advice };
    const installed = parseWingetJson(asked.stdout);
    if (installed === undefined) return { unknown: 'winget’s answer cannot be read', advice };
    const find = indexPackages(installed);
    return { manager: 'winget', source: 'Get-WinGetPackage', find, installed };
  }
  return { unknown: 'PowerShell is not on PATH', advice };
}

/** Reads the JSON of `Get-WinGetPackage` (winget-cli, `PSInstalledCatalogPackage`). Entries of an odd form are left out. */
export function parseWingetJson(text: string): InstalledPackage[] | undefined {
  const listed = parsed(text);
  if (!Array.isArray(listed)) return undefined;
  return listed.flatMap((entry: unknown) => {
    const { Id: name, InstalledVersion: version } = (entry ?? {}) as Record<string, unknown>;
    if (typeof name !== 'string' || typeof version !== 'string') return [];
    return [{ name, version, state: 'installed', provides: [] }];
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return undefined;
  }
}
