import { type Deadline, execute, quote } from '@runner-actions/core';

/** The version of a library by its pkg-config file; or that it cannot be used, in pkg-config's words; or unknown. */
export type ModuleVersion = { version: string } | { problem: string } | { unknown: string };

/**
 * Asks pkg-config for the versions of modules: all in one process, and one by one only if one of them is missing, since
 * pkg-config then prints none.
 */
export async function readModuleVersions(
  names: readonly string[],
  options: { environment: Record<string, string | undefined>; deadline: Deadline },
): Promise<ReadonlyMap<string, ModuleVersion>> {
  const all = await ask(['--modversion', ...names], options);
  const lines = all.stdout.trim().split('\n');
  // `--modversion` does not look at what the modules need; `--exists` does.
  if (
    all.code === 0 &&
    lines.length === names.length &&
    (await ask(['--exists', ...names], options)).code === 0
  )
    return new Map(names.map((name, index) => [name, { version: lines[index] ?? '' }]));
  const each = names.map(async (name) => [name, await readOne(name, options)] as const);
  return new Map(await Promise.all(each));
}

type Options = Parameters<typeof readModuleVersions>[1];

async function readOne(name: string, options: Options): Promise<ModuleVersion> {
  const exists = await ask(['--print-errors', '--exists', name], options);
  if (exists.status === 'not-started') return { unknown: 'pkg-config is not on PATH' };
  if (exists.status !== 'exited') return { unknown: `pkg-config ended with ${exists.status}` };
  if (exists.code !== 0) return { problem: problemOf(exists.stderr) };
  const { code, stdout } = await ask(['--modversion', name], options);
  const version = stdout.trim();
  return code === 0 && version !== '' ? { version } : { unknown: `pkg-config tells no version of ${name}` };
}

/** pkg-config first says where it searched, in several lines. Its last line names the module that is missing. */
function problemOf(stderr: string): string {
  return quote(stderr.trim().split('\n').at(-1) ?? '');
}

function ask(rest: readonly string[], { environment: env, deadline }: Options) {
  return execute(['pkg-config', ...rest], { env, deadline, timeout: 10_000 });
}
