import type { GpuVendor } from '@runner-actions/manifest';
import { join } from 'node:path';
import type { GpuHost } from './gpu-host.ts';

/** Folders of CDI specifications. Source: github.com/cncf-tags/container-device-interface, "How to configure CDI". */
const folders = ['/etc/cdi', '/var/run/cdi'];
const names = {
  nvidia: { runtime: 'nvidia', cdi: 'nvidia.com/gpu' },
  amd: { runtime: 'amd', cdi: 'amd.com/gpu' },
} as const;

/** Finds the ways in which containers get the devices: a runtime that Docker knows, and CDI specifications. */
export async function containerWays(host: GpuHost, vendor: GpuVendor): Promise<readonly string[]> {
  const [runtime, specifications] = await Promise.all([
    dockerRuntime(host, names[vendor].runtime),
    cdiSpecifications(host, names[vendor].cdi),
  ]);
  return [...(runtime ? [`Docker's runtime '${names[vendor].runtime}'`] : []), ...specifications];
}

async function dockerRuntime(host: GpuHost, name: string): Promise<boolean> {
  const execution = await host.run('docker', ['info', '--format', '{{json .Runtimes}}']);
  try {
    return Object.hasOwn(JSON.parse(execution?.stdout ?? '') as object, name);
  } catch {
    return false;
  }
}

async function cdiSpecifications(host: GpuHost, kind: string): Promise<readonly string[]> {
  const listed = await Promise.all(
    folders.map(async (folder) => (await host.list(folder)).map((name) => join(folder, name))),
  );
  const paths = listed.flat().filter((path) => /\.(?:ya?ml|json)$/.test(path));
  const texts = await Promise.all(paths.map((path) => host.read(path)));
  return paths
    .filter((_, index) => specifiedKind(texts[index] ?? '') === kind)
    .map((path) => `CDI in ${path}`);
}

/** Reads `kind: nvidia.com/gpu` of a specification, in YAML or JSON. */
function specifiedKind(text: string): unknown {
  if (!text.startsWith('{')) return /^kind: *"?([\w./-]+)/m.exec(text)?.[1];
  try {
    return (JSON.parse(text) as { kind?: unknown }).kind;
  } catch {
    return undefined;
  }
}
