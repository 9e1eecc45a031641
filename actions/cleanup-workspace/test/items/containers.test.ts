import { describe, expect, it } from 'vitest';
import type { Container } from '@runner-actions/host';
import { type ContainerFacts, judgeContainer, uselessNetworks } from '../../src/items/containers.ts';
import { began, bind, compose, container, facts, id, network, volume } from './facts.ts';

const judge = (
  fields: Partial<Container>,
  more: Partial<ContainerFacts> = {},
  resolve = (path: string) => path,
): string => judgeContainer(container(fields), { ...facts, ...more }, resolve).verdict;

const workspace = bind('/r1/_work/app/app/src');
const before = began - 3_600_000;
const jobNetwork = `github_network_${'f'.repeat(32)}`;

describe('containers that are removed', () => {
  const cases: [string, Partial<Container>, Partial<ContainerFacts>?][] = [
    ['mounts the workspace', { mounts: [bind('/r1/_work/app/app')] }],
    ['mounts a folder of the workspace', { mounts: [workspace] }],
    ['mounts a folder of the temp folder', { mounts: [bind('/r1/_work/_temp/x')] }],
    ['has stopped and mounts the workspace', { mounts: [workspace], running: false }],
    ['mounts the workspace and a folder of the system', { mounts: [workspace, bind('/')] }],
    ['restarts only on failure', { mounts: [workspace], restartPolicy: 'on-failure' }],
    ['belongs to a Compose project in the workspace', { labels: compose('/r1/_work/app/app/deploy') }],
    ['has the label of this runner and is of an earlier job', { labels: { abc123: '' }, created: before }],
    [
      'has the label of this runner and is a service of an earlier job',
      { labels: { abc123: '' }, created: before, networks: [jobNetwork], restartPolicy: 'always' },
    ],
    ['has the label of this runner and is of a step', { labels: { abc123: '' } }],
  ];
  it.each(cases)('%s', (_what, fields, more) => expect(judge(fields, more)).toBe('remove'));
});

describe('containers of others, which are only counted', () => {
  const cases: [string, Partial<Container>, Partial<ContainerFacts>?][] = [
    ['neighbour: mounts the workspace of another runner', { mounts: [bind('/r2/_work/app/app')] }],
    ['neighbour: has the label of another runner', { labels: { def456: '' } }],
    ['shared with another runner', { mounts: [workspace, bind('/r2/_work/app/app')] }],
    ['labelled, but shared with another runner', { labels: { abc123: '' }, mounts: [bind('/r2/_work')] }],
    ['two runners with one work folder', { mounts: [workspace] }, { otherFolders: ['/r1/_work'] }],
    ['a database of the team, in the tool cache', { mounts: [bind('/r1/_work/_tool/db')], created: before }],
    ['started beside this job, with the shared tool cache', { mounts: [bind('/r1/_work/_tool')] }],
    [
      'a Compose project of another repository',
      { labels: compose('/r1/_work/other/other'), created: before },
    ],
    ['a folder whose name starts like that of the repository', { mounts: [bind('/r1/_work/app2/app2')] }],
    ['a monitor that mounts the whole machine', { mounts: [bind('/')] }],
    ['a cleaner that mounts the work folder', { mounts: [bind('/r1/_work')] }],
    ['the label with a value', { labels: { abc123: 'x' }, created: before }],
    ['a volume that is named like the workspace', { mounts: [volume('/r1/_work/app/app')] }],
    ['a path with dots that leads out of the workspace', { mounts: [bind('/r1/_work/app/app/../../other')] }],
    ['a builder of buildx', { mounts: [volume('buildx_buildkit_b0_state')], name: 'buildx_buildkit_b0' }],
    ['nothing but its time of creation, on a machine with one runner', {}, { alone: true }],
    ['the engine runs elsewhere: paths', { mounts: [workspace] }, { sameMachine: false }],
    ['the engine runs elsewhere: Compose', { labels: compose('/r1/_work/app/app') }, { sameMachine: false }],
    ['a temp folder that is not the runner’s', { mounts: [bind('/tmp/x')] }, { temp: '/tmp' }],
    ['a workspace that is not in the work folder', { mounts: [bind('/w/x/y')] }, { workspace: '/w/x' }],
    ['no label of the runner is known', { labels: { '': '', undefined: '' } }, { label: undefined }],
  ];
  it.each(cases)('%s', (_what, fields, more) => expect(judge(fields, more)).toBe('other'));

  it('a link in the workspace that leads to a folder of the machine', () => {
    const resolve = (path: string) => path.replace('/r1/_work/app/app/src', '/srv/data');
    expect(judge({ mounts: [workspace] }, {}, resolve)).toBe('other');
  });

  it('a link that leads to the folder of another runner', () => {
    const resolve = (path: string) => path.replace('/shared', '/r2/_work');
    expect(judge({ mounts: [workspace, bind('/shared/app')] }, {}, resolve)).toBe('other');
  });
});

describe('containers that may be of this job and are left, with the reason', () => {
  const cases: [string, Partial<Container>, Partial<ContainerFacts>?][] = [
    ['service container of this job', { labels: { abc123: '' }, networks: [jobNetwork] }],
    ['of this job by other hooks', { mounts: [workspace], networks: [jobNetwork] }],
    ['mounts the workspace, but is older than the job', { mounts: [workspace], created: before }],
    ['mounts the workspace, at an unknown time', { mounts: [workspace], created: undefined }],
    [
      'mounts the workspace, but the start of the job is unknown',
      { mounts: [workspace] },
      { began: undefined },
    ],
    ['deployed: restarts always', { mounts: [workspace], restartPolicy: 'always' }],
    [
      'deployed: restarts unless stopped',
      { labels: compose('/r1/_work/app/app'), restartPolicy: 'unless-stopped' },
    ],
    [
      'two runners with the same label',
      { labels: { abc123: '' }, created: before },
      { otherLabels: ['abc123'] },
    ],
    ['label, but the start of the job is unknown', { labels: { abc123: '' } }, { began: undefined }],
    ['label, but no time of creation', { labels: { abc123: '' }, created: undefined }],
    ['label, created in the future', { labels: { abc123: '' }, created: began + 86_400_000 }],
    ['label, and the clock was set', { labels: { abc123: '' }, created: began - 30_000 }],
    ['uses a protected path', { mounts: [workspace, bind('/srv/db/x')] }, { protect: ['/srv/db'] }],
  ];
  it.each(cases)('%s', (_what, fields, more) => expect(judge(fields, more)).toBe('keep'));
});

describe('networks', () => {
  const gone = container({ networks: ['app_default'], labels: compose('/r1/_work/app/app') });
  const useless = (fields: Parameters<typeof network>[0], all = [gone], removed = [id(1)], more = {}) =>
    uselessNetworks([network(fields)], all, new Set(removed), { ...facts, ...more }).length > 0;
  const ofProject = { 'com.docker.compose.project': 'app' };

  it.each<[string, boolean]>([
    ['created by this job', useless({})],
    ['found by its id only', useless({ name: 'x' }, [container({ networks: [id(90)] })])],
    ['of the Compose project of an earlier job', useless({ created: before, labels: ofProject })],
    ['of this runner and an earlier job', useless({ created: before, labels: { abc123: '' } }, [], [])],
  ])('are removed: %s', (_what, isUseless) => expect(isUseless).toBe(true));

  const stopped = container({ id: id(2), running: false, networks: ['app_default'] });
  const elsewhere = container({ id: id(2), labels: compose('/srv/app'), networks: ['app_back'] });
  it.each<[string, boolean]>([
    ['a container that stays uses it', useless({}, [gone, stopped])],
    ['a project of the same name stays', useless({ created: before, labels: ofProject }, [gone, elsewhere])],
    ['created before the job, without a project', useless({ created: before })],
    ['nobody knows when it was created', useless({ created: undefined })],
    ['unused and new, but not provably of this job', useless({}, [], [])],
    ['the network of this job', useless({ name: jobNetwork, labels: { abc123: '' } }, [], [])],
    [
      'two runners with the same label',
      useless({ created: before, labels: { abc123: '' } }, [], [], { otherLabels: ['abc123'] }),
    ],
    ["the engine's own", useless({ name: 'bridge' }, [container({ networks: ['bridge'] })])],
    ['of a swarm', useless({ scope: 'swarm' })],
    ['of the machine', useless({ driver: 'host' })],
  ])('stay: %s', (_what, isUseless) => expect(isUseless).toBe(false));
});
