import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findLimit, meetsLimit, moduleState, parameterPath } from '../../src/kernel/kernel.ts';
import { checkKind } from './check-kind.ts';

const isLinux = process.platform === 'linux';

describe.skipIf(!isLinux)('kernel: parameters', () => {
  const read = (path: string) => readFileSync(`/proc/sys/${path}`, 'utf8').trim();
  it.each([
    ['kernel.ostype', 'Linux', 'pass'],
    ['kernel/ostype', 'Linux', 'pass'],
    ['kernel.ostype', 'BSD', 'fail'],
    ['kernel.ostype', '!=BSD', 'pass'],
    ['kernel.ostype', '>=1', 'error'],
    ['vm.max_map_count', '>=1', 'pass'],
    ['vm.max_map_count', '<1', 'fail'],
    ['vm.no_such', '1', 'fail'],
  ])('checks %s against %s: %s', async (name, wanted, status) =>
    expect(await checkKind('kernel', { parameters: { [name]: wanted } })).toMatchObject({ status }),
  );

  it('does not mind how the numbers of one value are separated', async () => {
    const parts = read('kernel/printk').split(/\s+/);
    expect(await checkKind('kernel', { parameters: { 'kernel.printk': parts.join(' ') } })).toMatchObject({
      status: 'pass',
    });
  });

  it('names the commands that set the parameter now and for good', async () => {
    const { advice } = await checkKind('kernel', { parameters: { 'vm.max_map_count': '>=999999999' } });
    expect(advice).toBe(
      `Run 'sudo sysctl -w "vm.max_map_count=999999999"', and add 'vm.max_map_count=999999999' to a file in /etc/sysctl.d.`,
    );
  });

  it.each(['../etc/passwd', 'vm', 'vm..x', 'vm.x/../y', '/vm/x', 'vm.x;y'])(
    'refuses the name %j',
    async (name) => {
      await expect(checkKind('kernel', { parameters: { [name]: 1 } })).rejects.toThrow('a parameter such as');
    },
  );

  it.each(['>=many', '>', ''])('refuses the value %j', async (value) => {
    await expect(checkKind('kernel', { parameters: { 'vm.swappiness': value } })).rejects.toThrow(
      'a comparison',
    );
  });

  it.each([
    ['net.ipv4.conf.eth0/1.forwarding', '/proc/sys/net/ipv4/conf/eth0.1/forwarding'],
    ['net/ipv4/conf/eth0.1/forwarding', '/proc/sys/net/ipv4/conf/eth0.1/forwarding'],
  ])('finds %s at %s', (name, path) => expect(parameterPath(name)).toBe(path));
});

describe('kernel: modules', () => {
  // Documented, not recorded: proc(5) and modprobe(8) describe these lines.
  const loaded =
    'kvm_intel 380928 0 - Live 0x0000000000000000\nbr_netfilter 32768 0 - Live 0x0000000000000000\n';
  const builtin = 'kernel/fs/ext4/ext4.ko\nkernel/drivers/virtio/virtio-pci.ko\n';
  const fileSystems = 'nodev\tsysfs\nnodev\toverlay\n\text3\n';
  it.each([
    ['kvm-intel', 'loaded'],
    ['br_netfilter', 'loaded'],
    ['kvm', 'none'],
    ['ext4', 'built in'],
    ['virtio_pci', 'built in'],
    ['overlay', 'built in'],
  ])('finds %s: %s', (name, state) =>
    expect(moduleState(name, { loaded, builtin, fileSystems, inSys: false })).toBe(state),
  );

  it('does not conclude from a list that is missing', () => {
    const none = { loaded: undefined, builtin: undefined, fileSystems: undefined, inSys: false };
    expect(moduleState('kvm', { ...none, inSys: true })).toBe('built in');
    expect(moduleState('kvm', { ...none, loaded, fileSystems })).toBe('unknown');
    expect(moduleState('overlay', { ...none, fileSystems })).toBe('built in');
  });

  it.skipIf(!isLinux)('does not find a module that does not exist', async () => {
    const { status } = await checkKind('kernel', { modules: ['no_such_module'] });
    expect(['fail', 'error']).toContain(status);
  });
});

describe('kernel: limits', () => {
  // Recorded on Debian 12 with Linux 6.18 after `ulimit -S -n 1024`, shortened.
  const text = `Limit                     Soft Limit           Hard Limit           Units     
Max cpu time              unlimited            unlimited            seconds   
Max stack size            8388608              unlimited            bytes     
Max processes             96551                96551                processes 
Max open files            1024                 20000                files     
`;
  it('reads the soft limit and the hard one', () => {
    expect(findLimit(text, 'nofile')).toEqual({ soft: '1024', hard: '20000' });
    expect(findLimit(text, 'stack')).toEqual({ soft: '8388608', hard: 'unlimited' });
    expect(findLimit(text, 'memlock')).toBeUndefined();
  });

  it.each([
    ['>=', '65536', '1024', false],
    ['>=', '65536', '65536', true],
    ['>=', '65536', 'unlimited', true],
    ['=', '1024', 'unlimited', false],
    ['<=', '1024', 'unlimited', false],
    ['=', 'unlimited', 'unlimited', true],
    ['=', 'unlimited', '18446744073709551615', false],
  ] as const)('compares %s%s with %s: %s', (operator, wanted, found, met) =>
    expect(meetsLimit({ operator, wanted }, found)).toBe(met),
  );

  it.skipIf(!isLinux).each([
    [{ nofile: '>=16' }, 'pass'],
    [{ nofile: '>=999999999999' }, 'fail'],
    [{ stack: '>=4KiB' }, 'pass'],
    [{ sigpending: 'unlimited' }, 'fail'],
  ])('checks %j: %s', async (limits, status) => {
    const finding = await checkKind('kernel', { limits });
    expect(finding.status).toBe(status);
    if (status === 'fail') expect(finding.advice).toMatch(/Limit[A-Z]+=\w+' in the service of the runner/);
  });

  it.each([{ nofiles: '1' }, { nofile: 'many' }, { nofile: '>=unlimited' }])('refuses %j', async (limits) => {
    await expect(checkKind('kernel', { limits })).rejects.toThrow(/nofile|a limit such as/);
  });
});
