import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JobOptions } from './job.ts';

/** The folders of a runner, as it lays them out under `_work`. */
export interface RunnerDirectory {
  directory: string;
  workspace: string;
  temp: string;
  commands: string;
}

export function layOutRunner(options: JobOptions): RunnerDirectory {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'runner-'));
  const repository = (options.repository ?? 'octo/app').split('/')[1] ?? 'app';
  const workspace = options.workspace ?? join(directory, '_work', repository, repository);
  const temp = join(directory, '_work', '_temp');
  const commands = join(temp, '_runner_file_commands');
  for (const folder of [workspace, commands, join(directory, '_work', '_tool'), join(directory, 'home')]) {
    mkdirSync(folder, { recursive: true });
  }
  return { directory, workspace, temp, commands };
}

/** The variables that every step of the job gets. Source: GitHub's page "Variables reference". */
export function jobEnvironment(options: JobOptions, folders: RunnerDirectory): Record<string, string> {
  const [owner = 'octo', name = 'app'] = (options.repository ?? 'octo/app').split('/');
  const eventPath = join(folders.temp, '_github_workflow', `event-${randomUUID()}.json`);
  mkdirSync(join(folders.temp, '_github_workflow'), { recursive: true });
  const event = options.event ?? { name: 'push', payload: defaultPayload(owner, name) };
  writeFileSync(eventPath, typeof event.payload === 'string' ? event.payload : JSON.stringify(event.payload));
  return {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: join(folders.directory, 'home'),
    LANG: 'C.UTF-8',
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTOR: 'octocat',
    GITHUB_API_URL: 'http://127.0.0.1:9',
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_EVENT_NAME: event.name,
    GITHUB_EVENT_PATH: eventPath,
    GITHUB_JOB: options.job ?? 'build',
    GITHUB_REF: 'refs/heads/main',
    GITHUB_REF_NAME: 'main',
    GITHUB_REPOSITORY: `${owner}/${name}`,
    GITHUB_REPOSITORY_ID: '1296269',
    GITHUB_REPOSITORY_OWNER: owner,
    GITHUB_REPOSITORY_OWNER_ID: '583231',
    GITHUB_RUN_ID: '30433642',
    GITHUB_RUN_NUMBER: '562',
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_SHA: 'acb5820ced9479c074f688cc328bf03f341a511d',
    GITHUB_WORKFLOW: 'CI',
    GITHUB_WORKSPACE: folders.workspace,
    RUNNER_ARCH: 'X64',
    RUNNER_ENVIRONMENT: options.environment ?? 'self-hosted',
    RUNNER_NAME: 'runner-1',
    RUNNER_OS: 'Linux',
    RUNNER_TEMP: folders.temp,
    RUNNER_TOOL_CACHE: join(folders.directory, '_work', '_tool'),
    RUNNER_TRACKING_ID: `github_${randomUUID()}`,
    RUNNER_WORKSPACE: join(folders.directory, '_work', name),
    ...options.env,
  };
}

function defaultPayload(owner: string, name: string): unknown {
  const repository = {
    id: 1296269,
    name,
    full_name: `${owner}/${name}`,
    private: true,
    default_branch: 'main',
    fork: false,
  };
  return { ref: 'refs/heads/main', repository };
}
