import { constants } from 'node:fs';
import { access, mkdtemp, realpath, rm, stat } from 'node:fs/promises';
import { delimiter, join, parse } from 'node:path';
import { type Deadline, execute, type Job } from '@runner-actions/core';
import { probeEnvironment } from './probe-environment.ts';
import { probeOf } from './probes.ts';
import type { ToolFacts } from './tools.ts';

const probeTimeout = 10_000;
const outputLimit = 64 * 1024;

export interface Tools {
  ask(name: string): Promise<ToolFacts>;
  close(): Promise<void>;
}

/** Asks a tool for its version, in an empty folder, so that no project file turns it into another version. */
export async function openTools(job: Job, deadline: Deadline): Promise<Tools> {
  const own = await mkdtemp(join(job.temp, 'probe-')).catch(() => undefined);
  // Where no folder can be made, the root is the one that is the least likely to hold a project.
  const cwd = own ?? parse(process.execPath).root;
  const env = probeEnvironment(job.environment);
  const asked = new Map<string, Promise<ToolFacts>>();
  const ask = async (name: string): Promise<ToolFacts> => {
    const copies = await findOnPath(name, job.environment);
    const [path] = copies;
    if (path === undefined) return { copies, execution: undefined };
    const argv = [path, ...probeOf(name).arguments];
    const execution = await execute(argv, {
      cwd,
      env,
      deadline,
      timeout: probeTimeout,
      limitBytes: outputLimit,
    });
    return { copies, execution };
  };
  return {
    ask: (name) => {
      const facts = asked.get(name) ?? ask(name);
      asked.set(name, facts);
      return facts;
    },
    // What a tool left running may still write there. The folder is the runner's to empty, and no reason to know nothing.
    close: async () => {
      if (own !== undefined) await rm(own, { recursive: true, force: true }).catch(() => undefined);
    },
  };
}

/** All executable files of that name on PATH, in its order. */
export async function findOnPath(name: string, environment: Job['environment']): Promise<string[]> {
  if (/[/\\]/.test(name)) return [];
  const extensions = process.platform === 'win32' ? (environment['PATHEXT'] ?? '.EXE;.CMD').split(';') : [''];
  const folders = await foldersOf(environment['PATH'] ?? '');
  const candidates = folders.flatMap((folder) =>
    extensions.map((extension) => join(folder, name + extension)),
  );
  const found = await Promise.all(candidates.map(isExecutable));
  return candidates.filter((_, index) => found[index]);
}

const folderLists = new Map<string, Promise<string[]>>();

/** The folders of a PATH. They are looked at once, however many tools are sought in them. */
function foldersOf(path: string): Promise<string[]> {
  const folders = folderLists.get(path) ?? listFolders(path);
  folderLists.set(path, folders);
  return folders;
}

/** Where /bin links to /usr/bin, one copy is not two; what is not there holds nothing. */
async function listFolders(path: string): Promise<string[]> {
  const listed = path.split(delimiter).filter((folder) => folder !== '');
  const real = await Promise.all(listed.map((folder) => realpath(folder).catch(() => undefined)));
  return listed.filter((_, index) => real[index] !== undefined && real.indexOf(real[index]) === index);
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
