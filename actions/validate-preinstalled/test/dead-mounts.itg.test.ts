import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { withMounts } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';

const action = resolve(import.meta.dirname, '..');
const reason =
  process.getuid?.() === 0 && existsSync('/dev/fuse') && withMounts([]) !== undefined
    ? ''
    : ' (skipped: needs root, mount namespaces and /dev/fuse)';

interface Inside {
  outputs: Record<string, string>;
  results: { status: string; found: string; advice?: string; kind: string; name: string }[];
}

/** Checks a manifest in a mount namespace in which a file system at `dead` never answers: no process serves it. */
function checkInside(dead: string, manifest: string, env: Record<string, string>): Inside {
  const inputs = { manifest, 'on-failure': 'warn' };
  const script = `import { openSync, readFileSync } from 'node:fs'; import { spawnSync } from 'node:child_process';
    const stdio = ['ignore', 'inherit', 'inherit', openSync('/dev/fuse', 'r+')];
    const options = 'fd=3,rootmode=40000,user_id=0,group_id=0,allow_other';
    spawnSync('mount', ['-i', '-t', 'fuse', '-o', options, 'dead', ${JSON.stringify(dead)}], { stdio });
    const { launchJob } = await import('${resolve(action, '../../packages/testing/src/index.ts')}');
    const steps = [{ action: ${JSON.stringify(action)}, with: ${JSON.stringify(inputs)} }];
    const job = await launchJob({ steps, env: ${JSON.stringify(env)} });
    const { outputs } = job.steps[0];
    const { results } = JSON.parse(readFileSync(outputs.report, 'utf8'));
    console.log('\\n' + JSON.stringify({ outputs, results }));
    // Processes that were abandoned in the dead file system must not keep this one.
    process.exit();`;
  const args = ['--mount', process.execPath, '--input-type=module', '-e', script];
  const { stdout, stderr } = spawnSync('unshare', args, { encoding: 'utf8' });
  const last = stdout.trimEnd().split('\n').at(-1) ?? '';
  if (!last.startsWith('{')) throw new Error(stderr);
  return JSON.parse(last) as Inside;
}

describe.skipIf(reason !== '')(`validate-preinstalled and a file system that never answers${reason}`, () => {
  it('says so of each path on it, and checks the rest', () => {
    const folder = mkdtempSync(join(tmpdir(), 'dead-'));
    const dead = join(folder, 'nfs');
    mkdirSync(dead);
    mkdirSync(join(folder, 'bin'));
    symlinkSync(process.execPath, join(folder, 'bin/node'));
    symlinkSync(join(dead, 'tool'), join(folder, 'bin/linked-tool'));
    writeFileSync(join(folder, 'file'), 'x');
    symlinkSync(join(dead, 'model'), join(folder, 'link'));
    const manifest = `version: 1
defaults: { timeout: 1s }
tools: { node: latest, linked-tool: latest, missing-tool: latest }
files:
  - path: ${join(dead, 'model')}
  - path: ${join(folder, 'link')}
  - path: ${join(dead, '*.bin')}
  - path: ${join(folder, '*/*.bin')}
  - path: ${join(folder, 'file')}
env: { MODELS: { is: directory } }
system: { disk: [{ path: '${dead}', free: 1B }] }
mounts: [{ path: '${dead}', type: fuse }]
`;
    const PATH = [join(folder, 'bin'), dead, '/usr/bin', '/bin'].join(':');
    const { outputs, results } = checkInside(dead, manifest, { MODELS: dead, PATH });
    const statuses = results.map(({ status, kind, name }) => `${status} ${kind} ${name}`);
    expect(statuses.sort()).toEqual(
      [
        ...[join(dead, 'model'), join(folder, 'link'), join(dead, '*.bin'), join(folder, '*/*.bin')].map(
          (path) => `error file ${path}`,
        ),
        ...[
          `pass file ${join(folder, 'file')}`,
          'error env MODELS',
          `error disk ${dead}`,
          `pass mount ${dead}`,
        ],
        ...['pass tool node', 'error tool linked-tool', 'error tool missing-tool'],
      ].sort(),
    );
    for (const { status, found } of results)
      if (status === 'error') expect(found).toMatch(/does not answer within \d+ s: it is on .*nfs \(fuse\)$/);
    expect(outputs).toMatchObject({ status: 'error', errored: '8', passed: '3' });
  });
});

describe('the process for paths that may hang', () => {
  const ask = (question: object): unknown =>
    JSON.parse(
      execFileSync(process.execPath, [join(action, 'dist/path-helper/index.js')], {
        input: JSON.stringify(question),
        encoding: 'utf8',
      }),
    );

  it('answers what the action asks', () => {
    const folder = mkdtempSync(join(tmpdir(), 'asked-'));
    const path = join(folder, 'a.bin');
    writeFileSync(path, 'content', { mode: 0o755 });
    const sha256 = 'ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73';
    expect(ask({ act: 'look', path, rights: ['execute'] })).toMatchObject({
      ok: true,
      result: { there: 'file', size: 7, denied: [] },
    });
    expect(ask({ act: 'look', path: join(folder, 'none'), rights: [] })).toMatchObject({
      result: { there: 'nothing' },
    });
    expect(ask({ act: 'find', pattern: join(folder, '*.bin') })).toEqual({ ok: true, result: [path] });
    expect(ask({ act: 'read', path, limitBytes: 3 })).toEqual({ ok: true, result: 'con' });
    expect(ask({ act: 'read', path: folder, limitBytes: 3 })).toEqual({ ok: true, result: null });
    expect(ask({ act: 'digest', path })).toEqual({ ok: true, result: sha256 });
    expect(ask({ act: 'disk', path })).toMatchObject({
      ok: true,
      result: { totalBytes: expect.any(Number) },
    });
    expect(ask({ act: 'list', path: folder })).toMatchObject({ ok: true, result: { names: ['a.bin'] } });
    expect(ask({ act: 'list', path })).toEqual({ ok: true, result: null });
  });
});
