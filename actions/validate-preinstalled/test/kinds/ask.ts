import { tmpdir } from 'node:os';
import { type Job, startDeadline } from '@runner-actions/core';
import * as v from 'valibot';
import type { Finding, Kind } from '../../src/kinds/kind.ts';
import { openMachine } from '../../src/machine-io.ts';

/** What is found where the manifest has `part` for this kind. @throws ValiError where that cannot be read */
export async function ask<K extends Kind>(
  kind: K,
  part: v.InferInput<K['schema']>,
  environment: Job['environment'] = {},
): Promise<Finding> {
  const [entry] = v.parse(kind.schema, part);
  if (entry === undefined) throw new Error('nothing is asked');
  const job = { workspace: tmpdir(), temp: tmpdir(), environment } as Job;
  return kind.check(entry.asked, openMachine(job, startDeadline(60_000)));
}
