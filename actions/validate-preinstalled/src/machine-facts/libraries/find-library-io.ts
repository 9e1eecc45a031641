import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Deadline, execute, quote } from '@runner-actions/core';
import { withElf } from '../elf-io.ts';
import { readText } from '../read-text-io.ts';
import { isFor, parseLoaderCache } from './loader-cache.ts';

/** Where the loader finds libraries, and how it is asked whether they load. */
export interface Libraries {
  /** The loader of this process's architecture, such as /lib64/ld-linux-x86-64.so.2. */
  loader: string;
  /** Returns the file that the loader would take for a name; `undefined` if there is none. */
  find(soname: string): Promise<string | undefined>;
  /** Names that begin alike, such as libssl.so.1.1 for libssl.so.3. */
  similar(soname: string): readonly string[];
}

interface LibraryQuery {
  environment: Record<string, string | undefined>;
  deadline: Deadline;
}

/** Opens the loader's view of the machine's libraries: glibc's cache, or musl's folders. */
export async function openLibraries(query: LibraryQuery): Promise<Libraries | { unknown: string }> {
  if (process.platform !== 'linux') return { unknown: 'libraries can be checked by name on Linux only' };
  const loader = await withElf(process.execPath, (elf) => elf.interpreter()).catch(() => undefined);
  if (loader === undefined) return { unknown: 'the loader of programs is unknown' };
  const preferred = (query.environment['LD_LIBRARY_PATH'] ?? '').split(/[:;]/);
  return loader.includes('ld-musl') ? openMusl(loader, preferred) : openGlibc(loader, preferred, query);
}

async function openGlibc(
  loader: string,
  preferred: readonly string[],
  { environment: env, deadline }: LibraryQuery,
): Promise<Libraries | { unknown: string }> {
  // /sbin is not on the PATH of ordinary users.
  const asked = await execute(['/sbin/ldconfig', '-p'], {
    env,
    deadline,
    timeout: 10_000,
    limitBytes: 8 * 1024 ** 2,
  });
  if (asked.status !== 'exited' || asked.code !== 0 || asked.truncated)
    return { unknown: `/sbin/ldconfig -p ended with ${asked.code ?? asked.status}` };
  const cached = parseLoaderCache(asked.stdout).filter((one) => isFor(one, process.arch));
  // The loader takes the first of a name.
  const paths = new Map(cached.map(({ soname, path }) => [soname, path] as const).reverse());
  return {
    loader,
    find: async (soname) => (await firstIn(preferred, soname)) ?? paths.get(soname),
    similar: (soname) => [...new Set(cached.map((one) => one.soname))].filter((one) => isAlike(one, soname)),
  };
}

/** musl has no cache. It searches folders: those in its file, or its own (musl, `ldso/dynlink.c`). */
export async function openMusl(loader: string, preferred: readonly string[]): Promise<Libraries> {
  const name = loader.slice(loader.lastIndexOf('/') + 1).replace(/\.so\.1$/, '');
  const listed = await readText(`/etc/${name}.path`, 64 * 1024);
  const folders = 'text' in listed ? listed.text.split(/[:\n]/) : ['/lib', '/usr/local/lib', '/usr/lib'];
  return { loader, find: (soname) => firstIn([...preferred, ...folders], soname), similar: () => [] };
}

async function firstIn(folders: readonly string[], soname: string): Promise<string | undefined> {
  for (const folder of folders.map((one) => one.trim()).filter((one) => one.startsWith('/'))) {
    const path = join(folder, soname);
    const isFile = await stat(path).then(
      (entry) => entry.isFile(),
      () => false,
    );
    if (isFile) return path;
  }
  return undefined;
}

function isAlike(one: string, other: string): boolean {
  const [stem = ''] = other.split('.so', 1);
  return stem !== '' && one !== other && one.startsWith(`${stem}.so`);
}

/**
 * Asks the loader whether a library and all libraries that it needs can be loaded. It runs no code of the library.
 * `ldd` would not do: it exits with 0 when a library is missing.
 * @returns `undefined` if it loads; else the loader's sentence
 */
export async function whyNotLoadable(
  loader: string,
  path: string,
  { environment: env, deadline }: LibraryQuery,
): Promise<string | undefined | { unknown: string }> {
  const asked = await execute([loader, '--list', path], { env, deadline, timeout: 10_000 });
  if (asked.status !== 'exited') return { unknown: `${loader} --list ended with ${asked.status}` };
  if (asked.code === 0) return undefined;
  const line = asked.stderr.split('\n').find((one) => one.trim() !== '') ?? `exit code ${asked.code}`;
  // The sentence begins with the path twice: "/lib/libx.so: error while loading shared libraries: liby.so: cannot …".
  return quote(line.split('error while loading shared libraries: ').at(-1)?.trim() ?? line);
}
