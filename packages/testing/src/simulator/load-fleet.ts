import { readFile } from 'node:fs/promises';
import { Ajv, type ErrorObject } from 'ajv';
import { parse } from 'yaml';
import { currentTime, type Fleet } from './fleet.ts';
import { fleetSchema } from './fleet-schema.ts';

const check = new Ajv({ allErrors: true, strict: false }).compile<Fleet>(fleetSchema);
const millisecondsPerUnit: Record<string, number> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Reads a fleet from a YAML or JSON file. A time may be an age such as `-5m` or `-2h`, relative to the fleet's `now` at
 * the time of reading.
 * @throws Error that lists all problems in the file
 */
export async function loadFleet(path: string): Promise<Fleet> {
  return parseFleet(await readFile(path, 'utf8'), path);
}

/** Parses the text of a fleet file, see `loadFleet`. @param path used in messages */
export function parseFleet(content: string, path: string): Fleet {
  let value: unknown;
  try {
    // The YAML parser also reads JSON. It returns times as text, which is the type of a fleet's times.
    value = parse(content);
  } catch (error) {
    throw new Error(`${path} is neither YAML nor JSON: ${(error as Error).message}`, { cause: error });
  }
  if (!check(value))
    throw new Error([`${path} is not a valid fleet:`, ...(check.errors ?? []).map(explain)].join('\n  '));
  return resolveAges(value, currentTime(value));
}

function explain({ instancePath, message, params }: ErrorObject): string {
  const place = instancePath === '' ? 'the file' : instancePath.slice(1).replaceAll('/', '.');
  if ('additionalProperty' in params) return `${place}: unknown field ${params.additionalProperty}`;
  const valid = 'allowedValues' in params ? `: ${(params.allowedValues as string[]).join(', ')}` : '';
  return `${place}: ${message ?? 'is wrong'}${valid}`;
}

function resolveAges(fleet: Fleet, now: number): Fleet {
  const resolve = (key: string, value: unknown): unknown => {
    const age = key.endsWith('_at') && typeof value === 'string' ? /^-(\d+)([smhd])$/.exec(value) : null;
    if (age === null) return value;
    return new Date(now - Number(age[1]) * millisecondsPerUnit[age[2]!]!).toISOString();
  };
  return JSON.parse(JSON.stringify(fleet, resolve)) as Fleet;
}
