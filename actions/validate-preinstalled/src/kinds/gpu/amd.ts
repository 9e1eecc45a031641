import { type Device, firstLine, type GpuHost, type Obstacle } from './gpu-host.ts';

export interface AmdMachine {
  devices: readonly Device[];
  /** `undefined`: that of the kernel, which has no version of its own. */
  driver: string | undefined;
}

const kfd = '/dev/kfd';

/** Finds the devices that jobs can use through ROCm. */
export async function findAmd(host: GpuHost): Promise<AmdMachine | Obstacle> {
  if (host.platform !== 'linux') {
    const advice = 'Choose a runner with Linux.';
    return { status: 'error', found: 'a system on which ROCm is only checked on Linux', advice };
  }
  const denied = await amdRights(host);
  if (denied !== undefined) return denied;
  const machine = (await askAmdSmi(host)) ?? (await askRocmSmi(host));
  if (machine !== undefined) return machine;
  const advice = 'Install amd-smi (package amd-smi-lib), or add /opt/rocm/bin to PATH.';
  return { status: 'fail', found: 'neither amd-smi nor rocm-smi on PATH', advice };
}

/** Programs need `/dev/kfd` and the render node of each device. */
async function amdRights(host: GpuHost): Promise<Obstacle | undefined> {
  const access = await host.access(kfd);
  if (access === 'missing') {
    const advice = 'Load the driver (`modprobe amdgpu`), or pass /dev/kfd and /dev/dri to the container.';
    return { status: 'fail', found: `no ${kfd}`, advice };
  }
  const nodes = (await host.list('/dev/dri')).filter((name) => /^renderD\d+$/.test(name));
  const rights = await Promise.all(nodes.map((name) => host.access(`/dev/dri/${name}`)));
  const denied = access === 'denied' ? kfd : nodes.find((_, index) => rights[index] === 'denied');
  if (denied === undefined && nodes.length > 0) return undefined;
  if (denied === undefined)
    return { status: 'fail', found: 'no /dev/dri/renderD*', advice: 'Pass /dev/dri to the container.' };
  const path = denied.startsWith('/') ? denied : `/dev/dri/${denied}`;
  const advice = "Add the runner's user to the groups render and video, and start the runner again.";
  return { status: 'fail', found: `no right to read and write ${path}`, advice };
}

async function askAmdSmi(host: GpuHost): Promise<AmdMachine | Obstacle | undefined> {
  const execution = await host.run('amd-smi', ['static', '--json']);
  if (execution === undefined) return undefined;
  const machine = execution.code === 0 ? parseAmdStatic(execution.stdout) : undefined;
  if (machine !== undefined && machine.devices.length > 0) return machine;
  return brokenTool('amd-smi', firstLine(execution.stderr) || firstLine(execution.stdout), 'static');
}

/** The older tool, for ROCm before 6. */
async function askRocmSmi(host: GpuHost): Promise<AmdMachine | Obstacle | undefined> {
  const args = ['--showproductname', '--showmeminfo', 'vram', '--showdriverversion', '--json'];
  const execution = await host.run('rocm-smi', args);
  if (execution === undefined) return undefined;
  const machine = execution.code === 0 ? parseRocmSmi(execution.stdout) : undefined;
  if (machine !== undefined && machine.devices.length > 0) return machine;
  return brokenTool('rocm-smi', firstLine(execution.stderr) || firstLine(execution.stdout), '');
}

function brokenTool(tool: string, line: string, command: string): Obstacle {
  const notLoaded = line.includes('not found in modules') || line.includes('Driver not loaded');
  const advice = notLoaded
    ? 'Load the driver: `modprobe amdgpu`.'
    : `To find the cause, run \`${`${tool} ${command}`.trim()}\` on the runner.`;
  const found = `${tool} without devices${line === '' ? '' : ` (${line})`}`;
  return { status: notLoaded ? 'fail' : 'error', found, advice };
}

/** Parses `amd-smi static --json`: a list of devices, since version 26 in `gpu_data`. */
export function parseAmdStatic(json: string): AmdMachine | undefined {
  const parsed = parseJson(json);
  const list = Array.isArray(parsed) ? parsed : at(parsed, 'gpu_data');
  if (!Array.isArray(list)) return undefined;
  const devices = list.map((gpu: unknown) => ({
    name: text(at(gpu, 'asic', 'market_name')) ?? 'a device without a name',
    bytes: bytesOf(at(gpu, 'vram', 'size', 'value'), at(gpu, 'vram', 'size', 'unit')),
    compute: undefined,
  }));
  return { devices, driver: driverVersion(text(at(list[0], 'driver', 'version'))) };
}

/** Parses the JSON of `rocm-smi`: a map with a key for each card, and `system`. */
export function parseRocmSmi(json: string): AmdMachine | undefined {
  const parsed = parseJson(json);
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const cards = Object.entries(parsed).filter(([key]) => /^card\d+$/.test(key));
  const devices = cards.map(([, card]: [string, unknown]) => ({
    name: text(at(card, 'Card Series')) ?? text(at(card, 'Card series')) ?? 'a device without a name',
    bytes: bytesOf(at(card, 'VRAM Total Memory (B)'), 'B'),
    compute: undefined,
  }));
  return { devices, driver: driverVersion(text(at(parsed, 'system', 'Driver version'))) };
}

/** Returns the version of ROCm: from its own file, else from amd-smi. */
export async function rocmVersion(host: GpuHost): Promise<string | Obstacle> {
  const written = /^\d{1,4}(?:\.\d{1,4}){1,3}/.exec((await host.read('/opt/rocm/.info/version')) ?? '')?.[0];
  if (written !== undefined) return written;
  const execution = await host.run('amd-smi', ['version', '--json']);
  const parsed = parseJson(execution?.stdout ?? '');
  const told = text(at(Array.isArray(parsed) ? (parsed[0] as unknown) : parsed, 'rocm_version'));
  if (told !== undefined && /^\d/.test(told)) return told;
  return { status: 'fail', found: 'no ROCm in /opt/rocm', advice: 'Install ROCm.' };
}

/** The driver in the kernel itself has the kernel's version line here, which is none. */
const driverVersion = (version: string | undefined): string | undefined =>
  version !== undefined && /^\d{1,4}\.\d{1,4}(?:[.-][\w.-]{0,40})?$/.test(version) ? version : undefined;

const units: Readonly<Record<string, number>> = { B: 1, KB: 2 ** 10, MB: 2 ** 20, GB: 2 ** 30 };

/** amd-smi writes MB and means MiB: an MI210 of 64 GiB has 65520. */
function bytesOf(value: unknown, unit: unknown): number | undefined {
  const amount = Number(value);
  const factor = units[String(unit)];
  return factor === undefined || value === '' || !Number.isFinite(amount) ? undefined : amount * factor;
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function at(value: unknown, ...keys: string[]): unknown {
  return keys.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>)[key] : undefined,
    value,
  );
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' && value !== 'N/A' ? firstLine(value) : undefined;
