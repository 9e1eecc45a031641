import { firstLine, type GpuHost, type Obstacle } from './gpu-host.ts';

/** Errors that NVIDIA's driver wrote to the kernel log, by number. */
export interface XidErrors {
  hardware: readonly string[];
  /** Errors that a program of an earlier job caused by itself. They say nothing about the device. */
  application: readonly string[];
  /** Whether the log goes back to the boot. */
  complete: boolean;
}

/**
 * Xids that a user's program alone causes: graphics engine exception, page fault, reset channel, preemptive clean-up.
 * Source: docs.nvidia.com/deploy/xid-errors.
 */
const ofPrograms = new Set(['13', '31', '43', '45']);

/** Reads the kernel log since the boot for Xid errors: the kernel's own buffer, or the journal if that is not enough. */
export async function findXids(host: GpuHost): Promise<XidErrors | Obstacle> {
  const buffer = await host.run('dmesg', []);
  const readable = buffer?.code === 0 && buffer.stdout !== '' && !buffer.truncated;
  const own = readable ? parseXids(buffer.stdout) : undefined;
  if (own !== undefined && (own.complete || own.hardware.length > 0)) return own;
  const journal = await host.run('journalctl', [
    '--dmesg',
    '--boot',
    '--output=short-monotonic',
    '--no-pager',
  ]);
  // A user who may not read the kernel's messages gets an empty journal and a hint, without an error.
  const isRead = journal?.code === 0 && /^\[/.test(journal.stdout) && !journal.truncated;
  if (isRead) return parseXids(journal.stdout);
  if (own !== undefined) return own;
  const why = [buffer, journal].map((one) => firstLine(one?.stderr ?? '')).find((line) => line !== '');
  return {
    status: 'error',
    found: `a kernel log that this user cannot read${why === undefined ? '' : ` (${why})`}`,
    advice: "Add the runner's user to the group systemd-journal or adm, or set kernel.dmesg_restrict to 0.",
  };
}

const mark = 'NVRM: Xid (';
/** Characters of a device's name, such as `PCI:0000:3b:00`. */
const longestDevice = 40;

/** Returns the number of a line such as `NVRM: Xid (PCI:0000:3b:00): 79, …`. */
function xidIn(line: string): string | undefined {
  const start = line.indexOf(mark) + mark.length;
  const end = line.indexOf('): ', start);
  if (start < mark.length || end <= start || end - start > longestDevice) return undefined;
  return /^\d{1,4}/.exec(line.slice(end + 3))?.[0];
}

/** Parses the kernel log. The driver also reports a lost device without a number, which is Xid 79. */
export function parseXids(log: string): XidErrors {
  const lines = log.split('\n');
  const found = lines.flatMap((line) => {
    if (!line.includes('NVRM: ')) return [];
    const number = xidIn(line);
    return number ?? (line.includes('fallen off the bus') ? '79' : []);
  });
  const unique = [...new Set(found)];
  const first = /^\[ *(\d+)\.\d+\]/.exec(lines[0] ?? '')?.[1];
  return {
    hardware: unique.filter((number) => !ofPrograms.has(number)),
    application: unique.filter((number) => ofPrograms.has(number)),
    complete: first !== undefined && Number(first) === 0,
  };
}
