import { describe, expect, it } from 'vitest';
import { checkAllOf, checkOne, type FakeMachine } from './fake-host.ts';
import * as recorded from './recorded.ts';

const files = { '/dev/kfd': '', '/dev/dri/renderD128': '' };
const mi210: FakeMachine = { files, commands: { 'amd-smi static --json': recorded.mi210 } };
const check = (section: object, machine: FakeMachine) => checkOne({ vendor: 'amd', ...section }, machine);

describe('gpu of AMD', () => {
  it('reads devices and memory from amd-smi', async () => {
    const { count, memory } = await checkAllOf({ vendor: 'amd', count: 1, memory: '64GiB' }, mi210);
    expect(count).toMatchObject({ status: 'pass', found: '1 (AMD Instinct MI210)' });
    expect(memory?.status).toBe('pass');
    expect(await check({ memory: '>=80GiB' }, mi210)).toMatchObject({ status: 'fail' });
  });

  it('reads the list of devices that amd-smi printed before version 26', async () => {
    const { gpu_data: list } = JSON.parse(recorded.mi210) as { gpu_data: object[] };
    const commands = { 'amd-smi static --json': JSON.stringify(list) };
    expect(await check({}, { files, commands })).toMatchObject({ found: '1 (AMD Instinct MI210)' });
  });

  it('does not take the version of the kernel for one of the driver', async () =>
    expect(await check({ driver: '>=6' }, mi210)).toMatchObject({ status: 'error' }));

  it('asks rocm-smi where there is no amd-smi', async () => {
    const machine = { files, commands: { 'rocm-smi': recorded.rx7900 } };
    expect(await check({ memory: '20GiB' }, machine)).toMatchObject({
      status: 'pass',
      found: expect.stringContaining('Radeon RX 7900 XT'),
    });
  });

  it.each([
    [{ ROCR_VISIBLE_DEVICES: '0' }, 'pass', "1 (AMD Instinct MI210), since ROCR_VISIBLE_DEVICES is '0'"],
    [{ HIP_VISIBLE_DEVICES: '1' }, 'fail', "0, since HIP_VISIBLE_DEVICES is '1'"],
    [{ HIP_VISIBLE_DEVICES: '' }, 'fail', "0, since HIP_VISIBLE_DEVICES is ''"],
  ])('counts the devices that the job sees with %j: %s', async (environment, status, found) =>
    expect(await check({}, { ...mi210, environment })).toMatchObject({ status, found }),
  );

  it.each<[string, FakeMachine, string]>([
    ['no driver', { commands: mi210.commands ?? {} }, 'no /dev/kfd'],
    ['no right', { ...mi210, denied: ['/dev/kfd'] }, 'no right to read and write /dev/kfd'],
    [
      'no right to a render node',
      { ...mi210, denied: ['/dev/dri/renderD128'] },
      'no right to read and write /dev/dri/renderD128',
    ],
    ['no render node', { ...mi210, files: { '/dev/kfd': '' } }, 'no /dev/dri/renderD*'],
    ['no tool', { files }, 'neither amd-smi nor rocm-smi on PATH'],
    [
      'a driver that is not loaded',
      { files, commands: { 'amd-smi': { code: 255, stderr: recorded.amdNotLoaded } } },
      'amd-smi without devices (ERROR:root:Unable to get devices, driver not initialized (amdgpu not found in modules))',
    ],
  ])('fails with %s', async (_, machine, found) =>
    expect(await check({}, machine)).toMatchObject({ status: 'fail', found }),
  );

  it('reports an error for an answer that is no JSON', async () =>
    expect(await check({}, { files, commands: { 'amd-smi': 'usage\n' } })).toMatchObject({
      status: 'error',
    }));

  it.each<[string, FakeMachine, string, string]>([
    ['its own file', { files: { '/opt/rocm/.info/version': '6.3.2-66\n' } }, 'pass', '6.3.2'],
    ['amd-smi', { commands: { 'amd-smi version --json': recorded.amdVersion } }, 'pass', '7.0.2'],
    ['nothing', {}, 'fail', 'no ROCm in /opt/rocm'],
  ])('reads the version of ROCm from %s', async (_, machine, status, found) =>
    expect(await check({ rocm: '>=6' }, machine)).toMatchObject({ status, found }),
  );
});
