import { tmpdir } from 'node:os';
import { type Job, startDeadline } from '@runner-actions/core';
import * as v from 'valibot';
import type { Finding, Kind } from '../../src/kinds/kind.ts';
import { openMachine } from '../../src/machine-io.ts';

/**
 * Checks the first requirement in `part`, the manifest's section for this kind.
 * @throws ValiError if `part` is invalid
 */
export async function checkKind<K extends Kind>(
  kind: K,
  part: v.InferInput<K['schema']>,
  environment: Job['environment'] = {},
): Promise<Finding> {
  const [entry] = v.parse(kind.schema, part);
  if (entry === undefined) throw new Error('part has no requirement');
  const job = { workspace: tmpdir(), temp: tmpdir(), environment } as Job;
  return kind.check(entry.requirement, openMachine(job, startDeadline(60_000)));
}
