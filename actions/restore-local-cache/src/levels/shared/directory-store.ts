import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import type { Deadline } from '@runner-actions/core';
import type { Listed, ObjectStore } from './object-store.ts';

/** A request to the helper process: one argument in JSON. */
export type HelperRequest =
  | { act: 'list'; folder: string; prefix: string }
  | { act: 'has'; folder: string; name: string }
  | { act: 'get'; folder: string; name: string; file: string; most: number; cut: boolean }
  | { act: 'put'; folder: string; name: string; file: string; replace: boolean };

/** The reply of the helper process: one line in JSON. */
export type HelperReply = { ok: true; result: unknown } | { ok: false; message: string };

/**
 * Opens a folder on a network file system. Each call runs in a separate process: if the server is gone, a call into
 * the file system never returns and cannot be killed. The action must be able to abandon it.
 */
export function openDirectory(folder: string, deadline: Deadline): ObjectStore {
  const ask = (request: HelperRequest) => runHelper(request, deadline);
  return {
    title: `the folder ${folder}`,
    list: async (prefix) => (await ask({ act: 'list', folder, prefix })) as Listed[],
    has: async (name) => (await ask({ act: 'has', folder, name })) as boolean,
    get: async (name, file, most, cut = false) => {
      await ask({ act: 'get', folder, name, file, most, cut });
    },
    put: async (file, name, replace = false) =>
      (await ask({ act: 'put', folder, name, file, replace })) as 'saved' | 'exists',
  };
}

/** Variables that may contain secrets. They are not passed to a process that may stay behind. */
const secretVariables = /^(?:INPUT|AWS|ACTIONS)_/;

/**
 * Runs the helper process.
 * @throws Error with its message, or if it does not answer in time; then the process is abandoned
 */
function runHelper(request: HelperRequest, deadline: Deadline): Promise<unknown> {
  const script = join(dirname(process.argv[1] ?? ''), 'directory-helper', 'index.js');
  const child = spawn(process.execPath, [script, JSON.stringify(request)], {
    env: Object.fromEntries(Object.entries(process.env).filter(([name]) => !secretVariables.test(name))),
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
    windowsHide: true,
  });
  return new Promise((resolve, reject) => {
    const milliseconds = Math.round(deadline.remaining());
    const abandon = (): void => {
      child.kill('SIGKILL');
      child.stdout.destroy();
      child.unref();
      reject(new Error(`it did not answer within ${milliseconds} ms`));
    };
    const timer = setTimeout(abandon, milliseconds);
    let text = '';
    child.stdout.on('data', (part: Buffer) => (text += part.toString()));
    child.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.stdout.on('end', () => {
      clearTimeout(timer);
      parseReply(text, resolve, reject);
    });
  });
}

function parseReply(text: string, resolve: (result: unknown) => void, reject: (error: Error) => void): void {
  try {
    const reply = JSON.parse(text) as HelperReply;
    if (reply.ok) resolve(reply.result);
    else reject(new Error(reply.message));
  } catch {
    reject(new Error('the helper process ended without a reply'));
  }
}
