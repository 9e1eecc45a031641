import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { copyFolder, identify, servedFiles } from '../../try/folder.ts';
import { removeFolder, removeLeftovers } from '../../try/temporary.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'folder-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const from = () => join(folder, 'from');
const to = () => join(folder, 'to');

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(from(), path)), { recursive: true });
    writeFileSync(join(from(), path), text);
  }
}

function git(...args: string[]): void {
  execFileSync('git', args, { cwd: from(), stdio: 'ignore' });
}

const copied = () => readdirSync(to(), { recursive: true, encoding: 'utf8' }).sort();

describe('the copy of a git checkout', () => {
  it('has what a push would publish: changes and new files, but nothing that is ignored or deleted', () => {
    write({ 'a.txt': 'old', 'gone.txt': 'x', '.gitignore': 'secret.env\n' });
    git('init');
    git('add', '--all');
    write({ 'a.txt': 'new', 'new.txt': 'x', 'secret.env': 'x' });
    rmSync(join(from(), 'gone.txt'));
    expect(copyFolder(from(), to())).toEqual({ files: 3, leftOut: [], isCheckout: true });
    expect(copied()).toEqual(['.gitignore', 'a.txt', 'new.txt']);
    expect(readFileSync(join(to(), 'a.txt'), 'utf8')).toBe('new');
  });

  it('keeps the mode of a program', () => {
    write({ 'run.sh': '#!/bin/sh' });
    execFileSync('chmod', ['755', join(from(), 'run.sh')]);
    copyFolder(from(), to());
    expect(statSync(join(to(), 'run.sh')).mode & 0o111).toBe(0o111);
  });

  it('leaves out links that end outside, through which a job could write, and repositories of their own', () => {
    write({ 'a/file': 'x', 'sub/file': 'x' });
    git('init');
    execFileSync('git', ['init'], { cwd: join(from(), 'sub'), stdio: 'ignore' });
    symlinkSync('a/file', join(from(), 'inside'));
    symlinkSync(join(from(), 'a'), join(from(), 'absolute'));
    symlinkSync('../outside', join(from(), 'outside'));
    const { leftOut } = copyFolder(from(), to());
    expect(leftOut).toEqual([
      ['outside', 'a link that ends outside of the folder'],
      ['sub/', 'a repository of its own, such as a submodule'],
    ]);
    // An absolute link would lead a job back to the user's own folder.
    expect(readlinkSync(join(to(), 'absolute'))).toBe('a');
    expect(readlinkSync(join(to(), 'inside'))).toBe('a/file');
  });
});

describe('the copy of any other folder', () => {
  it('has all files, without .git and what is neither a file nor a link', () => {
    write({ 'a/b.txt': 'x', '.git/config': 'broken' });
    execFileSync('mkfifo', [join(from(), 'pipe')]);
    expect(copyFolder(from(), to())).toEqual({
      files: 1,
      leftOut: [['pipe', 'neither a file nor a link']],
      isCheckout: false,
    });
    expect(copied()).toEqual(['a', 'a/b.txt']);
  });
});

describe('what is known about the folder', () => {
  it('is its remote and its branch', () => {
    mkdirSync(from());
    git('init', '--initial-branch=topic');
    git('remote', 'add', 'origin', 'git@github.com:acme/shop.git');
    expect(identify(from())).toEqual({ repository: 'acme/shop', branch: 'topic' });
  });

  it('is nothing without a checkout', () => {
    mkdirSync(from());
    expect(identify(from())).toEqual({ repository: undefined, branch: 'main' });
  });
});

describe('the files that the simulator serves', () => {
  it('are those in .github and other YAML and JSON, up to 1 MiB', () => {
    write({
      '.github/CODEOWNERS': 'a',
      'b/c.yml': 'c',
      'd.txt': 'd',
      'big.json': ' '.repeat(1024 * 1024 + 1),
    });
    expect(servedFiles(from())).toEqual({ '.github/CODEOWNERS': 'a', 'b/c.yml': 'c' });
  });
});

describe('what a killed run leaves', () => {
  const tracking = '01234567-89ab-4cde-8f01-23456789abcd';
  const leftover = (run: string): string => {
    const path = join(folder, 'runner-actions-try-abc');
    mkdirSync(join(path, 'home'), { recursive: true });
    writeFileSync(join(path, 'run'), run);
    return path;
  };

  it('is removed by the next run, with its processes', async () => {
    const dead = spawn('true');
    await once(dead, 'exit');
    const child = spawn('sleep', ['60'], { env: { ...process.env, RUNNER_TRACKING_ID: tracking } });
    const path = leftover(`${dead.pid} ${tracking}`);
    const ended = once(child, 'exit');
    expect(removeLeftovers(folder)).toEqual([path]);
    expect(await ended).toEqual([null, 'SIGKILL']);
    expect(existsSync(path)).toBe(false);
  });

  it.each(['', 'text', `${process.pid} ${tracking}`])(
    'stays if its process runs or is not known: %j',
    (run) => {
      const path = leftover(run);
      expect(removeLeftovers(folder)).toEqual([]);
      expect(existsSync(path)).toBe(true);
    },
  );

  it('is removed although nobody may write to it', () => {
    const path = leftover('');
    execFileSync('chmod', ['500', join(path, 'home'), path]);
    expect(removeFolder(path)).toBeUndefined();
    expect(existsSync(path)).toBe(false);
  });
});
