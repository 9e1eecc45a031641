import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Job, startDeadline } from '@runner-actions/core';
import { expect, it } from 'vitest';
import type { Machine } from '../../src/kinds/kind.ts';
import { kindOf } from '../../src/kinds/kinds.ts';
import { openMachine } from '../../src/machine-io.ts';
import { checkKind, jobWith, requirementsOf } from './check-kind.ts';

it.skipIf(process.platform === 'win32').each([
  ['alpine', /apk add .*docker-cli-buildx/],
  ['debian', /^Install the plugin/],
])(
  'a docker without its plugin lacks the plugin, whatever the version: on %s',
  async (distribution, advice) => {
    const PATH = mkdtempSync(join(tmpdir(), 'path-'));
    const script = "#!/bin/sh\necho 'docker: unknown command: docker buildx' >&2\nexit 1\n";
    writeFileSync(join(PATH, 'docker'), script, { mode: 0o755 });
    const [requirement] = await requirementsOf('tools', { 'docker-buildx': 'latest' });
    if (requirement === undefined) throw new Error('no requirement');
    const open = openMachine(jobWith({ PATH }), startDeadline(60_000));
    const machine: Machine = { ...open, facts: { ...open.facts, os: 'linux', distribution: [distribution] } };
    const finding = await (await kindOf(requirement)).check(requirement, machine);
    await open.close();
    expect(finding).toMatchObject({
      status: 'fail',
      found: 'docker without the plugin buildx (docker: unknown command: docker buildx)',
      advice: expect.stringMatching(advice) as unknown,
    });
  },
);

it.skipIf(process.platform === 'win32').each([
  ['oddtool', 'latest', 'self-hosted', 'pass', /^present, not asked/, false],
  ['oddtool', '>=1', 'self-hosted', 'error', /^not asked, since a stranger/, false],
  ['oddtool', '>=1', 'github-hosted', 'pass', /^1\.7$/, true],
  ['jq', '>=1', 'self-hosted', 'pass', /^1\.7$/, true],
] as const)('for the event of a stranger, %s: %s on a %s machine is %s', async (...given) => {
  const [name, range, environment, status, found, isStarted] = given;
  const PATH = mkdtempSync(join(tmpdir(), 'path-'));
  const mark = join(PATH, 'started');
  writeFileSync(join(PATH, name), `#!/bin/sh\n: > '${mark}'\necho ${name}-1.7\n`, { mode: 0o755 });
  const job = { ...jobWith({ PATH }, 'issue_comment'), runner: { environment } } as Job;
  const finding = await checkKind('tools', { [name]: range }, {}, job);
  expect(finding).toMatchObject({ status, found: expect.stringMatching(found) as unknown });
  expect(existsSync(mark)).toBe(isStarted);
});
