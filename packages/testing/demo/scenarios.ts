/** The conditions of one demo run. */
export interface Scenario {
  title: string;
  /** The organization's self-hosted runners. */
  runners: { name: string; online: boolean; busy: boolean; labels: string[] }[];
  event: { name: string; payload: unknown };
  /** Whether the selection has tokens: `token`, and `runner-token`, which may list runners. */
  hasTokens: boolean;
  apiDown: boolean;
  /** Puts the cache store on a disk of 2 MiB. */
  diskFull: boolean;
}

const repository = {
  id: 1296269,
  name: 'app',
  full_name: 'octo/app',
  private: true,
  default_branch: 'main',
  fork: false,
  owner: { login: 'octo', type: 'Organization' },
};
const push = { name: 'push', payload: { ref: 'refs/heads/main', repository } };
const fork = {
  name: 'pull_request',
  payload: {
    number: 7,
    repository,
    pull_request: {
      number: 7,
      author_association: 'NONE',
      user: { login: 'outsider' },
      head: { ref: 'patch', sha: 'f'.repeat(40), repo: { id: 99, full_name: 'outsider/app', fork: true } },
      base: { ref: 'main', repo: repository },
    },
  },
};

const linux = ['self-hosted', 'linux', 'x64'];
const fleet = (online: boolean, busy: boolean): Scenario['runners'] => [
  { name: 'proxmox-1', online, busy, labels: linux },
  { name: 'proxmox-2', online, busy: true, labels: linux },
  { name: 'mac-mini', online: true, busy: false, labels: ['self-hosted', 'macOS', 'arm64'] },
];
const healthy: Scenario = {
  title: 'A runner is free',
  runners: fleet(true, false),
  event: push,
  hasTokens: true,
  apiDown: false,
  diskFull: false,
};

export const scenarios: Record<string, Scenario> = {
  online: healthy,
  offline: { ...healthy, title: 'All self-hosted runners are offline', runners: fleet(false, false) },
  busy: { ...healthy, title: 'All self-hosted runners are busy', runners: fleet(true, true) },
  'fork-pull-request': {
    ...healthy,
    title: 'An outside contributor opens a pull request from a fork',
    event: fork,
  },
  'no-token': { ...healthy, title: 'The selection has no token', hasTokens: false },
  'api-down': { ...healthy, title: 'GitHub’s API responds with 503', apiDown: true },
  'disk-full': { ...healthy, title: 'The cache disk is full', diskFull: true },
};
