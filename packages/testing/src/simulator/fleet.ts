/**
 * The data from which the simulator answers. Fields have the names of GitHub's API. The simulator fills in a plausible
 * value for each missing field when it renders a response. Times are ISO 8601.
 */
export interface Fleet {
  /** The simulated time. Default: the real clock. */
  now?: string;
  owner: { login: string; kind: 'user' | 'organization'; id?: number };
  enterprise?: string;
  repositories: FleetRepository[];
  organization_runners?: FleetRunner[];
  enterprise_runners?: FleetRunner[];
  runner_groups?: FleetRunnerGroup[];
  runs?: FleetRun[];
  jobs?: FleetJob[];
  /** Tokens by their text. A request without a token sees public repositories. An unknown token gets a 401. */
  tokens: Record<string, FleetToken>;
}

export interface FleetRepository {
  id: number;
  name: string;
  private?: boolean;
  fork?: boolean;
  /** Default: `main`. */
  default_branch?: string;
  /** Whoever is not listed may read a public repository, and nothing else. */
  collaborators?: FleetCollaborator[];
  runners?: FleetRunner[];
  /** The files of the default branch: path → content. */
  files?: Record<string, string>;
  /** The files of other branches, tags and commits: ref → path → content. */
  files_at?: Record<string, Record<string, string>>;
  issues?: FleetIssue[];
  /** Default: true. Without issues, GitHub lists pull requests only, and answers each write with 410. */
  has_issues?: boolean;
}

export interface FleetIssue {
  number: number;
  title: string;
  body?: string;
  /** Default: `open`. */
  state?: 'open' | 'closed';
  state_reason?: 'completed' | 'reopened' | 'not_planned' | 'duplicate' | null;
  labels?: string[];
  /** Login of the author. Default: `github-actions[bot]`. */
  user?: string;
  /** Set for a pull request, which GitHub lists among the issues. */
  pull_request?: boolean;
  created_at?: string;
  updated_at?: string;
  closed_at?: string | null;
  comments?: FleetComment[];
}

export interface FleetComment {
  user: string;
  body: string;
  created_at: string;
}

export interface FleetCollaborator {
  login: string;
  id?: number;
  role: 'admin' | 'maintain' | 'write' | 'triage' | 'read';
}

export interface FleetRunner {
  id: number;
  name: string;
  os?: string;
  status?: 'online' | 'offline';
  busy?: boolean;
  labels: string[];
  runner_group_id?: number;
  ephemeral?: boolean;
  version?: string;
}

export interface FleetRunnerGroup {
  id: number;
  name: string;
  visibility: 'all' | 'private' | 'selected';
  default?: boolean;
  /**
   * Set for a group of the enterprise. Its runners are those of the enterprise with its `enterprise_id`, and are not
   * among the organization's runners.
   */
  inherited?: boolean;
  /** The id that the enterprise gives to the group of an enterprise. Default: `id`, the id in the organization. */
  enterprise_id?: number;
  allows_public_repositories?: boolean;
  /** Names of repositories, for visibility `selected`. */
  selected_repositories?: string[];
  restricted_to_workflows?: boolean;
  selected_workflows?: string[];
}

export interface FleetRun {
  id: number;
  /** Name of the repository. Default: the first repository of the fleet. */
  repository?: string;
  name?: string;
  /** Default: `.github/workflows/ci.yml`. */
  path?: string;
  workflow_id?: number;
  event?: string;
  status: string;
  conclusion?: string | null;
  head_branch?: string;
  head_sha?: string;
  /** `owner/name` of a fork. */
  head_repository?: string;
  run_attempt?: number;
  created_at?: string;
  run_started_at?: string;
  updated_at?: string;
  actor?: string;
}

export interface FleetJob {
  id: number;
  run_id: number;
  run_attempt?: number;
  name: string;
  status: 'queued' | 'in_progress' | 'completed' | 'waiting' | 'requested' | 'pending';
  conclusion?: string | null;
  created_at?: string;
  started_at?: string;
  completed_at?: string | null;
  labels?: string[];
  /** GitHub documents `null` for a job without a runner. `0` has also been seen. */
  runner_id?: number | null;
  runner_name?: string | null;
  runner_group_id?: number | null;
  runner_group_name?: string | null;
  steps?: FleetStep[];
}

export interface FleetStep {
  name: string;
  number: number;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: string | null;
  started_at?: string | null;
  completed_at?: string | null;
}

export interface FleetToken {
  /** For example `{ actions: 'read', organization_self_hosted_runners: 'read' }`; `metadata` is implied. */
  permissions?: Record<string, 'read' | 'write'>;
  /**
   * The account that the token belongs to. Default: `github-actions[bot]`, as the token of a job. Only a user, whose login
   * does not end with `[bot]`, may read `/user`.
   */
  login?: string;
  /** Names of the private repositories that the token can see. Default: all. */
  repositories?: string[];
  /** Requests per hour. Default: a limit of 5,000, of which none are used. */
  rate_limit?: { limit: number; remaining?: number };
}

/** Returns the current time of the fleet, in milliseconds since the epoch. */
export function currentTime(fleet: Fleet): number {
  return fleet.now === undefined ? Date.now() : Date.parse(fleet.now);
}
