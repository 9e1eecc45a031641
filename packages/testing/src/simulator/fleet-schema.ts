const text = { type: 'string' };
const count = { type: 'integer', minimum: 0 };
const flag = { type: 'boolean' };
const texts = { type: 'array', items: text };
const time = { type: 'string', pattern: '^(\\d{4}-\\d\\d-\\d\\dT.*|-\\d+[smhd])$' };

/** The schema of an object that allows no other properties. */
function closed(required: string[], properties: Record<string, unknown>) {
  return { type: 'object', required, properties, additionalProperties: false };
}

function nullable(schema: { type: string }) {
  return { ...schema, type: [schema.type, 'null'] };
}

const listOf = (items: unknown) => ({ type: 'array', items });
const mapOf = (values: unknown) => ({ type: 'object', additionalProperties: values });

const runner = closed(['id', 'name', 'labels'], {
  id: count,
  name: text,
  os: text,
  status: { enum: ['online', 'offline'] },
  busy: flag,
  labels: texts,
  runner_group_id: count,
  ephemeral: flag,
  version: text,
});

const collaborator = closed(['login', 'role'], {
  login: text,
  id: count,
  role: { enum: ['admin', 'maintain', 'write', 'triage', 'read'] },
});

const comment = closed(['user', 'body', 'created_at'], { user: text, body: text, created_at: time });

const issue = closed(['number', 'title'], {
  ...{ number: count, title: text, body: text, user: text, labels: texts, pull_request: flag },
  state: { enum: ['open', 'closed'] },
  state_reason: { enum: ['completed', 'reopened', 'not_planned', 'duplicate', null] },
  ...{ created_at: time, updated_at: time, closed_at: nullable(time) },
  comments: listOf(comment),
});

const repository = closed(['id', 'name'], {
  id: count,
  name: text,
  private: flag,
  fork: flag,
  default_branch: text,
  collaborators: listOf(collaborator),
  runners: listOf(runner),
  files: mapOf(text),
  files_at: mapOf(mapOf(text)),
  issues: listOf(issue),
  has_issues: flag,
});

const group = closed(['id', 'name', 'visibility'], {
  id: count,
  name: text,
  visibility: { enum: ['all', 'private', 'selected'] },
  default: flag,
  inherited: flag,
  enterprise_id: count,
  allows_public_repositories: flag,
  selected_repositories: texts,
  restricted_to_workflows: flag,
  selected_workflows: texts,
});

const run = closed(['id', 'status'], {
  id: count,
  status: text,
  conclusion: nullable(text),
  workflow_id: count,
  run_attempt: count,
  ...Object.fromEntries(['created_at', 'run_started_at', 'updated_at'].map((name) => [name, time])),
  ...Object.fromEntries(['repository', 'name', 'path', 'event', 'actor'].map((name) => [name, text])),
  ...Object.fromEntries(['head_branch', 'head_sha', 'head_repository'].map((name) => [name, text])),
});

const step = closed(['name', 'number', 'status', 'conclusion'], {
  name: text,
  number: count,
  status: { enum: ['queued', 'in_progress', 'completed'] },
  conclusion: nullable(text),
  started_at: nullable(time),
  completed_at: nullable(time),
});

const job = closed(['id', 'run_id', 'name', 'status'], {
  id: count,
  run_id: count,
  run_attempt: count,
  name: text,
  status: { enum: ['queued', 'in_progress', 'completed', 'waiting', 'requested', 'pending'] },
  conclusion: nullable(text),
  created_at: time,
  started_at: time,
  completed_at: nullable(time),
  labels: texts,
  runner_id: nullable(count),
  runner_name: nullable(text),
  runner_group_id: nullable(count),
  runner_group_name: nullable(text),
  steps: listOf(step),
});

const token = closed([], {
  permissions: mapOf({ enum: ['read', 'write'] }),
  login: text,
  repositories: texts,
  rate_limit: closed(['limit'], { limit: count, remaining: count }),
});

/** JSON Schema of a fleet file. The types in `fleet.ts` describe what the fields mean. */
export const fleetSchema = closed(['owner', 'repositories', 'tokens'], {
  now: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT' },
  owner: closed(['login', 'kind'], { login: text, kind: { enum: ['user', 'organization'] }, id: count }),
  enterprise: text,
  repositories: listOf(repository),
  organization_runners: listOf(runner),
  enterprise_runners: listOf(runner),
  runner_groups: listOf(group),
  runs: listOf(run),
  jobs: listOf(job),
  tokens: mapOf(token),
});
