import { startDeadline } from '@runner-actions/core';
import {
  type EngineKind,
  engineMissing,
  type RealEngine,
  startRealEngine,
} from '@runner-actions/testing/real-engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kindOf } from '../../src/kinds/kinds.ts';
import { openMachine } from '../../src/machine-io.ts';
import { jobWith, requirementsOf } from './check-kind.ts';

async function check(kind: EngineKind, spec: object, socket: string) {
  const [requirement] = await requirementsOf(kind, spec);
  if (requirement === undefined) throw new Error('no requirement');
  const environment = { DOCKER_HOST: `unix://${socket}`, CONTAINER_HOST: `unix://${socket}`, HOME: '/none' };
  const machine = openMachine(jobWith(environment), startDeadline(60_000));
  return (await kindOf(requirement)).check(requirement, { ...machine, trusted: true });
}

describe.each<EngineKind>(['docker', 'podman'])('a real engine: %s', (kind) => {
  const missing = engineMissing(kind);
  if (missing !== undefined) {
    it("is not tested: Debian's docker.io, podman and busybox-static bring it", (context) =>
      context.skip(missing));
    return;
  }
  let engine: RealEngine;
  beforeAll(async () => {
    engine = await startRealEngine(kind);
  });
  afterAll(() => engine.close());

  it('answers with its version', async () => {
    const wanted = { version: '>=1', api: '>=1.40', rootless: false };
    const finding = await check(kind, wanted, engine.socket);
    expect(finding.status).toBe('pass');
    expect(finding.found).toMatch(/^(?:docker|podman) \d+\.\d+\S*, API 1\.\d+$/);
    expect(await check(kind, { version: '>=1000' }, engine.socket)).toMatchObject({ status: 'fail' });
  });

  it('runs a container of an image that is there, and removes it', async (context) => {
    if (engine.cannotRun !== undefined) context.skip(engine.cannotRun);
    // An image that was imported names no program.
    expect(await check(kind, { run: 'busybox' }, engine.socket)).toMatchObject({ status: 'error' });
    const id = await engine.create('seed');
    await engine.call('POST', `/commit?container=${id}&repo=seeded&tag=latest`, {});
    await engine.call('DELETE', `/containers/${id}?force=1`);
    for (const run of ['seeded', true])
      expect(await check(kind, { run }, engine.socket)).toMatchObject({
        status: 'pass',
        found: expect.stringContaining('seeded:latest'),
      });
    expect(await engine.call('GET', '/containers/json?all=1')).toEqual([]);
    expect(await check(kind, { run: 'not-there' }, engine.socket)).toMatchObject({ status: 'fail' });
  });
});
