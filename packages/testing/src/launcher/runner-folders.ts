import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addVariables, type JobVariables, readEnvFile } from './environment.ts';
import type { JobOptions } from './job.ts';

/** The folders of a runner. */
export interface RunnerFolders {
  /** The runner's own folder, which holds `_work`. */
  directory: string;
  workspace: string;
  /** `_work/_temp`. */
  temp: string;
  /** The folder of the files to which steps write commands. */
  commands: string;
}

/** Creates the runner's folders and empties `_temp`, as the runner does at the start of a job. */
export function createRunnerFolders(options: JobOptions): RunnerFolders {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'runner-'));
  const repository = (options.repository ?? 'octo/app').split('/')[1] ?? 'app';
  const workspace = options.workspace ?? join(directory, '_work', repository, repository);
  const temp = join(directory, '_work', '_temp');
  const commands = join(temp, '_runner_file_commands');
  rmSync(temp, { recursive: true, force: true });
  for (const folder of [workspace, commands, join(directory, '_work', '_tool'), join(directory, 'home')]) {
    mkdirSync(folder, { recursive: true });
  }
  return { directory, workspace, temp, commands };
}

/** Builds the job's variables. Source: GitHub's page "Variables reference"; actions/runner 2.336.0, ExecutionContext.cs. */
export function jobVariables(options: JobOptions, folders: RunnerFolders): JobVariables {
  const machine = {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: join(folders.directory, 'home'),
    LANG: 'C.UTF-8',
    ...options.machine,
    ...readEnvFile(folders.directory),
    RUNNER_TRACKING_ID: `github_${randomUUID()}`,
  };
  const variables: JobVariables = { machine, workflow: {}, contexts: {}, services: {}, paths: [] };
  addVariables(variables, { ...githubVariables(options, folders), ...runnerVariables(options, folders) });
  addVariables(variables, options.env ?? {});
  const { contexts } = variables;
  const { name, type } = readRef(contexts['GITHUB_REF'] ?? '');
  const file = `${contexts['GITHUB_REPOSITORY']}/.github/workflows/ci.yml@${contexts['GITHUB_REF']}`;
  variables.contexts = {
    GITHUB_REF_NAME: name,
    GITHUB_REF_TYPE: type,
    GITHUB_TRIGGERING_ACTOR: contexts['GITHUB_ACTOR'] ?? '',
    GITHUB_WORKFLOW_REF: file,
    GITHUB_WORKFLOW_SHA: contexts['GITHUB_SHA'] ?? '',
    ...contexts,
  };
  return variables;
}

function readRef(ref: string): { name: string; type: 'branch' | 'tag' } {
  return {
    name: ref.replace(/^refs\/(?:heads|tags|pull)\//, ''),
    type: ref.startsWith('refs/tags/') ? 'tag' : 'branch',
  };
}

function githubVariables(options: JobOptions, folders: RunnerFolders): Record<string, string> {
  const [owner = 'octo', name = 'app'] = (options.repository ?? 'octo/app').split('/');
  const event = options.event ?? { name: 'push', payload: pushPayload(owner, name) };
  const eventPath = join(folders.temp, '_github_workflow', 'event.json');
  mkdirSync(join(folders.temp, '_github_workflow'), { recursive: true });
  writeFileSync(eventPath, typeof event.payload === 'string' ? event.payload : JSON.stringify(event.payload));
  return {
    GITHUB_ACTOR: 'octocat',
    GITHUB_ACTOR_ID: '583231',
    GITHUB_API_URL: 'http://127.0.0.1:9',
    GITHUB_BASE_REF: '',
    GITHUB_EVENT_NAME: event.name,
    GITHUB_EVENT_PATH: eventPath,
    GITHUB_GRAPHQL_URL: 'https://api.github.com/graphql',
    GITHUB_HEAD_REF: '',
    GITHUB_JOB: options.job ?? 'build',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_REF_PROTECTED: 'false',
    GITHUB_REPOSITORY: `${owner}/${name}`,
    GITHUB_REPOSITORY_ID: '1296269',
    GITHUB_REPOSITORY_OWNER: owner,
    GITHUB_REPOSITORY_OWNER_ID: '583231',
    GITHUB_RETENTION_DAYS: '90',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_RUN_ID: '30433642',
    GITHUB_RUN_NUMBER: '562',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_SHA: 'acb5820ced9479c074f688cc328bf03f341a511d',
    GITHUB_WORKFLOW: 'CI',
    GITHUB_WORKSPACE: folders.workspace,
  };
}

function runnerVariables(options: JobOptions, folders: RunnerFolders): Record<string, string> {
  const name = (options.repository ?? 'octo/app').split('/')[1] ?? 'app';
  return {
    RUNNER_ARCH: 'X64',
    RUNNER_ENVIRONMENT: options.environment ?? 'self-hosted',
    RUNNER_NAME: 'runner-1',
    RUNNER_OS: 'Linux',
    RUNNER_TEMP: folders.temp,
    RUNNER_TOOL_CACHE: join(folders.directory, '_work', '_tool'),
    RUNNER_WORKSPACE: join(folders.directory, '_work', name),
  };
}

/**
 * Returns the payload of a push. GitHub also says whether a user or an organization owns the repository. `ownerType` is
 * left out if only the server of the job knows.
 */
export function pushPayload(owner: string, name: string, ownerType?: 'Organization'): unknown {
  const repository = {
    id: 1296269,
    name,
    full_name: `${owner}/${name}`,
    private: true,
    default_branch: 'main',
    fork: false,
    ...(ownerType === undefined ? {} : { owner: { login: owner, type: ownerType } }),
  };
  return { ref: 'refs/heads/main', repository };
}
