import type { Execution } from '@runner-actions/core';
import { describe, expect, it } from 'vitest';
import { compatibility } from '../../../src/kinds/gpu/cuda.ts';
import { readAnswer } from '../../../src/kinds/gpu/frameworks.ts';
import { parseXids } from '../../../src/kinds/gpu/xid.ts';
import { checkAllOf, checkOne, type FakeMachine } from './fake-host.ts';
import * as recorded from './recorded.ts';

const query = 'nvidia-smi --query-gpu';
const device = { 'nvidia-smi': recorded.h200MigSummary, [query]: recorded.h200 };

describe('CUDA', () => {
  const toolkit = { links: { '/usr/bin/nvcc': '/usr/local/cuda-11.1/bin/nvcc' } };
  const commands = { ...device, nvcc: '', '/usr/bin/nvcc --version': recorded.nvcc };

  it('never takes one of its three versions for another', async () => {
    const links = { ...toolkit.links, '/usr/local/cuda/lib64/libcudart.so.11.0': '/x/libcudart.so.11.8.89' };
    const section = { cuda: { driver: '13.1', toolkit: '11.1', runtime: '11.8' } };
    const findings = await checkAllOf(section, { commands, links });
    expect(Object.entries(findings).map(([name, { status, found }]) => [name, status, found])).toEqual([
      ['cuda driver', 'pass', '13.1'],
      ['cuda toolkit', 'pass', '11.1.105'],
      ['cuda runtime', 'pass', '11.8.89'],
      ['cuda compatibility', 'pass', 'toolkit 11.1.105, driver for CUDA up to 13.1'],
    ]);
  });

  it('reads the version of the driver under the name that it has since driver 610', async () => {
    const newer = { commands: { 'nvidia-smi': recorded.summary610, [query]: recorded.rtx2080 } };
    expect(await checkOne({ cuda: { driver: '13.3' } }, newer)).toMatchObject({
      status: 'pass',
      found: '13.3',
    });
  });

  it('reads the toolkit from version.json, without a process', async () => {
    const files = { '/usr/local/cuda-11.1/version.json': '{"cuda":{"name":"CUDA SDK","version":"12.1.1"}}' };
    const machine = { commands: { nvcc: '' }, ...toolkit, files };
    expect((await checkAllOf({ cuda: { toolkit: '12' } }, machine))['cuda toolkit']?.found).toBe('12.1.1');
  });

  it.each<[object, FakeMachine, string]>([
    [{ toolkit: '12' }, {}, 'no nvcc on PATH, in CUDA_HOME or in /usr/local/cuda'],
    [{ runtime: '12' }, {}, 'no libcudart that the loader finds'],
  ])('fails without what %j asks for', async (cuda, machine, found) =>
    expect(await checkOne({ cuda }, machine)).toMatchObject({ status: 'fail', found }),
  );

  it('does not compare with a driver on a machine that only compiles', async () => {
    const machine = { commands: { nvcc: '', '/usr/bin/nvcc --version': recorded.nvcc }, ...toolkit };
    const findings = await checkAllOf({ cuda: { toolkit: '11' } }, machine);
    expect(findings['cuda toolkit']?.status).toBe('pass');
    expect(findings['cuda compatibility']?.status).toBe('skip');
  });

  it.each([
    ['12.1', '13.1', true],
    ['12.4', '12.4', true],
    ['12.4.131', '12.2', true],
    ['13.0', '12.9', false],
    ['11.0', '10.2', false],
    ['10.2', '10.1', false],
  ])('judges the toolkit %s with a driver for %s: %s', (toolkit, driver, met) =>
    expect(compatibility(toolkit, driver)?.met).toBe(met),
  );

  it('says what minor-version compatibility lacks', () => {
    expect(compatibility('12.4', '12.2')).toMatchObject({ notice: expect.stringContaining('PTX') });
    expect(compatibility('12.2', '12.4')).not.toHaveProperty('notice');
  });
});

describe('Xid errors', () => {
  const later = '[ 5000.000000] something\n';
  // Recorded from util-linux 2.38 as a user without rights; the hint is that of systemd's journalctl.
  const unreadable = { code: 1, stderr: 'dmesg: read kernel buffer failed: Operation not permitted\n' };
  const hint =
    "Hint: You are currently not seeing messages from other users and the system.\n      Users in groups 'adm', 'systemd-journal' can see all messages.\n";

  it.each<[string, FakeMachine['commands'], string, string]>([
    ['a log without any', { dmesg: recorded.bootLine }, 'pass', 'none'],
    ['a lost device', { dmesg: recorded.bootLine + recorded.xid79 }, 'fail', 'Xid 79'],
    [
      'a lost device without a number',
      { dmesg: recorded.bootLine + recorded.lostWithoutXid },
      'fail',
      'Xid 79',
    ],
    ['an error in a buffer that has lost its start', { dmesg: later + recorded.xid79 }, 'fail', 'Xid 79'],
    [
      'a journal that goes back further',
      { dmesg: later, journalctl: recorded.bootLine + recorded.xid79 },
      'fail',
      'Xid 79',
    ],
    [
      'a log that the user may not read',
      { dmesg: unreadable, journalctl: { code: 0, stdout: '-- No entries --\n', stderr: hint } },
      'error',
      'a kernel log that this user cannot read (dmesg: read kernel buffer failed: Operation not permitted)',
    ],
    ['no program that reads it', {}, 'error', 'a kernel log that this user cannot read'],
  ])('judges %s', async (_, commands, status, found) =>
    expect(await checkOne({ xid: 'none' }, { commands: commands ?? {} })).toMatchObject({ status, found }),
  );

  it('tells errors that a program caused, and does not count them', async () => {
    expect(parseXids(recorded.xid45)).toMatchObject({ hardware: [], application: ['45'] });
    const finding = await checkOne(
      { xid: 'none' },
      { commands: { dmesg: recorded.bootLine + recorded.xid45 } },
    );
    expect(finding).toMatchObject({ status: 'pass', notice: expect.stringContaining('Xid 45') });
  });

  it('says when the log does not go back to the boot', async () => {
    const finding = await checkOne({ xid: 'none' }, { commands: { dmesg: later } });
    expect(finding).toMatchObject({ status: 'pass', notice: 'the kernel log does not go back to the boot' });
  });
});

describe('frameworks', () => {
  const ended = (given: Partial<Execution>): Execution => ({
    ...{ status: 'exited', code: 0, signal: null, stdout: '', stderr: '', truncated: false, milliseconds: 1 },
    ...given,
  });
  const line = (answer: object): string => `noise\nrunner-actions-gpu ${JSON.stringify(answer)}\n`;

  it.each<[Partial<Execution>, object]>([
    [{ stdout: line({ state: 'absent' }) }, { state: 'absent' }],
    [
      { stdout: line({ state: 'ready', version: '2.4.0', built: '12.4', devices: 1 }) },
      { state: 'ready', built: '12.4', devices: 1 },
    ],
    [{ stdout: line({ state: 'ready', version: '2.4.0', built: null, devices: 0 }) }, { built: undefined }],
    [{ stdout: line({ state: 'broken', why: 'OSError: x' }) }, { state: 'broken', why: 'OSError: x' }],
    [{ stdout: line({ state: 'odd' }) }, { state: 'broken' }],
    [
      { status: 'signalled', code: null, signal: 'SIGILL' },
      { state: 'broken', why: 'Python was killed by SIGILL' },
    ],
    [
      { status: 'timed-out', code: null },
      { state: 'broken', why: 'no answer in time' },
    ],
    [
      { code: 1, stderr: 'a\nImportError: b\n' },
      { state: 'broken', why: 'Python ended with 1: ImportError: b' },
    ],
  ])('reads the answer %j', (execution, state) => expect(readAnswer(ended(execution))).toMatchObject(state));

  it.each([
    [{ state: 'absent' }, 'fail', "no PyTorch for PATH's Python"],
    [
      { state: 'ready', version: '2.4.0', built: null, devices: 0 },
      'fail',
      'PyTorch 2.4.0, built without CUDA and ROCm',
    ],
    [
      { state: 'ready', version: '2', built: '12.4', devices: 0 },
      'fail',
      'PyTorch 2 for 12.4, which sees 0 devices',
    ],
    [
      { state: 'ready', version: '2', built: '12.4', devices: 1 },
      'pass',
      'PyTorch 2 for 12.4, which sees 1 device',
    ],
    [{ state: 'broken', why: 'RuntimeError: x' }, 'fail', 'PyTorch that does not work: RuntimeError: x'],
  ])('judges %j: %s', async (answer, status, found) =>
    expect(
      await checkOne({ frameworks: ['pytorch'] }, { commands: { python3: line(answer) } }),
    ).toMatchObject({
      status,
      found,
    }),
  );

  it('fails without Python', async () =>
    expect(await checkOne({ frameworks: ['tensorflow'] }, {})).toMatchObject({
      status: 'fail',
      found: 'no python3 on PATH',
    }));
});

describe('containers', () => {
  it.each<[FakeMachine, string, string]>([
    [
      { commands: { docker: '{"nvidia":{"path":"nvidia-container-runtime"},"runc":{"path":"runc"}}' } },
      'pass',
      "Docker's runtime 'nvidia'",
    ],
    [
      { files: { '/etc/cdi/nvidia.yaml': '---\ncdiVersion: 0.5.0\nkind: nvidia.com/gpu\n' } },
      'pass',
      'CDI in /etc/cdi/nvidia.yaml',
    ],
    [{ files: { '/var/run/cdi/a.json': '{"kind":"nvidia.com/gpu"}' } }, 'pass', 'CDI in /var/run/cdi/a.json'],
    [
      { files: { '/etc/cdi/x.yaml': 'kind: vendor.com/net\n' }, commands: { docker: '{"runc":{}}' } },
      'fail',
      'neither',
    ],
    [{ commands: { docker: { code: 1, stderr: 'Cannot connect' } } }, 'fail', 'neither'],
  ])('finds how containers get the devices: %j', async (machine, status, found) =>
    expect(await checkOne({ containers: true }, machine)).toMatchObject({
      status,
      found: expect.stringContaining(found),
    }),
  );
});
