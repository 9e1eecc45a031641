import type { GpuRequirement, ParsedText, Range } from '@runner-actions/manifest';
import type { Finding } from '../kind.ts';
import { checkCompute, checkCount, checkMemory, checkVersion } from './check-devices.ts';
import { compatibility, driverCuda, runtimeCuda, toolkitCuda } from './cuda.ts';
import { type GpuHost, isObstacle, type Once } from './gpu-host.ts';
import { findNvidia, isDivided, type NvidiaMachine } from './nvidia.ts';
import { type Visible, visibleDevices } from './visible-devices.ts';
import { findXids } from './xid.ts';

const reinstall = 'Install another version of the driver.';

/** Checks a property of NVIDIA's devices. The three CUDA versions are different things and are never compared as one. */
export async function checkNvidia(requirement: GpuRequirement, host: GpuHost, once: Once): Promise<Finding> {
  switch (requirement.fact) {
    case 'cuda toolkit': {
      const found = await once('toolkit', () => toolkitCuda(host));
      return checkVersion(found, requirement.wanted, 'Install another version of the CUDA toolkit.');
    }
    case 'cuda runtime':
      return checkRuntime(requirement.wanted, host);
    case 'cuda compatibility':
      return checkCompatibility(host, once);
    case 'xid':
      return checkXids(host);
    default: {
      const machine = await once('nvidia', () => findNvidia(host));
      if (!isObstacle(machine)) return checkMachine(requirement, machine, host);
      const hidden = /^(?:none|void)$/.exec(host.environment['NVIDIA_VISIBLE_DEVICES'] ?? '')?.[0];
      const found =
        hidden === undefined
          ? machine.found
          : `${machine.found}, since NVIDIA_VISIBLE_DEVICES is '${hidden}'`;
      return { ...machine, found, wanted: wantedText(requirement) };
    }
  }
}

function wantedText(requirement: GpuRequirement): string {
  const wanted = 'wanted' in requirement ? requirement.wanted : '';
  return typeof wanted === 'object' ? wanted.text : wanted;
}

async function checkMachine(
  requirement: GpuRequirement,
  machine: NvidiaMachine,
  host: GpuHost,
): Promise<Finding> {
  const seen = visibleDevices(machine.devices, host.environment);
  switch (requirement.fact) {
    case 'count':
      return checkCount(seen, requirement.wanted);
    case 'memory':
      return checkMemory(seen, requirement.wanted, requirement.least);
    case 'compute':
      return checkCompute(seen, requirement.wanted, requirement.least);
    case 'driver': {
      const driver = machine.gpus[0]?.driver;
      const advice = 'Run `nvidia-smi` on the runner.';
      const unknown = { status: 'error' as const, found: 'a driver without a version', advice };
      return checkVersion(driver ?? unknown, requirement.wanted, reinstall);
    }
    case 'cuda driver':
      return checkVersion(await driverCuda(host), requirement.wanted, reinstall);
    case 'mig':
      return checkMig(machine, seen, requirement.wanted);
    case 'ecc':
      return checkEcc(machine, requirement.wanted);
    case 'persistence':
      return checkMode(machine, requirement.wanted, 'persistence', '`nvidia-smi -pm`');
    default:
      throw new Error(`NVIDIA's devices have no '${requirement.fact}'`);
  }
}

/** Checks a switch of all devices. A device without it counts as off. */
function checkMode(
  { gpus }: NvidiaMachine,
  wanted: 'on' | 'off',
  key: 'persistence' | 'ecc',
  how: string,
): Finding {
  const other = gpus.filter((gpu) => (gpu[key] === 'Enabled' ? 'on' : 'off') !== wanted);
  const lacking = other.filter((gpu) => gpu[key] === undefined);
  if (other.length === 0) return { status: 'pass', found: wanted, wanted };
  const names = other.map(({ index, name }) => `device ${index} (${name})`).join(', ');
  const state = wanted === 'off' ? 'on' : lacking.length === other.length ? 'not available' : 'off';
  const advice = state === 'not available' ? 'Choose another runner.' : `Set it with ${how}, as root.`;
  return { status: 'fail', found: `${state} on ${names}`, wanted, advice };
}

function checkEcc(machine: NvidiaMachine, wanted: 'on' | 'off'): Finding {
  const mode = checkMode(machine, wanted, 'ecc', '`nvidia-smi -e` and a reboot');
  const bad = machine.gpus.filter(({ uncorrected = 0 }) => uncorrected > 0);
  if (wanted === 'off' || mode.status !== 'pass' || bad.length === 0) return mode;
  const counts = bad.map(({ index, uncorrected }) => `${uncorrected} on device ${index}`).join(', ');
  const advice = 'Reset the device. If the errors return, have it replaced.';
  return {
    status: 'fail',
    found: `on, with uncorrected errors: ${counts}`,
    wanted: 'on, without errors',
    advice,
  };
}

function checkMig({ gpus, instances }: NvidiaMachine, { candidates }: Visible, wanted: string): Finding {
  const profiles = instances.map(({ profile }) => profile).join(', ');
  const divided = gpus.filter(isDivided).length;
  const seen = candidates.map(({ uuid }) => uuid);
  const found =
    divided === 0 ? 'off' : `on for ${divided} of ${gpus.length}, instances: ${profiles || 'none'}`;
  const met =
    wanted === 'off'
      ? divided === 0
      : wanted === 'on'
        ? divided === gpus.length
        : instances.some(({ profile, uuid }) => profile === wanted && seen.includes(uuid));
  const advice =
    wanted === 'off' || wanted === 'on'
      ? 'Set it with `nvidia-smi -mig`.'
      : 'Create one with `nvidia-smi mig -cgi`.';
  return { status: met ? 'pass' : 'fail', found, wanted, ...(met ? {} : { advice }) };
}

async function checkRuntime(wanted: ParsedText<Range>, host: GpuHost): Promise<Finding> {
  const versions = await runtimeCuda(host);
  const advice = 'Install the runtime library of this CUDA version, or add its folder to LD_LIBRARY_PATH.';
  if (versions.length === 0)
    return { status: 'fail', found: 'no libcudart that the loader finds', wanted: wanted.text, advice };
  const findings = versions.map((version) => checkVersion(version, wanted, advice));
  const best = findings.find(({ status }) => status === 'pass') ?? findings[0];
  return { ...(best as Finding), found: versions.join(', ') };
}

/** Checks that programs of the toolkit run with the driver. A machine that only compiles needs no driver. */
async function checkCompatibility(host: GpuHost, once: Once): Promise<Finding> {
  const wanted = 'a driver that runs what the toolkit compiles';
  const toolkit = await once('toolkit', () => toolkitCuda(host));
  const machine = await once('nvidia', () => findNvidia(host));
  const driver = isObstacle(machine) ? machine : await driverCuda(host);
  if (typeof toolkit !== 'string') return { status: 'skip', found: 'no toolkit to compare', wanted };
  if (typeof driver !== 'string')
    return { status: 'skip', found: `not compared with the toolkit ${toolkit}: ${driver.found}`, wanted };
  const found = `toolkit ${toolkit}, driver for CUDA up to ${driver}`;
  const verdict = compatibility(toolkit, driver);
  if (verdict === undefined) return { status: 'error', found, wanted };
  if (!verdict.met)
    return { status: 'fail', found, wanted, advice: 'Update the driver, or use an older toolkit.' };
  return {
    status: 'pass',
    found,
    wanted,
    ...(verdict.notice === undefined ? {} : { notice: verdict.notice }),
  };
}

async function checkXids(host: GpuHost): Promise<Finding> {
  const wanted = 'no Xid error since the boot';
  const errors = await findXids(host);
  if (isObstacle(errors)) return { ...errors, wanted };
  const { hardware, application, complete } = errors;
  if (hardware.length > 0) {
    const advice =
      'Look the number up in "XID Errors" of docs.nvidia.com, and reset the device or reboot the machine.';
    return { status: 'fail', found: `Xid ${hardware.join(', ')}`, wanted, advice };
  }
  const notices = [
    application.length === 0 ? '' : `Programs caused Xid ${application.join(', ')}, which do not count`,
    complete ? '' : 'the kernel log does not go back to the boot',
  ].filter((notice) => notice !== '');
  return {
    status: 'pass',
    found: 'none',
    wanted,
    ...(notices.length === 0 ? {} : { notice: notices.join('; ') }),
  };
}
