import { stat } from 'node:fs/promises';
import type { EnvironmentSpec } from './manifest.ts';
import { fits } from './pattern.ts';
import type { Finding } from './requirement.ts';

/** Checks a variable; a secret's value is never told. */
export async function checkVariable(
  name: string,
  spec: EnvironmentSpec,
  value: string | undefined,
): Promise<Finding> {
  const shown = spec.secret === true ? 'a value' : (value ?? '').slice(0, 80);
  const finding = (met: boolean, found: string, wanted: string): Finding => ({
    ...{ status: met ? 'pass' : 'fail', found, wanted },
    ...(met ? {} : { advice: `Set ${name} for the runner or the job.` }),
  });
  if (spec.set === false) return finding(value === undefined, value === undefined ? 'unset' : 'set', 'unset');
  if (value === undefined) return finding(false, 'unset', 'set');
  if (value === '') return finding(spec.equals === '', 'empty', spec.equals === '' ? 'empty' : 'set');
  if (spec.equals !== undefined && value !== spec.equals)
    return finding(false, shown, spec.secret === true ? 'another value' : spec.equals);
  const matches = spec.matches === undefined ? true : fits(spec.matches, value);
  if (matches === undefined)
    return { status: 'error', found: 'a pattern that takes too long', wanted: `/${spec.matches}/` };
  if (!matches) return finding(false, shown, `/${spec.matches}/`);
  // A value that nothing was asked about is not told either: people forget `secret`.
  if (spec.is === undefined)
    return finding(true, spec.equals === undefined && spec.matches === undefined ? 'set' : shown, 'set');
  const entry = await stat(value).catch(() => undefined);
  const kind = entry?.isDirectory() ? 'directory' : entry?.isFile() ? 'file' : 'neither file nor directory';
  return finding(kind === spec.is, `${shown} (${kind})`, spec.is);
}
