import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  type Dirent,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { UsageError } from './usage-error.ts';

/** Limits for a folder that is not a git checkout. It may hold anything, such as a home folder. */
const limits = { files: 100_000, bytes: 4 * 1024 ** 3 };

/** What is known about the user's folder from its git checkout. */
export interface Identity {
  /** `owner/name` of the remote `origin`. */
  repository: string | undefined;
  branch: string;
}

export interface Copy {
  files: number;
  /** What was left out, by path, with the reason. */
  leftOut: [path: string, reason: string][];
  isCheckout: boolean;
}

/** Runs git with the user's settings, which say what is ignored. @returns `undefined` if it fails */
function git(folder: string, ...args: string[]): string | undefined {
  // In a git hook, for example, these variables would make git use another repository.
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));
  const { status, stdout } = spawnSync('git', args, {
    ...{ cwd: folder, encoding: 'utf8', maxBuffer: 256 * 1024 * 1024, env },
  });
  return status === 0 ? stdout : undefined;
}

/** Returns the name of the repository and the branch. Defaults: none, and `main`. */
export function identify(folder: string): Identity {
  const remote = git(folder, 'remote', 'get-url', 'origin')?.trim() ?? '';
  const branch = git(folder, 'symbolic-ref', '--quiet', '--short', 'HEAD')?.trim();
  return { repository: ownerAndName(remote), branch: branch ?? 'main' };
}

/** Returns `owner/name` from the address of a remote; `undefined` for the path of a local folder. */
export function ownerAndName(remote: string): string | undefined {
  const path = /^(?:[a-z+]+:\/\/[^/]+\/|[^/:]+:)(.+)$/i.exec(remote)?.[1];
  const [owner, name, ...more] = (path ?? '').replace(/\.git\/?$/, '').split('/');
  const isName = (text: string | undefined): boolean => /^[\w.-]+$/.test(text ?? '');
  return more.length === 0 && isName(owner) && isName(name) ? `${owner}/${name}` : undefined;
}

/**
 * Copies what a push would publish: the files that git tracks or would add, with their changes. Without a checkout, it
 * copies all files. It follows no link, and leaves out links that end outside of the folder: a job could write
 * through them.
 *
 * @throws UsageError if the folder is too large
 */
export function copyFolder(from: string, to: string): Copy {
  const listed = git(from, 'ls-files', '--cached', '--others', '--exclude-standard', '-z');
  const copy: Copy = { files: 0, leftOut: [], isCheckout: listed !== undefined };
  const paths = listed === undefined ? walk(from, copy) : new Set(listed.split('\0'));
  for (const path of paths) if (path !== '') copyEntry(from, to, path, copy);
  return copy;
}

function copyEntry(from: string, to: string, path: string, copy: Copy): void {
  const source = join(from, path);
  const entry = lstatSync(source, { throwIfNoEntry: false });
  // A file that is deleted but still in the index is not part of the next commit.
  if (entry === undefined) return;
  const leaveOut = (reason: string): void => void copy.leftOut.push([path, reason]);
  const target = join(to, path);
  if (entry.isSymbolicLink()) {
    const end = resolve(dirname(source), readlinkSync(source));
    if (relative(from, end).split(sep)[0] === '..') return leaveOut('a link that ends outside of the folder');
    mkdirSync(dirname(target), { recursive: true });
    symlinkSync(relative(dirname(source), end) || '.', target);
  } else if (entry.isFile()) {
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(source, target);
  } else if (entry.isDirectory()) return leaveOut('a repository of its own, such as a submodule');
  else return leaveOut('neither a file nor a link');
  copy.files += 1;
}

/** Lists the files below a folder, without `.git`. It does not enter other file systems. */
function* walk(folder: string, copy: Copy): Generator<string> {
  const device = lstatSync(folder).dev;
  const open = [''];
  let [files, bytes] = [0, 0];
  for (let below = open.pop(); below !== undefined; below = open.pop()) {
    for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
      const path = join(below, entry.name);
      if (entry.name === '.git') continue;
      const { dev, size } = lstatSync(join(folder, path));
      if (dev !== device) copy.leftOut.push([path, 'on another file system']);
      else if (isFolder(entry)) open.push(path);
      else {
        files += 1;
        bytes += size;
        if (files > limits.files || bytes > limits.bytes)
          throw new UsageError(
            `${folder} is not a git checkout, and has more than ${limits.files.toLocaleString('en')} files or 4 GiB. Run \`git init\` there and list what to leave out in .gitignore.`,
          );
        yield path;
      }
    }
  }
}

function isFolder(entry: Dirent): boolean {
  return entry.isDirectory() && !entry.isSymbolicLink();
}

/** Adds the files of the world to the copy, in place of files of the same name. */
export function writeFiles(folder: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    const target = join(folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}

/** Returns the files that the simulator serves: everything in `.github`, and other YAML and JSON, up to 1 MiB each. */
export function servedFiles(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const served = entries.flatMap((entry) => {
    const path = relative(folder, join(entry.parentPath, entry.name)).replaceAll(sep, '/');
    if (!entry.isFile() || path.startsWith('.git/')) return [];
    if (!path.startsWith('.github/') && !/\.(?:ya?ml|json)$/.test(path)) return [];
    const file = join(folder, path);
    return lstatSync(file).size > 1024 * 1024 ? [] : [[path, readFileSync(file, 'utf8')] as const];
  });
  return Object.fromEntries(served);
}

/** Returns whether `folder` is a folder. */
export function isExistingFolder(folder: string): boolean {
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
}
