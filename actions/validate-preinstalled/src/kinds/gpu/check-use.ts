import type { Framework, GpuVendor } from '@runner-actions/manifest';
import type { Finding } from '../kind.ts';
import { askFramework } from './frameworks.ts';
import { containerWays } from './gpu-containers.ts';
import type { GpuHost } from './gpu-host.ts';

const titles = { pytorch: 'PyTorch', tensorflow: 'TensorFlow' } as const;

/** Checks that a framework really computes on a device. */
export async function checkFramework(framework: Framework, host: GpuHost): Promise<Finding> {
  const title = titles[framework];
  const wanted = `${title} that computes on a device`;
  const fail = (found: string, advice: string): Finding => ({ status: 'fail', found, wanted, advice });
  const answer = await askFramework(host, framework);
  if (answer === undefined) return fail('no python3 on PATH', 'Install Python, or add its folder to PATH.');
  if (answer.state === 'absent')
    return fail(
      `no ${title} for PATH's Python`,
      `Install ${title} for this Python, or put its environment on PATH.`,
    );
  if (answer.state === 'broken')
    return fail(
      `${title} that does not work: ${answer.why}`,
      'Install a build for this driver and these devices.',
    );
  const { version, built, devices } = answer;
  if (built === undefined)
    return fail(`${title} ${version}, built without CUDA and ROCm`, 'Install its build for CUDA or ROCm.');
  const found = `${title} ${version} for ${built}, which sees ${devices} ${devices === 1 ? 'device' : 'devices'}`;
  return devices > 0
    ? { status: 'pass', found, wanted }
    : fail(found, 'Check the driver, the libraries that it needs, and CUDA_VISIBLE_DEVICES.');
}

/** Checks that containers can get the devices. */
export async function checkContainers(vendor: GpuVendor, host: GpuHost): Promise<Finding> {
  const wanted = 'devices for containers';
  const ways = await containerWays(host, vendor);
  if (ways.length > 0) return { status: 'pass', found: ways.join(', '), wanted };
  const command =
    vendor === 'nvidia'
      ? '`nvidia-ctk runtime configure --runtime=docker`, or `nvidia-ctk cdi generate --output=/etc/cdi/nvidia.yaml`'
      : '`amd-ctk runtime configure`, or `amd-ctk cdi generate`';
  const found = 'neither a runtime of Docker nor a CDI specification in /etc/cdi or /var/run/cdi';
  return {
    status: 'fail',
    found,
    wanted,
    advice: `Install the vendor's container toolkit and run ${command}.`,
  };
}
