import {
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { launchJob } from '@runner-actions/testing';
import { beforeEach, describe, expect, it } from 'vitest';

const action = resolve(import.meta.dirname, '..');
const manifest = `version: 1
tools: { mill: '>=1', wrapped: latest }
packages: [{ apt: [lathe, drill] }]
files: [{ path: $MODELS/model, size: 7 }]
env: { MODELS: { is: directory } }
`;
/** What is asked, and what is not when the machine is known: `wrapped` is a shell script, the variable costs nothing. */
const witnessed = ['mill', 'lathe', 'drill', '$MODELS/model'];

let folder: string;
const at = (name: string): string => join(folder, name);

function tool(name: string, interpreter: string, script: string): void {
  rmSync(at(name), { force: true });
  writeFileSync(at(name), `#!${interpreter}\n${script}\n`);
  chmodSync(at(name), 0o755);
}

/** A tool that leaves its name whenever it runs. */
function counting(name: string, answer: string): void {
  const [log, text] = [JSON.stringify(at('ran')), JSON.stringify(answer)];
  tool(name, process.execPath, `require('fs').appendFileSync(${log}, '${name} '); console.log(${text});`);
}

function ran(): string[] {
  const log = existsSync(at('ran')) ? readFileSync(at('ran'), 'utf8') : '';
  rmSync(at('ran'), { force: true });
  return log.trim().split(' ').sort();
}

const all = ['dpkg-query', 'mill', 'wrapped'];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'machine-'));
  counting('mill', 'mill 1.2.3');
  counting('dpkg-query', ['lathe\t1\tii \t', 'drill\t1\tii \t'].join('\n'));
  tool('wrapped', '/bin/sh', `printf 'wrapped ' >> '${at('ran')}'; echo 1.0`);
  writeFileSync(at('model'), 'content');
});

interface Given {
  known?: string | undefined;
  manifest?: string;
  inputs?: Record<string, string>;
  env?: Record<string, string>;
}

async function check(given: Given = {}) {
  const PATH = [folder, process.env['PATH']].join(delimiter);
  const inputs = { 'known-fingerprint': given.known ?? '', 'on-failure': 'warn', ...given.inputs };
  const job = await launchJob({
    env: { PATH, MODELS: folder, ...given.env },
    steps: [{ action, with: { manifest: given.manifest ?? manifest, ...inputs } }],
  });
  const [step] = job.steps;
  if (step === undefined) throw new Error('no step ran');
  const report = JSON.parse(readFileSync(step.outputs['report'] ?? '', 'utf8')) as {
    results: { requirement: { name: string }; asBefore?: boolean }[];
  };
  const kept = report.results.filter(({ asBefore }) => asBefore).map(({ requirement }) => requirement.name);
  return { ...step, fingerprint: step.outputs['fingerprint'], kept, ran: ran() };
}

describe('a machine that was checked before', () => {
  it('is not asked again for what has a witness, and says so', async () => {
    const first = await check();
    expect(first).toMatchObject({ ran: all, kept: [], fingerprint: expect.stringMatching(/^pass-\w{64}$/) });
    const again = await check({ known: first.fingerprint });
    expect(again).toMatchObject({ ran: ['wrapped'], kept: witnessed, fingerprint: first.fingerprint });
    expect(again.outputs).toMatchObject({ status: 'pass', passed: '6', 'runs-on': '"self-hosted"' });
    expect(again.stdout).toMatch(/nothing changed for 4 requirements: as checked before/);
    expect(again.summary).toContain('6 pass, 4 of them as checked before');
  });

  it('is asked all when a tool was replaced, even by one of the same size and time', async () => {
    const { fingerprint } = await check();
    const time = new Date('2026-01-01');
    utimesSync(at('mill'), time, time);
    const before = await check();
    expect(before.fingerprint).not.toBe(fingerprint);
    counting('mill', 'mill 0.2.3');
    utimesSync(at('mill'), time, time);
    const { ran: asked, outputs } = await check({ known: before.fingerprint });
    expect(asked).toEqual(all);
    expect(outputs).toMatchObject({ status: 'fail', missing: '["mill"]' });
  });

  it('fails when a tool is gone', async () => {
    const { fingerprint } = await check();
    rmSync(at('mill'));
    const { exitCode, ran: asked } = await check({ known: fingerprint, inputs: { 'on-failure': 'fail' } });
    expect([exitCode, asked]).toEqual([1, ['dpkg-query', 'wrapped']]);
  });

  it('is still asked for what has no witness', async () => {
    const { fingerprint } = await check();
    tool('wrapped', '/bin/sh', 'exit 127');
    const { kept, outputs } = await check({ known: fingerprint });
    expect(kept).toEqual(witnessed);
    expect(outputs).toMatchObject({ status: 'fail', missing: '["wrapped"]' });
  });

  it.each<[string, () => Given | void]>([
    ['another manifest', () => ({ manifest: manifest.replace('>=1', '>=1.2') })],
    ['another place for a tool', () => ({ env: { PATH: `/nowhere:${folder}:${process.env['PATH']}` } })],
    ['an event that anyone can cause', () => ({ env: { GITHUB_EVENT_NAME: 'issue_comment' } })],
    ['another file', () => writeFileSync(at('model'), 'CONTENT')],
    ['another folder of files', otherModels],
    ['a nonsense fingerprint', () => ({ known: 'pass-banana' })],
    ['a fingerprint of nowhere', () => ({ known: `pass-${'0'.repeat(64)}` })],
  ])('is asked all for %s', async (_name, change) => {
    const { fingerprint } = await check();
    const given = { known: fingerprint, ...change() };
    const { ran: asked, kept, stdout } = await check(given);
    expect([asked, kept]).toEqual([all, []]);
    expect(stdout).toMatch(/All is checked: /);
  });

  it('is asked all when the earlier check failed', async () => {
    const wanting = manifest.replace('>=1', '>=9');
    const failed = await check({ manifest: wanting });
    expect(failed.fingerprint).toMatch(/^fail-/);
    const { ran: asked, outputs, stdout } = await check({ manifest: wanting, known: failed.fingerprint });
    expect([asked, outputs['status']]).toEqual([all, 'fail']);
    expect(stdout).toContain('the earlier check did not pass');
  });

  it('asks what starts another program: a shim, and rustup by a hard link', async () => {
    const shims = join(folder, 'shims');
    mkdirSync(shims);
    copyFileSync(at('mill'), join(shims, 'python3'));
    chmodSync(join(shims, 'python3'), 0o755);
    counting('rustup', 'rustup 1.2.3');
    linkSync(at('rustup'), at('cargo'));
    const given = {
      manifest: 'version: 1\ntools: { python3: 1, cargo: 1, mill: 1 }\n',
      env: { PATH: [shims, folder, process.env['PATH']].join(delimiter) },
    };
    const { fingerprint } = await check(given);
    expect((await check({ ...given, known: fingerprint })).kept).toEqual(['mill']);
  });
});

function otherModels(): Given {
  const MODELS = mkdtempSync(join(tmpdir(), 'models-'));
  writeFileSync(join(MODELS, 'model'), 'content');
  return { env: { MODELS } };
}
