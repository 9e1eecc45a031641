import { readdir, realpath } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { commandsOf } from '@runner-actions/manifest';
import { isDispatched } from '../executable-io.ts';
import type { Machine } from '../kinds/kind.ts';
import { executablesOf, findOnPath, listSearchPath } from '../search-path-io.ts';

/** Returns the executables of a tool on PATH, in the order of PATH. The first one is what jobs get. */
export async function copiesOnPath(name: string, { job }: Machine): Promise<string[]> {
  for (const command of commandsOf(name)) {
    const found = await findOnPath(command, job.environment);
    if (found.length > 0) return found;
  }
  return [];
}

/**
 * Returns executables of other versions that a machine has beside those on PATH: Java's homes, numbered Pythons, the
 * runner's tool cache, and folders of version managers.
 */
export async function copiesElsewhere(name: string, { job }: Machine): Promise<string[]> {
  const { environment } = job;
  const cache = environment['AGENT_TOOLSDIRECTORY'] || environment['RUNNER_TOOL_CACHE'];
  const cached = async (tool: string, executable: string): Promise<string[]> => {
    if (cache === undefined) return [];
    const versions = await childrenOf(join(cache, tool));
    const machines = await Promise.all(versions.map(childrenOf));
    return machines.flat().map((folder) => join(folder, executable));
  };
  const home = homedir();
  if (name === 'java' || name === 'javac') {
    const named = Object.entries(environment).flatMap(([variable, value]) =>
      /^JAVA_HOME_\d+_\w+$/.test(variable) && value !== undefined ? [value] : [],
    );
    const folders = ['/usr/lib/jvm', join(home, '.sdkman/candidates/java')];
    const homes = [...named, ...(await Promise.all(folders.map(childrenOf))).flat()];
    const mac = await childrenOf('/Library/Java/JavaVirtualMachines');
    return [...homes, ...mac.map((folder) => join(folder, 'Contents/Home'))].map((one) =>
      join(one, 'bin', name),
    );
  }
  if (name === 'python3' || name === 'python')
    return [...(await numberedOnPath('python3.', environment)), ...(await cached('Python', 'bin/python3'))];
  if (name === 'node')
    return [
      ...(await cached('node', 'bin/node')),
      ...(await childrenOf(join(home, '.nvm/versions/node'))).map((folder) => join(folder, 'bin/node')),
    ];
  if (name === 'go') return cached('go', 'bin/go');
  if (name === 'ruby') return cached('Ruby', 'bin/ruby');
  return [];
}

/** Says that Maven and Gradle take another Java than the one on PATH, since they prefer JAVA_HOME. */
export async function otherJavaHome(name: string, path: string, { job }: Machine): Promise<string[]> {
  const home = job.environment['JAVA_HOME'];
  if (!['java', 'javac'].includes(name) || home === undefined || home === '') return [];
  // The stub of macOS and shims choose a Java themselves, partly by JAVA_HOME.
  if ((process.platform === 'darwin' && path.startsWith('/usr/bin/')) || (await isDispatched(path)))
    return [];
  const [other] = await executablesOf([join(home, 'bin', name)]);
  if (other === undefined) return [`JAVA_HOME is ${home}, which has no bin/${name}.`];
  const isSame = (await realpath(other)) === (await realpath(path));
  return isSame ? [] : [`JAVA_HOME leads to ${other}, which Maven and Gradle take in its place.`];
}

/** Most folders that are looked at in one place. */
const most = 100;

async function childrenOf(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.slice(0, most).map((name) => join(folder, name));
}

/** Returns executables such as `python3.11` on PATH. */
async function numberedOnPath(
  prefix: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string[]> {
  const { names: all } = await listSearchPath(environment);
  const isNumber = (text: string): boolean => /^\d{1,3}$/.test(text);
  const names = new Set(all.filter((one) => one.startsWith(prefix) && isNumber(one.slice(prefix.length))));
  return (await Promise.all([...names].slice(0, most).map((one) => findOnPath(one, environment)))).flat();
}
