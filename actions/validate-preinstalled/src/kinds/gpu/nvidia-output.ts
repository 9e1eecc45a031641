/** One GPU as `nvidia-smi --query-gpu` describes it. A column that is missing or has no value is `undefined`. */
export interface NvidiaGpu {
  index: string;
  uuid: string;
  name: string;
  driver: string | undefined;
  bytes: number | undefined;
  compute: string | undefined;
  mig: string | undefined;
  ecc: string | undefined;
  uncorrected: number | undefined;
  persistence: string | undefined;
}

/** A MIG instance. `device` is its number on its GPU. */
export interface MigInstance {
  gpu: string;
  device: string;
  profile: string;
  uuid: string;
}

/** Fields to query, the optional ones last. Source: `nvidia-smi --help-query-gpu`. */
export const queryFields = [
  ...['index', 'uuid', 'name', 'driver_version', 'memory.total'],
  ...['persistence_mode', 'ecc.mode.current', 'ecc.errors.uncorrected.volatile.total'],
  ...['mig.mode.current', 'compute_cap'],
] as const;

/** Returns the field that this version of nvidia-smi does not know; `undefined` if that is not its complaint. */
export function unknownField(output: string): string | undefined {
  return /^Field "([\w.]+)" is not a valid field to query\./m.exec(output)?.[1];
}

/** Parses `--format=csv`. Columns are found by their header, because the order and number of columns may change. */
export function parseQuery(csv: string): NvidiaGpu[] {
  const [head = '', ...rows] = csv.split('\n').filter((line) => line.includes(','));
  // A header has a unit, as in `memory.total [MiB]`.
  const names = head.split(',').map((cell) => cell.trim().split(' ', 1)[0]);
  return rows.map((row) => {
    const cells = row.split(',').map((cell) => cell.trim());
    const cell = (name: (typeof queryFields)[number]): string | undefined =>
      valueIn(cells[names.indexOf(name)]);
    return {
      index: cell('index') ?? '',
      uuid: cell('uuid') ?? '',
      name: cell('name') ?? 'a device without a name',
      driver: cell('driver_version'),
      bytes: mebibytes(cell('memory.total')),
      compute: cell('compute_cap'),
      mig: cell('mig.mode.current'),
      ecc: cell('ecc.mode.current'),
      uncorrected: integer(cell('ecc.errors.uncorrected.volatile.total')),
      persistence: cell('persistence_mode'),
    };
  });
}

/** nvidia-smi writes `[N/A]`, `[Not Supported]`, `[Unknown Error]` and the like where it has no value. */
function valueIn(cell: string | undefined): string | undefined {
  return cell === undefined || cell === '' || cell === 'N/A' || cell.startsWith('[') ? undefined : cell;
}

function mebibytes(text: string | undefined): number | undefined {
  const digits = /^(\d+)(?: MiB)?$/.exec(text ?? '')?.[1];
  return digits === undefined ? undefined : Number(digits) * 2 ** 20;
}

function integer(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/** Parses `nvidia-smi -L`: a line for each GPU, and below it one for each of its MIG instances. */
export function parseInstances(list: string): MigInstance[] {
  let gpu = '';
  return list.split('\n').flatMap((line) => {
    gpu = /^GPU (\d+):/.exec(line)?.[1] ?? gpu;
    const [, profile, device, uuid] = /^ {2}MIG (\S+) +Device +(\d+): \(UUID: ([^)\s]+)\)/.exec(line) ?? [];
    return profile === undefined || device === undefined || uuid === undefined
      ? []
      : [{ gpu, device, profile, uuid }];
  });
}

/**
 * Reads the memory of each MIG instance, by `GPU/device`, from the table "MIG devices" that nvidia-smi prints without
 * arguments. The name of a profile is no measure: a `1g.18gb` has 16 GiB.
 */
export function parseInstanceMemory(summary: string): Map<string, number> {
  const row = /^\| +(\d+) +\d+ +\d+ +(\d+) +\| +\d+MiB \/ +(\d+)MiB /;
  const found = new Map<string, number>();
  for (const line of summary.split('\n')) {
    const [, gpu, device, size] = row.exec(line) ?? [];
    if (size !== undefined) found.set(`${gpu}/${device}`, Number(size) * 2 ** 20);
  }
  return found;
}

/** Reads the latest CUDA version that the driver supports from the head of the summary. Its name changed in driver 610. */
export function parseDriverCuda(summary: string): string | undefined {
  return /CUDA (?:UMD )?Version: (\d+\.\d+)/.exec(summary)?.[1];
}
