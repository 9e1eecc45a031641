import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { launchJob } from '@runner-actions/testing';

const action = resolve(import.meta.dirname, '../..');
export const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

/** A tar of `tool-1.0/bin/my-tool`, with more arguments for tar. */
export function tarOf(
  prepare: (folder: string) => void = () => undefined,
  more: readonly string[] = [],
): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'archive-'));
  mkdirSync(join(folder, 'tool-1.0/bin'), { recursive: true });
  writeFileSync(join(folder, 'tool-1.0/bin/my-tool'), '#!/bin/sh\necho my-tool 1.0.0\n', { mode: 0o755 });
  prepare(folder);
  return execFileSync('tar', ['-czf', '-', '-C', folder, ...more, 'tool-1.0']);
}

interface Offered {
  digest?: string;
  strip?: number;
  name?: string;
}

/** Serves archives until it is closed. */
export async function openArchiveServer() {
  const files = new Map<string, Buffer>();
  const waiting: (() => void)[] = [];
  let [requests, together] = [0, 1];
  const server = createServer((request, response) => {
    requests += 1;
    waiting.push(() => {
      const data = files.get(request.url ?? '');
      response.writeHead(data === undefined ? 404 : 200).end(data);
    });
    if (waiting.length >= together) for (const answer of waiting.splice(0)) answer();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    close: () => server.close(),
    requests: () => requests,
    /** From now on, answers wait until this many requests are there. */
    answerTogether: (count: number) => {
      together = count;
    },
    /** Offers an archive, and returns a manifest that wants it. */
    offer(
      data: Buffer,
      { digest = sha256(data), strip = 1, name = `/${sha256(data)}.tar.gz` }: Offered = {},
    ): string {
      files.set(name, data);
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${name}`;
      const archive = { url, sha256: digest, strip, bin: 'bin' };
      const archives = { [`linux-${process.arch}`]: archive };
      const features = { 'my-tool': { version: '1.0.0', archives } };
      const tools = { 'my-tool': { version: '1.0.0', install: false } };
      return JSON.stringify({ version: 1, features, tools }, null, 1);
    },
  };
}

export const emptyCache = (): string => mkdtempSync(join(tmpdir(), 'cache-'));

/** Installs what a manifest wants into a tool cache. */
export async function install(manifest: string, cache: string) {
  const env = { RUNNER_TOOL_CACHE: cache, AGENT_TOOLSDIRECTORY: cache };
  const steps = [{ action, with: { manifest, mode: 'install', 'on-failure': 'warn' } }];
  const [step] = (await launchJob({ env, steps })).steps;
  if (step === undefined) throw new Error('no step ran');
  return { ...step, problems: step.annotations.map(({ message }) => message).join('\n') };
}

export const versionFolder = (cache: string): string => join(cache, 'my-tool/1.0.0');

/** The names beside the place of the archive, its own among them. */
export const left = (cache: string): string[] =>
  existsSync(versionFolder(cache)) ? readdirSync(versionFolder(cache)).toSorted() : [];
export const whole = [process.arch, `${process.arch}.complete`];
