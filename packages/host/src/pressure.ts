/**
 * Parses a file of `/proc/pressure` or of a v2 cgroup.
 * @returns the seconds in which `some` or all (`full`) tasks waited; `undefined` without that line, which
 *   older kernels do not write for the CPU. Source: the kernel's page "PSI"
 */
export function parsePressure(text: string, line: 'some' | 'full'): number | undefined {
  const found = text.split('\n').find((each) => each.startsWith(`${line} `));
  const total = /total=(\d+)/.exec(found ?? '')?.[1];
  return total === undefined ? undefined : Number(total) / 1e6;
}
