import { describe, expect, it } from 'vitest';
import { explainFailure, ownSentence } from '../../../src/kinds/oci/explain-failure.ts';
import { type ContainerCommands, runLifecycle } from '../../../src/kinds/oci/lifecycle.ts';
import { ociConfig } from '../../../src/kinds/oci/oci-config.ts';
import type { StepResult } from '../../../src/kinds/oci/runtime-io.ts';
import { requirementsOf } from '../check-kind.ts';

/** A runtime that does as told, except for what `broken` replaces. */
function runtime(broken: Partial<ContainerCommands> = {}) {
  const calls: string[] = [];
  let status: string | undefined;
  const become = (name: string, next: string | undefined) => async (): Promise<StepResult> => {
    calls.push(name);
    status = next;
    return { done: true, output: '' };
  };
  const commands: ContainerCommands = {
    create: become('create', 'created'),
    start: become('start', 'running'),
    kill: become('kill', 'stopped'),
    remove: async (force) => become(force ? 'remove by force' : 'delete', undefined)(),
    status: async () => status,
    noteCgroups: async () => undefined,
    remainingCgroups: async () => [],
    pause: async () => undefined,
    ...broken,
  };
  return { commands, calls };
}

const refused = async (): Promise<StepResult> => ({ done: false, sentence: 'no' });

describe('runLifecycle', () => {
  it('takes the steps in order', async () => {
    const { commands, calls } = runtime();
    expect(await runLifecycle(commands, 'delete')).toEqual({ works: true });
    expect(calls).toEqual(['create', 'start', 'kill', 'delete']);
  });

  it('removes the container by force after the last step when that is not delete', async () => {
    const { commands, calls } = runtime();
    expect(await runLifecycle(commands, 'start')).toEqual({ works: true });
    expect(calls).toEqual(['create', 'start', 'remove by force']);
  });

  it.each<[string, Partial<ContainerCommands>, string]>([
    ['create', { create: refused }, 'no'],
    ['start', { start: refused }, 'no'],
    ['kill', { kill: async () => ({ done: true, output: '' }) }, 'the container does not stop after SIGKILL'],
    ['delete', { remainingCgroups: async () => ['/sys/fs/cgroup/x'] }, 'the cgroup /sys/fs/cgroup/x remains'],
  ])(
    'names the step %s when it fails, and removes the container by force',
    async (step, broken, sentence) => {
      const { commands, calls } = runtime(broken);
      expect(await runLifecycle(commands, 'delete')).toEqual({ works: false, step, sentence });
      expect(calls.at(-1)).toBe('remove by force');
    },
  );
});

describe('ownSentence', () => {
  // Recorded from runc 1.1.5 and crun 1.8.1.
  it.each([
    ['time="2026-11-27T16:17:53Z" level=error msg="container does not exist"\n', 'container does not exist'],
    ['time="2026-11-27T16:17:53Z" level=error msg="exec: \\"x\\": not found"', 'exec: "x": not found'],
    [
      'cgroups in hybrid mode not supported, drop all controllers from cgroupv2\n',
      'cgroups in hybrid mode not supported, drop all controllers from cgroupv2',
    ],
  ])('reads the message in %j', (output, sentence) => expect(ownSentence(output)).toBe(sentence));
});

describe('explainFailure', () => {
  it.each([
    ['cgroups in hybrid mode not supported, drop all controllers from cgroupv2', /use runc/],
    ['runc create failed: no cgroup mount found in mountinfo', /Nothing is mounted/],
    [
      'unable to apply cgroup configuration: mkdir /sys/fs/cgroup/cpuset/x: no such file or directory',
      /delegate/,
    ],
    ['unable to start container process: something else', /--debug/],
  ])('says what to do about %j', (sentence, advice) => expect(explainFailure(sentence, [])).toMatch(advice));

  it('names a mount with noexec only when the runtime has no permission', () => {
    expect(explainFailure('exec: "/usr/bin/sleep": permission denied', ['/data'])).toContain(
      '/data has noexec',
    );
    expect(explainFailure('container does not exist', ['/data'])).not.toContain('noexec');
  });
});

describe('ociConfig', () => {
  const parts = { argv: ['/usr/bin/sleep', '60'], folders: ['/usr'] };

  it('maps only the own user when the runtime does not run as root', () => {
    expect(ociConfig({ ...parts, user: { uid: 7, gid: 8 } })).toMatchObject({
      linux: {
        uidMappings: [{ containerID: 0, hostID: 7, size: 1 }],
        gidMappings: [{ containerID: 0, hostID: 8, size: 1 }],
        namespaces: [{ type: 'pid' }, { type: 'mount' }, { type: 'user' }],
      },
    });
  });

  it('mounts the folders of the machine read-only, and makes no user namespace for root', () => {
    const config = ociConfig({ ...parts, user: undefined }) as { mounts: object[]; linux: object };
    expect(config.mounts).toContainEqual({
      destination: '/usr',
      type: 'bind',
      source: '/usr',
      options: ['rbind', 'ro'],
    });
    expect(config.linux).toEqual({ namespaces: [{ type: 'pid' }, { type: 'mount' }] });
  });
});

describe('section oci', () => {
  it.each([
    [{}, { runtimes: ['crun', 'runc'], rootless: 'auto', last: 'delete', required: undefined }],
    [
      { runtime: 'runc', lifecycle: ['create', 'start'] },
      { runtimes: ['runc'], last: 'start' },
    ],
    [
      { required: 'all', rootless: true },
      { required: 'all', rootless: true },
    ],
  ])('reads %j', async (part, requirement) =>
    expect((await requirementsOf('oci', part))[0]).toMatchObject(requirement),
  );

  it.each([[{ runtime: 'docker' }], [{ lifecycle: ['start'] }], [{ lifecycle: [] }], [{ required: true }]])(
    'rejects %j',
    async (part) => expect(requirementsOf('oci', part)).rejects.toThrow('expected'),
  );
});
