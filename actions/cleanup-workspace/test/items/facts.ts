import type { Container, Network } from '@runner-actions/host';
import type { ContainerFacts } from '../../src/items/containers.ts';

/** When the job of the tests began. */
export const began = Date.parse('2026-11-27T10:00:00Z');
const now = began + 600_000;

/** A runner with another one beside it. */
export const facts: ContainerFacts = {
  label: 'abc123',
  otherLabels: ['def456'],
  ...{ began, now },
  work: '/r1/_work',
  workspace: '/r1/_work/app/app',
  temp: '/r1/_work/_temp',
  otherFolders: ['/r2', '/r2/_work'],
  alone: false,
  protect: [],
  sameMachine: true,
};

export const id = (number: number): string => String(number).padStart(64, '0');

/** A running container that this job may have started. */
export function container(fields: Partial<Container> = {}): Container {
  return {
    ...{ id: id(1), imageId: 'sha256:1', name: 'c', created: began + 5_000, running: true },
    ...{ labels: {}, restartPolicy: 'no', mounts: [], ownVolumes: [], networks: ['bridge'], ...fields },
  };
}

export const bind = (source: string) => ({ type: 'bind', name: '', source });
export const volume = (name: string) => ({ type: 'volume', name, source: `/var/lib/${name}` });
export const compose = (folder: string, project = 'app') => ({
  'com.docker.compose.project': project,
  'com.docker.compose.project.working_dir': folder,
});

export function network(fields: Partial<Network> = {}): Network {
  return {
    ...{ id: id(90), name: 'app_default', created: began + 4_000, driver: 'bridge', scope: 'local' },
    ...{ labels: {}, inUse: false, ...fields },
  };
}
