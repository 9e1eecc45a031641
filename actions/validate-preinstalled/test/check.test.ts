import { startDeadline } from '@runner-actions/core';
import { expect, it } from 'vitest';
import { checkAll } from '../src/check.ts';
import { openMachine } from '../src/machine-io.ts';
import { failIfUnmet, tallyResults } from '../src/results.ts';
import { jobWith, requirementsOf } from './kinds/check-kind.ts';

it.each([
  // Nobody knows: a stranger's manifest may not compare this variable.
  ['not known', { equals: 'x' }, 'not known: the value of the variable TOKEN', []],
  ['not met', { set: false }, 'set', ['TOKEN']],
])('is a warning with severity: warn if it is %s, and fails nothing', async (_, spec, found, missing) => {
  const requirements = await requirementsOf('env', { TOKEN: { ...spec, severity: 'warn' } });
  const machine = openMachine(jobWith({ TOKEN: 't' }, 'issue_comment'), startDeadline(60_000));
  const results = await checkAll(requirements, machine, { concurrency: 1, known: new Set() });
  expect(results[0]).toMatchObject({ status: 'warn', found: expect.stringContaining(found) });
  const tally = tallyResults(results);
  expect(tally).toMatchObject({ status: 'warn', missing });
  expect(() => failIfUnmet({ onFailure: 'fail', mode: 'check' }, tally)).not.toThrow();
});
