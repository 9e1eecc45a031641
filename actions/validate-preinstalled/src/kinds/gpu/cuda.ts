import { basename, dirname, join } from 'node:path';
import { firstLine, type GpuHost, type Obstacle } from './gpu-host.ts';
import { nvidiaObstacle } from './nvidia-advice.ts';
import { parseDriverCuda } from './nvidia-output.ts';

const cuda = '/usr/local/cuda';

/** Returns the latest CUDA version that the driver supports. It says nothing about what is installed. */
export async function driverCuda(host: GpuHost): Promise<string | Obstacle> {
  const summary = await host.run('nvidia-smi', []);
  const obstacle = nvidiaObstacle(summary);
  if (obstacle !== undefined) return obstacle;
  const found = parseDriverCuda(summary?.stdout ?? '');
  if (found !== undefined) return found;
  const advice = 'Install libcuda.so.1 of the driver, or give the container the `compute` capability.';
  return { status: 'error', found: 'a driver that names no CUDA version', advice };
}

/** Returns the version of the CUDA toolkit that the job would compile with: that of `nvcc` on PATH, else the usual folder. */
export async function toolkitCuda(host: GpuHost): Promise<string | Obstacle> {
  const onPath = await host.find('nvcc');
  const roots = [host.environment['CUDA_HOME'], host.environment['CUDA_PATH'], cuda];
  for (const compiler of onPath === undefined ? roots.map(compilerIn) : [onPath]) {
    const real = compiler === undefined ? undefined : await host.realPath(compiler);
    if (compiler === undefined || real === undefined) continue;
    const written = await host.read(join(dirname(dirname(real)), 'version.json'));
    const told = versionIn(written ?? '');
    if (told !== undefined) return told;
    const execution = await host.runAt(compiler, ['--version']);
    const printed = /release \d+\.\d+, V(\d+\.\d+\.\d+)/.exec(execution.stdout)?.[1];
    if (execution.code === 0 && printed !== undefined) return printed;
    const why = firstLine(execution.stderr) || firstLine(execution.stdout) || execution.status;
    const advice = `To find the cause, run \`${compiler} --version\` on the runner.`;
    return { status: 'error', found: `${compiler}, which does not tell its version (${why})`, advice };
  }
  const advice = 'Install the CUDA toolkit, or add its `bin` to PATH.';
  return { status: 'fail', found: `no nvcc on PATH, in CUDA_HOME or in ${cuda}`, advice };
}

const compilerIn = (root: string | undefined): string | undefined =>
  root === undefined || root === '' ? undefined : join(root, 'bin', 'nvcc');

function versionIn(json: string): string | undefined {
  try {
    const { cuda } = JSON.parse(json) as { cuda?: { version?: unknown } };
    return typeof cuda?.version === 'string' ? cuda.version : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Returns the versions of all CUDA runtime libraries that the loader finds, from their real names
 * (`libcudart.so.12.4.127`).
 */
export async function runtimeCuda(host: GpuHost): Promise<readonly string[]> {
  const cache = host.platform === 'linux' ? await host.runAt('/sbin/ldconfig', ['-p']) : undefined;
  const lines = (cache?.stdout ?? '').split('\n').filter((line) => line.includes('libcudart.so.'));
  const cached = lines.flatMap((line) => line.split(' => ')[1]?.trim() ?? []);
  const folders = [...(host.environment['LD_LIBRARY_PATH'] ?? '').split(':'), `${cuda}/lib64`];
  const listed = await Promise.all(
    folders
      .filter((folder) => folder.startsWith('/'))
      .map(async (folder) => (await host.list(folder)).map((name) => join(folder, name))),
  );
  const paths = [...cached, ...listed.flat()].filter((path) => /\/libcudart\.so\.\d+/.test(path));
  const real = await Promise.all(paths.map((path) => host.realPath(path)));
  const versions = real.map((path) => /^libcudart\.so\.(\d+(?:\.\d+)+)$/.exec(basename(path ?? ''))?.[1]);
  return [...new Set(versions.filter((version) => version !== undefined))];
}

export type Compatibility = { met: true; notice?: string } | { met: false; why: string };

/**
 * Judges whether programs that a toolkit compiles run with a driver. A newer driver runs all older toolkits. From CUDA 11
 * on, a driver also runs newer toolkits of its own major version, without what needs a newer driver.
 * Source: docs.nvidia.com/deploy/cuda-compatibility, "Minor Version Compatibility".
 */
export function compatibility(toolkit: string, driver: string): Compatibility | undefined {
  const [major, minor] = numbers(toolkit);
  const [driverMajor, driverMinor] = numbers(driver);
  if (major === undefined || minor === undefined || driverMajor === undefined || driverMinor === undefined)
    return undefined;
  if (major < driverMajor || (major === driverMajor && minor <= driverMinor)) return { met: true };
  if (major > driverMajor || major < 11)
    return { met: false, why: `the driver supports CUDA up to ${driver}` };
  const notice = `The driver supports CUDA ${driver}: programs of this toolkit run by minor-version compatibility, but code that is compiled at run time (PTX) may not.`;
  return { met: true, notice };
}

function numbers(version: string): number[] {
  return version.split('.').map(Number);
}
