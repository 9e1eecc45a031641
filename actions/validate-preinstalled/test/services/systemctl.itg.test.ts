import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDeadline } from '@runner-actions/core';
import { describe, expect, it } from 'vitest';
import { openMachine } from '../../src/machine-io.ts';
import { findUnit } from '../../src/services/services-io.ts';
import { jobWith } from '../kinds/check-kind.ts';

/** Makes a `systemctl` that notes its arguments and runs a script. */
function machineWith(script: string) {
  const folder = mkdtempSync(join(tmpdir(), 'systemctl-'));
  const calls = join(folder, 'calls');
  writeFileSync(calls, '');
  writeFileSync(join(folder, 'systemctl'), `#!/bin/sh\necho "$*" >> '${calls}'\n${script}\n`, {
    mode: 0o755,
  });
  const machine = openMachine(jobWith({ PATH: `${folder}:/usr/bin:/bin` }), startDeadline(60_000));
  return { machine, calls: () => readFileSync(calls, 'utf8').trim().split('\n') };
}

// Documented, not recorded: systemctl(1).
const answer = `for pattern; do :; done
case "$pattern" in
  '*') printf 'Id=a.service\\nLoadState=loaded\\nActiveState=active\\n\\nId=b.service\\nLoadState=loaded\\nActiveState=failed\\n' ;;
  *) printf "Id=$pattern\\nNames=$pattern\\nLoadState=not-found\\nActiveState=inactive\\n" ;;
esac`;

describe('systemctl', () => {
  it('is asked once for all units that are loaded, and again only for others', async () => {
    const { machine, calls } = machineWith(answer);
    const states = await Promise.all(
      ['a.service', 'b.service', 'c.service'].map((name) => findUnit(name, machine)),
    );
    expect(states).toMatchObject([{ state: 'active' }, { state: 'failed' }, { exists: false }]);
    expect(calls()).toEqual([
      'show --no-pager --property=Id,Names,LoadState,ActiveState,UnitFileState,Result -- *',
      'show --no-pager --property=Id,Names,LoadState,ActiveState,UnitFileState,Result -- c.service',
    ]);
  });

  it.each([
    // Recorded on Debian 12 without systemd as the first process.
    [
      'echo "System has not been booted with systemd as init system (PID 1). Can\'t operate." >&2; exit 1',
      "systemctl ended with 1: System has not been booted with systemd as init system (PID 1). Can't operate.",
    ],
    ['exit 0', 'systemctl says nothing about a.service'],
    ['kill -9 $$', 'systemctl ended with signalled'],
  ])('that does not answer is unknown: %s', async (script, unknown) => {
    expect(await findUnit('a.service', machineWith(script).machine)).toEqual({ unknown });
  });
});
