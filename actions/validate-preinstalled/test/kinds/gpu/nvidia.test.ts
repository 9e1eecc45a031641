import { describe, expect, it } from 'vitest';
import { findNvidia } from '../../../src/kinds/gpu/nvidia.ts';
import { loadedDriver } from '../../../src/kinds/gpu/nvidia-driver-files.ts';
import { parseQuery } from '../../../src/kinds/gpu/nvidia-output.ts';
import { requirementsOf } from '../check-kind.ts';
import { checkAllOf, checkOne, fakeHost } from './fake-host.ts';
import * as recorded from './recorded.ts';

const query = 'nvidia-smi --query-gpu';
const h200 = { commands: { [query]: recorded.h200 } };
const rtx2080 = { commands: { [query]: recorded.rtx2080 } };
const mig = {
  commands: {
    'nvidia-smi': recorded.h200MigSummary,
    [query]: recorded.h200Mig,
    'nvidia-smi -L': recorded.h200MigList,
  },
};

describe('gpu of NVIDIA', () => {
  it.each([
    [{}, h200, 'pass', '1 (NVIDIA H200)'],
    [{ count: 2 }, h200, 'fail', '1 (NVIDIA H200)'],
    [{ memory: '>=141GiB' }, h200, 'pass', /counts as 141.0 GiB/],
    [{ memory: '>=10GiB' }, rtx2080, 'fail', 'NVIDIA GeForce RTX 2080 SUPER: 8.0 GiB'],
    [{ driver: '>=535' }, h200, 'pass', '590.48.01'],
    [{ driver: '<535' }, h200, 'fail', '590.48.01'],
    [{ compute: '>=8.0' }, h200, 'pass', 'NVIDIA H200: 9.0'],
    [{ compute: '>=8.0' }, rtx2080, 'fail', 'NVIDIA GeForce RTX 2080 SUPER: 7.5'],
    [{ ecc: 'on' }, h200, 'pass', 'on'],
    [{ ecc: 'on' }, rtx2080, 'fail', /^not available on device 0/],
    [{ ecc: 'off' }, rtx2080, 'pass', 'off'],
    [{ persistence: 'on' }, h200, 'pass', 'on'],
    [{ persistence: 'on' }, rtx2080, 'fail', /^off on device 0/],
    [{ mig: 'off' }, rtx2080, 'pass', 'off'],
    [{ mig: 'on' }, h200, 'fail', 'off'],
    [{ mig: 'on' }, mig, 'pass', /instances: 1c.3g.71gb, /],
    [{ mig: '2g.35gb' }, mig, 'pass', /2g.35gb/],
    [{ mig: '7g.141gb' }, mig, 'fail', /2g.35gb/],
  ])('checks %j', async (section, machine, status, found) =>
    expect(await checkOne(section, machine)).toMatchObject({
      status,
      found: typeof found === 'string' ? found : expect.stringMatching(found),
    }),
  );

  it('makes a requirement of each key, and asks nvidia-smi once for all', async () => {
    const findings = await checkAllOf({ count: 1, memory: '80GiB', compute: '9', mig: 'any' }, h200);
    expect(Object.keys(findings)).toEqual(['count', 'memory', 'compute']);
    expect(Object.values(findings).map(({ status }) => status)).toEqual(['pass', 'pass', 'pass']);
  });

  it('fails for uncorrected ECC errors although ECC is on', async () => {
    const csv = recorded.h200.replace('Enabled, Enabled, 0,', 'Enabled, Enabled, 2,');
    expect(await checkOne({ ecc: 'on' }, { commands: { [query]: csv } })).toMatchObject({
      status: 'fail',
      found: 'on, with uncorrected errors: 2 on device 0',
    });
  });

  it('asks again without a field that an old driver does not know', async () => {
    const without = recorded.h200.replace(', compute_cap', '').replace(', 9.0', '');
    const old = {
      commands: {
        [query]: without,
        [`${query}=index,uuid,name,driver_version,memory.total,persistence_mode,ecc.mode.current,ecc.errors.uncorrected.volatile.total,mig.mode.current,compute_cap`]:
          { code: 2, stdout: recorded.unknownCompute },
      },
    };
    const host = fakeHost(old);
    expect(await findNvidia(host)).toMatchObject({ devices: [{ name: 'NVIDIA H200', compute: undefined }] });
    expect(host.asked).toHaveLength(2);
    expect(await checkOne({ compute: '>=8' }, old)).toMatchObject({ status: 'error' });
  });

  it('finds columns by their names, in any order and number', () => {
    const [gpu] = parseQuery(
      'compute_cap, fan.speed [%], name, memory.total [MiB]\n9.0, [Not Supported], H200, 10 MiB\n',
    );
    expect(gpu).toMatchObject({ compute: '9.0', name: 'H200', bytes: 10 * 2 ** 20, driver: undefined });
  });

  it.each([
    [{ code: 9, stdout: recorded.notLoaded }, 'fail', /^the NVIDIA driver is not loaded/, /modprobe/],
    [{ code: 18, stdout: recorded.mismatch }, 'fail', /^a driver and an NVML library of different/, /Reboot/],
    [{ code: 15, stdout: recorded.lost }, 'fail', /^a device that has fallen off the bus/, /Reboot/],
    // Not all versions set the code of a lost device.
    [{ code: 0, stdout: recorded.lost }, 'fail', /^a device that has fallen off the bus/, /Reboot/],
    [{ code: 6, stdout: '' }, 'fail', /^no NVIDIA device/, /./],
    [{ code: 12, stdout: '' }, 'fail', /^no NVML library/, /utility/],
    [{ code: 14, stdout: '' }, 'fail', /infoROM/, /Reset/],
    [{ code: 255, stdout: 'odd\n' }, 'error', /^nvidia-smi ended with 255 \(odd\)/, /run `nvidia-smi`/],
    [{ code: 0, stdout: '' }, 'error', /without devices/, /run `nvidia-smi`/],
  ])('explains %j', async (answer, status, found, advice) =>
    expect(await checkOne({}, { commands: { [query]: answer } })).toMatchObject({
      status,
      found: expect.stringMatching(found),
      advice: expect.stringMatching(advice),
    }),
  );

  it.each([
    [{}, 'no nvidia-smi on PATH'],
    [{ platform: 'darwin' as const }, 'macOS, which has no NVIDIA driver'],
    [
      { environment: { NVIDIA_VISIBLE_DEVICES: 'void' } },
      "no nvidia-smi on PATH, since NVIDIA_VISIBLE_DEVICES is 'void'",
    ],
  ])('fails without a driver: %j', async (machine, found) =>
    expect(await checkOne({}, machine)).toMatchObject({ status: 'fail', found }),
  );
});

describe('gpu of NVIDIA before a process starts', () => {
  const library = '/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.1';

  it('finds a library of another version than the loaded driver', async () => {
    const host = fakeHost({
      ...h200,
      files: { '/proc/driver/nvidia/version': recorded.loaded580 },
      links: { [library]: '/usr/lib/x86_64-linux-gnu/libnvidia-ml.so.580.178.04' },
    });
    const found = 'the driver 580.173.02, but its library libnvidia-ml.so.1 is of 580.178.04';
    expect(await findNvidia(host)).toMatchObject({ status: 'fail', found });
    expect(host.asked).toEqual([]);
  });

  it('finds a device file that the user may not open', async () => {
    const machine = {
      ...h200,
      files: { '/proc/driver/nvidia/version': recorded.loaded580, '/dev/nvidiactl': '' },
      denied: ['/dev/nvidia0'],
    };
    expect(await checkOne({}, machine)).toMatchObject({ found: 'no right to read and write /dev/nvidia0' });
  });

  it.each([
    [recorded.loaded580, '580.173.02'],
    [recorded.openModule, '570.158.01'],
    ['', undefined],
  ])('reads the version of the loaded driver from %j', (text, version) =>
    expect(loadedDriver(text)).toBe(version),
  );
});

describe('devices that the job sees', () => {
  it('judges the memory of each MIG instance, not that of the whole device', async () => {
    expect(await checkOne({ count: 5 }, mig)).toMatchObject({ status: 'pass' });
    expect(await checkOne({ memory: '>=32GiB' }, mig)).toMatchObject({ status: 'fail' });
    const { count, memory } = await checkAllOf({ count: 3, memory: '>=32GiB' }, mig);
    expect([count?.status, memory?.status]).toEqual(['pass', 'pass']);
    expect((await checkAllOf({ count: 4, memory: '>=32GiB' }, mig))['memory']?.status).toBe('fail');
  });

  it.each([
    ['', 0],
    ['-1', 0],
    ['0', 0],
    ['MIG-00000002', 1],
    ['MIG-00000002-0000-0000-0000-000000000002,MIG-00000003', 2],
    ['MIG-none,MIG-00000003', 0],
  ])('counts MIG instances with CUDA_VISIBLE_DEVICES=%j: %d', async (value, count) => {
    const finding = await checkOne({ count: 1 }, { ...mig, environment: { CUDA_VISIBLE_DEVICES: value } });
    expect(finding.found).toMatch(new RegExp(`^${count}\\b.*since CUDA_VISIBLE_DEVICES is '${value}'$`));
  });

  it('wants a MIG profile among the instances that the job sees', async () => {
    const check = (value: string) =>
      checkOne({ mig: '2g.35gb' }, { ...mig, environment: { CUDA_VISIBLE_DEVICES: value } });
    expect((await check('MIG-00000002')).status).toBe('pass');
    expect((await check('MIG-00000003')).status).toBe('fail');
  });

  it('does not guess which of two models a number means', async () => {
    const [head, row = ''] = recorded.h200.split('\n');
    const other = '1, GPU-1, NVIDIA T4, 590.48.01, 15360 MiB, Enabled, Enabled, 0, [N/A], 7.5';
    const commands = { [query]: [head, row, other].join('\n') };
    const check = (environment: Record<string, string>) =>
      checkOne(
        { memory: '>=80GiB' },
        { commands, environment: { CUDA_VISIBLE_DEVICES: '0', ...environment } },
      );
    expect((await check({})).status).toBe('fail');
    expect((await check({ CUDA_DEVICE_ORDER: 'PCI_BUS_ID' })).status).toBe('pass');
  });
});

describe('section gpu', () => {
  it.each([
    [
      {
        ...{ vendor: 'nvidia', count: '>=1', memory: '>=40GiB', driver: '>=535', compute: '>=8.0' },
        ...{ cuda: { driver: '>=12.4', toolkit: '>=12.4' }, mig: 'any', ecc: 'on', xid: 'none' },
        ...{ persistence: 'on', frameworks: ['pytorch', 'tensorflow'], containers: true },
        ...{ severity: 'warn', timeout: '20s', when: { os: 'linux' } },
      },
    ],
    [{ mig: '1g.10gb' }],
    [{ mig: '1c.3g.71gb' }],
    [{ mig: '1g.10gb+me' }],
    [{ vendor: 'amd', rocm: '>=6' }],
    [{ cuda: { driver: '>=12.4', toolkit: '>=12.4', runtime: '12' }, frameworks: ['pytorch'] }],
  ])('accepts %j', async (part) => expect((await requirementsOf('gpu', part)).length).toBeGreaterThan(0));

  it.each([
    [{ vendor: 'amd', compute: '>=8' }],
    [{ rocm: '>=6' }],
    [{ mig: 'maybe' }],
    [{ xid: 'some' }],
    [{ frameworks: ['jax'] }],
    [{ memory: 'much' }],
  ])('rejects %j', async (part) => expect(requirementsOf('gpu', part)).rejects.toThrow('expected'));
});
