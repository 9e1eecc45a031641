import { expect, it } from 'vitest';
import { parseCpu, parseMemory, parseNetwork, parsePressure } from '../../src/sampling/counters.ts';

it('parseCpu returns seconds, counts interrupts as system time, and does not count guest time twice', () => {
  const text = 'cpu  100 50 200 1000 30 20 30 40 99 99\ncpu0 1 1 1 1 1 1 1 1 1 1\n';
  expect(parseCpu(text)).toEqual({ user: 1.5, system: 2.5, iowait: 0.3, steal: 0.4, idle: 10 });
  expect(parseCpu('')).toBeUndefined();
});

it('parseMemory counts memory that is not available as used', () => {
  const text = 'MemTotal:        1000 kB\nMemFree:          10 kB\nMemAvailable:    600 kB\n';
  expect(parseMemory(text)).toEqual({ usedBytes: 400 * 1024, totalBytes: 1000 * 1024 });
  expect(parseMemory('MemTotal: 5 kB\n')).toBeUndefined();
});

it('parseNetwork counts only interfaces that lead out of the machine', () => {
  const row = (name: string, received: number, sent: number): string =>
    `${name}: ${received} 1 0 0 0 0 0 0 ${sent} 1 0 0 0 0 0 0\n`;
  const head = 'Inter-|   Receive                |  Transmit\n face |bytes    packets|bytes packets\n';
  const all = ['lo', 'veth12ab', 'docker0', 'br-99', 'virbr0'].map((name) => row(name, 1e9, 1e9)).join('');
  expect(parseNetwork(head + all + row('  eth0', 100, 7) + row('wlan0', 20, 3))).toEqual({
    receivedBytes: 120,
    sentBytes: 10,
  });
  expect(parseNetwork(head + all)).toBeUndefined();
});

it('parsePressure returns the seconds of a line', () => {
  const text = 'some avg10=0.00 avg60=0.00 avg300=0.00 total=2500000\nfull avg10=0.00 total=500000\n';
  expect(parsePressure(text, 'some')).toBe(2.5);
  expect(parsePressure(text, 'full')).toBe(0.5);
  expect(parsePressure('', 'some')).toBeUndefined();
});
