import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJob, startDeadline, type Step } from '@runner-actions/core';
import { expect, it } from 'vitest';
import { checkMachineRequirements } from '../src/machine-requirements.ts';

it.skipIf(process.platform === 'win32')(
  'the check of a machine before a job ends with its limit, and does not fail the job, when a tool hangs',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hangs-'));
    writeFileSync(join(folder, 'mill'), '#!/bin/sh\nexec sleep 600\n', { mode: 0o755 });
    const manifest = join(folder, 'requirements.yml');
    writeFileSync(manifest, "version: 1\ntools: { mill: '>=1' }\n");
    const told: string[] = [];
    const step = {
      job: readJob({ RUNNER_TEMP: folder, PATH: `${folder}:/usr/bin:/bin` }),
      annotate: (level: string) => told.push(level),
      log: { group: () => undefined },
    } as unknown as Step;
    const hooks = { manifest, 'on-unmet': 'fail' } as const;
    // The hook gives 10 s. Without any limit, the test would take ten minutes.
    await checkMachineRequirements(step, hooks, startDeadline(200));
    expect(told).toEqual(['warning']);
  },
);
