import { readSmallFile } from '@runner-actions/core';

/** What `/etc/os-release` says. Source: os-release(5). */
export interface OsRelease {
  id: string;
  /** Other distributions that this one is like. */
  like: readonly string[];
  /** `VERSION_ID`, such as 22.04. A rolling distribution has none. */
  version: string | undefined;
}

/** Reads `/etc/os-release`, or `/usr/lib/os-release`. Returns `undefined` if there is none, as on macOS. */
export function readOsRelease(): OsRelease | undefined {
  if (process.platform !== 'linux') return undefined;
  const text = ['/etc/os-release', '/usr/lib/os-release']
    .map((path) => read(path))
    .find((one) => one !== undefined);
  return text === undefined ? undefined : parseOsRelease(text);
}

function read(path: string): string | undefined {
  try {
    return readSmallFile(path, 64 * 1024);
  } catch {
    return undefined;
  }
}

/** Parses the lines `NAME=value`; the value may be in quotes. */
export function parseOsRelease(text: string): OsRelease {
  const lines = text.split('\n').map((line) => /^([A-Z_]+)=(["']?)(.*)\2$/.exec(line.trim()));
  const values = new Map(lines.flatMap((line) => (line === null ? [] : [[line[1], line[3] ?? '']])));
  const like = (values.get('ID_LIKE') ?? '').split(' ').filter((word) => word !== '');
  return { id: values.get('ID') ?? 'linux', like, version: values.get('VERSION_ID') };
}
