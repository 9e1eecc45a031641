import type { Call } from '../exchange.ts';
import type { FleetRepository } from '../fleet.ts';
import { renderUser } from './user.ts';

const plainUrls = [
  ...['contributors', 'deployments', 'downloads', 'events', 'forks', 'hooks', 'languages', 'merges'],
  ...['stargazers', 'subscribers', 'subscription', 'tags', 'teams'],
];

/** Further URL fields of a repository, with the variables of GitHub's URI templates. */
const templateUrls: Record<string, string> = {
  archive: '/{archive_format}{/ref}',
  assignees: '/assignees{/user}',
  blobs: '/git/blobs{/sha}',
  branches: '/branches{/branch}',
  collaborators: '/collaborators{/collaborator}',
  comments: '/comments{/number}',
  commits: '/commits{/sha}',
  compare: '/compare/{base}...{head}',
  contents: '/contents/{+path}',
  git_commits: '/git/commits{/sha}',
  git_refs: '/git/refs{/sha}',
  git_tags: '/git/tags{/sha}',
  issue_comment: '/issues/comments{/number}',
  issue_events: '/issues/events{/number}',
  issues: '/issues{/number}',
  keys: '/keys{/key_id}',
  labels: '/labels{/name}',
  milestones: '/milestones{/number}',
  notifications: '/notifications{?since,all,participating}',
  pulls: '/pulls{/number}',
  releases: '/releases{/id}',
  statuses: '/statuses/{sha}',
  trees: '/git/trees{/sha}',
};

/** Renders a repository as GitHub embeds it in runs and groups. */
export function renderRepository({ fleet, request }: Call, repository: FleetRepository) {
  const { login, kind, id } = fleet.owner;
  const owner = renderUser(request.baseUrl, login, id, kind === 'organization' ? 'Organization' : 'User');
  return renderMinimal(request.baseUrl, owner, repository);
}

/** Renders a repository of another owner: the fork that contains the head of a run. @param fullName `owner/name` */
export function renderFork(baseUrl: string, fullName: string) {
  const [login = 'ghost', name = 'app'] = fullName.split('/');
  const owner = renderUser(baseUrl, login);
  return renderMinimal(baseUrl, owner, { id: owner.id + 1, name, fork: true });
}

function renderMinimal(baseUrl: string, owner: ReturnType<typeof renderUser>, repository: FleetRepository) {
  const url = `${baseUrl}/repos/${owner.login}/${repository.name}`;
  return {
    id: repository.id,
    node_id: `R_${repository.id}`,
    name: repository.name,
    full_name: `${owner.login}/${repository.name}`,
    owner,
    private: repository.private ?? false,
    html_url: `https://github.com/${owner.login}/${repository.name}`,
    description: null,
    fork: repository.fork ?? false,
    url,
    ...Object.fromEntries(plainUrls.map((name) => [`${name}_url`, `${url}/${name}`])),
    ...Object.fromEntries(
      Object.entries(templateUrls).map(([name, rest]) => [`${name}_url`, `${url}${rest}`]),
    ),
  };
}

/** Renders a repository as `GET /repos/{owner}/{repo}` returns it. */
export function renderFullRepository(call: Call, repository: FleetRepository) {
  const minimal = renderRepository(call, repository);
  const { full_name: name, html_url: url } = minimal;
  const unsuffixedCounts = { forks: 0, open_issues: 0, watchers: 0, network_count: 0, subscribers_count: 0 };
  const counts = { forks_count: 0, open_issues_count: 0, watchers_count: 0, stargazers_count: 0, size: 0 };
  const created = '2024-01-01T00:00:00Z';
  return {
    ...minimal,
    ...{ ...unsuffixedCounts, ...counts },
    clone_url: `${url}.git`,
    git_url: `git://github.com/${name}.git`,
    ssh_url: `git@github.com:${name}.git`,
    svn_url: url,
    default_branch: repository.default_branch ?? 'main',
    visibility: minimal.private ? 'private' : 'public',
    has_issues: repository.has_issues ?? true,
    ...{ has_projects: false, has_wiki: false, has_pages: false, has_discussions: false },
    ...{ homepage: null, language: null, mirror_url: null, license: null },
    ...{ archived: false, disabled: false },
    ...{ pushed_at: created, created_at: created, updated_at: created },
  };
}
