/**
 * What the simulated GitHub knows. Fields are named as GitHub's API names them; what is left out gets a plausible
 * value when an answer is rendered. Times are ISO 8601.
 */
export interface Fleet {
  /** The simulated time; default: the real one. */
  now?: string;
  owner: { login: string; kind: 'user' | 'organization'; id?: number };
  enterprise?: string;
  repositories: FleetRepository[];
  organization_runners?: FleetRunner[];
  enterprise_runners?: FleetRunner[];
  runner_groups?: FleetRunnerGroup[];
  runs?: FleetRun[];
  jobs?: FleetJob[];
  /** By their value. A request without a token sees public repositories; an unknown token is a 401. */
  tokens: Record<string, FleetToken>;
}

export interface FleetRepository {
  id: number;
  name: string;
  private?: boolean;
  fork?: boolean;
  /** Default: `main`. */
  default_branch?: string;
  runners?: FleetRunner[];
  /** Path to text, on the default branch. */
  files?: Record<string, string>;
  /** The files of other branches, tags and commits. */
  files_at?: Record<string, Record<string, string>>;
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
  /** From the enterprise: its runners are listed in the group, not among the organization's. */
  inherited?: boolean;
  allows_public_repositories?: boolean;
  /** Names of repositories; for visibility `selected`. */
  selected_repositories?: string[];
  restricted_to_workflows?: boolean;
  selected_workflows?: string[];
}

export interface FleetRun {
  id: number;
  /** Name of the repository; default: the first one. */
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
  /** GitHub documents `null` for a job without a runner; `0` has been seen too. */
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
  /** Names of the private repositories that it sees; default: all. */
  repositories?: string[];
  /** Requests per hour; default: 5,000, of which none are used. */
  rate_limit?: { limit: number; remaining?: number };
}

/** Now in milliseconds, by the fleet's clock. */
export function clock(fleet: Fleet): number {
  return fleet.now === undefined ? Date.now() : Date.parse(fleet.now);
}
