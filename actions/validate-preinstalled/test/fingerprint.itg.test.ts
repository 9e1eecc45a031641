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
/**
 * Requirements that a known fingerprint lets the action skip. `wrapped` is a shell script; variables have no state key.
 */
const skippable = ['mill', 'lathe', 'drill', '$MODELS/model'];

let folder: string;
const at = (name: string): string => join(folder, name);

function tool(name: string, interpreter: string, script: string): void {
  rmSync(at(name), { force: true });
  writeFileSync(at(name), `#!${interpreter}\n${script}\n`);
  chmodSync(at(name), 0o755);
}

/** Creates a tool that logs its name whenever it runs. */
function loggingTool(name: string, answer: string): void {
  const [log, text] = [JSON.stringify(at('ran')), JSON.stringify(answer)];
  tool(name, process.execPath, `require('fs').appendFileSync(${log}, '${name} '); console.log(${text});`);
}

function ran(): string[] {
  const log = existsSync(at('ran')) ? readFileSync(at('ran'), 'utf8') : '';
  rmSync(at('ran'), { force: true });
  return log.trim().split(' ').sort();
}

const all = ['mill', 'wrapped'];

const packageEntry = (name: string): string =>
  `Package: ${name}\nStatus: install ok installed\nArchitecture: all\nVersion: 1\n`;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'machine-'));
  loggingTool('mill', 'mill 1.2.3');
  mkdirSync(at('dpkg'));
  writeFileSync(at('dpkg/status'), ['lathe', 'drill'].map(packageEntry).join('\n'));
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
    env: { PATH, MODELS: folder, DPKG_ADMINDIR: at('dpkg'), ...given.env },
    steps: [{ action, with: { manifest: given.manifest ?? manifest, ...inputs } }],
  });
  const [step] = job.steps;
  if (step === undefined) throw new Error('no step ran');
  const report = JSON.parse(readFileSync(step.outputs['report'] ?? '', 'utf8')) as {
    results: { name: string; asBefore?: boolean }[];
  };
  const kept = report.results.filter(({ asBefore }) => asBefore).map(({ name }) => name);
  return { ...step, fingerprint: step.outputs['fingerprint'], kept, ran: ran() };
}

describe('validate-preinstalled: known-fingerprint', () => {
  it('does not check again what is unchanged, and says so', async () => {
    const first = await check();
    expect(first).toMatchObject({ ran: all, kept: [], fingerprint: expect.stringMatching(/^pass-\w{64}$/) });
    const again = await check({ known: first.fingerprint });
    expect(again).toMatchObject({ ran: ['wrapped'], kept: skippable, fingerprint: first.fingerprint });
    expect(again.outputs).toMatchObject({ status: 'pass', passed: '6', 'runs-on': '"self-hosted"' });
    expect(again.stdout).toMatch(/nothing changed for 4 requirements: as checked before/);
    expect(again.summary).toContain('6 pass, 4 of them as checked before');
  });

  it('checks all requirements when a tool was replaced, even by one with the same size and time', async () => {
    const { fingerprint } = await check();
    const time = new Date('2026-01-01');
    utimesSync(at('mill'), time, time);
    const before = await check();
    expect(before.fingerprint).not.toBe(fingerprint);
    loggingTool('mill', 'mill 0.2.3');
    utimesSync(at('mill'), time, time);
    const { ran: executed, outputs } = await check({ known: before.fingerprint });
    expect(executed).toEqual(all);
    expect(outputs).toMatchObject({ status: 'fail', missing: '["mill"]' });
  });

  it('fails when a tool was removed', async () => {
    const { fingerprint } = await check();
    rmSync(at('mill'));
    const { exitCode, ran: executed } = await check({ known: fingerprint, inputs: { 'on-failure': 'fail' } });
    expect([exitCode, executed]).toEqual([1, ['wrapped']]);
  });

  it('checks requirements without a state key every time', async () => {
    const { fingerprint } = await check();
    tool('wrapped', '/bin/sh', 'echo 0.9; exit 3');
    const { kept, outputs } = await check({ known: fingerprint });
    expect(kept).toEqual(skippable);
    expect(outputs).toMatchObject({ status: 'error', errored: '1' });
  });

  it('counts nothing as checked before for an untrusted event', async () => {
    const { fingerprint } = await check();
    const { kept, stdout } = await check({ known: fingerprint, env: { GITHUB_EVENT_NAME: 'issue_comment' } });
    expect(kept).toEqual([]);
    expect(stdout).toMatch(/All requirements are checked: /);
  });

  it.each<[string, () => Given | void]>([
    ['another manifest', () => ({ manifest: manifest.replace('>=1', '>=1.2') })],
    ['a package that was removed', () => writeFileSync(at('dpkg/status'), packageEntry('lathe'))],
    ['another PATH', () => ({ env: { PATH: `/nowhere:${folder}:${process.env['PATH']}` } })],
    ['a changed file', () => writeFileSync(at('model'), 'CONTENT')],
    ['a file in another folder', otherModels],
    ['an invalid fingerprint', () => ({ known: 'pass-banana' })],
    ['the fingerprint of another machine', () => ({ known: `pass-${'0'.repeat(64)}` })],
  ])('checks all requirements after a change: %s', async (_name, change) => {
    const { fingerprint } = await check();
    const given = { known: fingerprint, ...change() };
    const { ran: executed, kept, stdout } = await check(given);
    expect([executed, kept]).toEqual([all, []]);
    expect(stdout).toMatch(/All requirements are checked: /);
  });

  it('checks all requirements when the earlier check failed', async () => {
    const wanting = manifest.replace('>=1', '>=9');
    const failed = await check({ manifest: wanting });
    expect(failed.fingerprint).toMatch(/^fail-/);
    const { ran: executed, outputs, stdout } = await check({ manifest: wanting, known: failed.fingerprint });
    expect([executed, outputs['status']]).toEqual([all, 'fail']);
    expect(stdout).toContain('the earlier check did not pass');
  });

  it('checks shims and hard links to rustup every time', async () => {
    const shims = join(folder, 'shims');
    mkdirSync(shims);
    copyFileSync(at('mill'), join(shims, 'saw'));
    chmodSync(join(shims, 'saw'), 0o755);
    loggingTool('rustup', 'rustup 1.2.3');
    linkSync(at('rustup'), at('plane'));
    const given = {
      manifest: 'version: 1\ntools: { saw: 1, plane: 1, mill: 1 }\n',
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
