import { describe, expect, it } from 'vitest';
import {
  parseIostat,
  parseMemorySize,
  parseNetstat,
  parseSwapUsage,
  parseVmStat,
} from '../src/macos-counters.ts';
import { portableCounters, type Programs } from '../src/portable-counters.ts';
import { columnsOf, parsePerformanceLine, performanceSums, timeOf } from '../src/windows-counters.ts';
import * as recorded from './recorded-portable.ts';

describe('macOS', () => {
  it('parseVmStat counts what Activity Monitor calls used', () => {
    expect(parseVmStat(recorded.vmStat)).toBe((464_333 - 11_820 + 715_958) * 4096);
    expect(parseVmStat(recorded.vmStat.replace('4096', '16384'))).toBe((464_333 - 11_820 + 715_958) * 16_384);
    expect(parseVmStat(recorded.vmStat.replace('Anonymous', 'Other'))).toBeUndefined();
    expect(parseVmStat('')).toBeUndefined();
  });

  it('parseMemorySize and parseSwapUsage read sysctl', () => {
    const text = recorded.sysctl;
    expect(parseMemorySize(text)).toBe(2 ** 33);
    expect(parseSwapUsage(text)).toEqual({ totalBytes: 2 ** 32, usedBytes: 2743.5 * 2 ** 20 });
    expect(parseMemorySize('')).toBeUndefined();
    expect(parseSwapUsage(text.replaceAll(/(\d)\.(\d)/g, '$1,$2'))?.usedBytes).toBe(2743.5 * 2 ** 20);
    expect(parseSwapUsage('vm.swapusage: none')).toBeUndefined();
  });

  it('parseNetstat counts an interface once, and none that repeats another', () => {
    expect([...parseNetstat(recorded.netstat)]).toEqual([['en0', [13_309_516_362, 11_363_839_527]]]);
    // Rows of other interfaces, made in the same form.
    const repeats = ['bridge0', 'utun0', 'awdl0', 'llw0', 'ap1', 'vmenet0', 'vlan0', 'english'];
    const rows = repeats.map((name) => `${name} 1500 <Link#9> 0a:6f:1c:16:16:ac 5 0 5 5 0 5 0\n`).join('');
    expect(parseNetstat(recorded.netstat + rows).size).toBe(1);
    expect([...parseNetstat('en5* 1500 <Link#9> 5 0 7 5 0 8 0\n')]).toEqual([['en5', [7, 8]]]);
    expect(parseNetstat('en0 1500 <Link#4>\n').size).toBe(0);
  });

  it('parseIostat reads each disk', () => {
    expect([...parseIostat(recorded.iostat)]).toEqual([['disk0', 686_874.89 * 2 ** 20]]);
    const two = 'disk0 disk4\nKB/t xfrs MB KB/t xfrs MB\n26.66 5 1.5 133.54 89 11.5\n';
    expect([...parseIostat(two).values()]).toEqual([1.5 * 2 ** 20, 11.5 * 2 ** 20]);
    for (const text of ['', 'disk0\nKB/t xfrs MB\n', 'disk0 disk1\nx\n1 2 3\n'])
      expect(parseIostat(text).size).toBe(0);
  });
});

/** Lines of typeperf, made in the form of Microsoft's page with the counters that we ask for. */
const header = (adapters: readonly string[]): string =>
  `"(PDH-CSV 4.0)",${[
    ...['Read', 'Write'].map((kind) => String.raw`"\\HOST\PhysicalDisk(_Total)\Disk ${kind} Bytes/sec"`),
    ...['Received', 'Sent'].flatMap((kind) =>
      adapters.map((name) => String.raw`"\\HOST\Network Interface(${name})\Bytes ${kind}/sec"`),
    ),
  ].join(',')}`;
const line = (time: string, ...rates: (number | string)[]): string =>
  `"11/27/2026 ${time}",${rates.map((rate) => `"${rate}"`).join(',')}`;

describe('Windows', () => {
  it('adds up rates over the time between lines', () => {
    const sums = performanceSums(2_000);
    expect(sums.sums()).toBeUndefined();
    sums.add('');
    sums.add(header(['Intel[R] Ethernet']));
    sums.add(line('09:00:00.000', '900.0', '900.0', '900.0', '900.0'));
    sums.add(line('09:00:02.000', '100.5', ' ', '1000.000000', '10.0'));
    sums.add(line('09:00:05.000', '100.0', '7', '1000.000000', '-1'));
    sums.add('Exiting, please wait...');
    expect(sums.sums()).toEqual({
      disk: { readBytes: 501, writtenBytes: 21 },
      network: { receivedBytes: 5_000, sentBytes: 20 },
    });
  });

  it('takes a jump of the clock for one interval', () => {
    const sums = performanceSums(2_000);
    sums.add(header(['A']));
    for (const time of ['02:59:59.000', '02:00:01.000', '04:00:01.000']) sums.add(line(time, 1, 1, 10, 1));
    expect(sums.sums()?.network?.receivedBytes).toBe(40);
  });

  it('leaves out adapters that send through another, unless there is no other', () => {
    const adapters = [
      'Intel[R] Ethernet',
      'WireGuard Tunnel',
      'Hyper-V Virtual Ethernet Adapter',
      'isatap.{1}',
    ];
    const counted = (names: string[]) =>
      columnsOf(parsePerformanceLine(header(names))!).map((kind) => kind ?? '-');
    expect(counted(adapters)).toEqual([
      '-',
      'read',
      'written',
      'received',
      '-',
      '-',
      '-',
      'sent',
      '-',
      '-',
      '-',
    ]);
    expect(counted(adapters.slice(1, 2))).toEqual(['-', 'read', 'written', 'received', 'sent']);
    expect(counted(['Microsoft Hyper-V Network Adapter'])).toContain('received');
  });

  it('reads the lines of Microsoft’s page, of which no counter is ours', () => {
    const sums = performanceSums(3_000);
    for (const each of recorded.typeperf.split('\n')) sums.add(each);
    expect(sums.sums()).toEqual({});
    expect(timeOf('09/15/2016 09:20:59.002')! - timeOf('09/15/2016 09:20:56.002')!).toBe(3_000);
    expect(timeOf('Exiting')).toBeUndefined();
  });
});

describe('portableCounters', () => {
  const outputs: Record<string, string> = {
    '/usr/bin/vm_stat': recorded.vmStat,
    '/usr/sbin/sysctl': recorded.sysctl,
    '/usr/sbin/netstat': recorded.netstat,
    '/usr/sbin/iostat': recorded.iostat,
  };
  const macos = (run: Programs['run']) => {
    const clock = { time: 0 };
    const follow = () => ({ ending: () => undefined, close: () => undefined });
    const counters = portableCounters('darwin', 2_000, { run, follow, now: () => clock.time })!;
    return { clock, counters };
  };
  /** Lets the answers of programs, which are there at once, be read. */
  const settle = () => new Promise((resolve) => setImmediate(resolve));

  it('reads macOS in the background, and never while a reading is under way', async () => {
    const started: string[] = [];
    const { clock, counters } = macos(async ([program = '']) => {
      started.push(program);
      return outputs[program];
    });
    expect(counters.read()).toBeUndefined();
    counters.read();
    await settle();
    expect(started).toHaveLength(4);
    clock.time = 4_000;
    expect(counters.read()).toMatchObject({
      age: 4_000,
      memory: { totalBytes: 2 ** 33 },
      swap: { totalBytes: 2 ** 32 },
      network: { receivedBytes: 13_309_516_362, sentBytes: 11_363_839_527 },
      disk: { transferredBytes: 686_874.89 * 2 ** 20 },
    });
    await settle();
    expect(started).toHaveLength(4);
    expect(counters.note()).toBeUndefined();
    clock.time = 5_000;
    counters.read();
    await settle();
    expect(started).toHaveLength(8);
    counters.close();
    clock.time = 20_000;
    counters.read();
    expect(started).toHaveLength(8);
  });

  it('leaves out what a program of macOS does not tell', async () => {
    const { counters } = macos(async ([program = '']) =>
      program.endsWith('sysctl') ? undefined : outputs[program],
    );
    counters.read();
    await settle();
    expect(Object.keys(counters.read()!).sort()).toEqual(['age', 'disk', 'network']);
    expect(counters.note()).toBe('A program of macOS failed. Not measured: memory.');
  });

  it('gives nothing, and says so, when the programs of macOS hang', async () => {
    let hangs = false;
    const { clock, counters } = macos(([program = '']) =>
      hangs ? new Promise(() => undefined) : Promise.resolve(outputs[program]),
    );
    counters.read();
    await settle();
    [hangs, clock.time] = [true, 30_000];
    expect(counters.read()?.age).toBe(30_000);
    clock.time = 30_001;
    expect(counters.read()).toBeUndefined();
    expect(counters.note()).toContain('do not answer');
  });

  it('follows one typeperf on Windows, and says why it ended', () => {
    const clock = { time: 0 };
    let [argv, ending, isClosed]: [readonly string[], string | undefined, boolean] = [[], undefined, false];
    let say: (line: string) => boolean = () => false;
    const counters = portableCounters('win32', 2_400, {
      run: async () => undefined,
      now: () => clock.time,
      follow: (given, onLine) => {
        [argv, say] = [given, onLine];
        return { ending: () => ending, close: () => void (isClosed = true) };
      },
    })!;
    expect(argv.slice(-2)).toEqual(['-si', '2']);
    expect(counters.read()).toBeUndefined();
    for (const each of [header(['A']), line('09:00:00.000', 1, 1, 1, 1), line('09:00:02.000', 1, 2, 3, 4)])
      say(each);
    clock.time = 1_000;
    expect(counters.read()).toEqual({
      ...{ age: 1_000, disk: { readBytes: 2, writtenBytes: 4 }, network: { receivedBytes: 6, sentBytes: 8 } },
    });
    clock.time = 31_000;
    expect(counters.read()).toBeUndefined();
    ending = 'typeperf.exe ended with code 1: Error: No valid counters.';
    expect(counters.note()).toContain('Windows is not English');
    counters.close();
    expect(isClosed).toBe(true);
  });

  it('is not there for Linux', () => {
    expect(portableCounters('linux', 2_000)).toBeUndefined();
  });
});
