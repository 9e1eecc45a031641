import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { launchJob } from '@runner-actions/testing';
import { beforeEach, expect, it } from 'vitest';

const action = resolve(import.meta.dirname, '..');

/** A runner that is kept from job to job, and a folder of its PATH. */
let machine: { runner: string; bin: string };
const notes = () => join(machine.runner, '_work/_runner-actions-checks/verified.json');

/** Creates a tool that tells when it runs. */
function writeTool(version: string): void {
  const log = JSON.stringify(join(machine.bin, 'ran'));
  const script = `require('fs').appendFileSync(${log}, 'x'); console.log('mill ${version}');`;
  rmSync(join(machine.bin, 'mill'), { force: true });
  writeFileSync(join(machine.bin, 'mill'), `#!${process.execPath}\n${script}\n`);
  chmodSync(join(machine.bin, 'mill'), 0o755);
}

beforeEach(() => {
  const made = (name: string): string => mkdtempSync(join(tmpdir(), name));
  machine = { runner: made('runner-'), bin: made('bin-') };
  writeTool('1.2.3');
});

interface Given {
  inputs?: Record<string, string>;
  env?: Record<string, string>;
  event?: { name: string; payload: unknown };
  environment?: 'self-hosted' | 'github-hosted';
}

/** Runs the check in a job of this runner. */
async function check({ inputs, env, ...job }: Given = {}) {
  const PATH = [machine.bin, process.env['PATH']].join(delimiter);
  const manifest = "version: 1\ntools: { mill: '>=1' }\nenv: { HOME: { is: directory } }\n";
  const { steps } = await launchJob({
    ...{ directory: machine.runner, env: { PATH, ...env }, ...job },
    steps: [{ action, with: { manifest, 'on-failure': 'warn', ...inputs } }],
  });
  const [step] = steps;
  if (step === undefined) throw new Error('no step ran');
  const log = join(machine.bin, 'ran');
  const ran = existsSync(log);
  rmSync(log, { force: true });
  return { ran, status: step.outputs['status'], passed: step.outputs['passed'], stdout: step.stdout };
}

it('does not check again in the next job of this runner what has not changed', async () => {
  expect(await check()).toMatchObject({ ran: true, status: 'pass' });
  const again = await check();
  expect(again).toMatchObject({ ran: false, status: 'pass', passed: '2' });
  expect(again.stdout).toContain('As checked before, since nothing changed: 1 of 2 requirements.');
});

it.each<[string, () => Given | void]>([
  ['reuse is false', () => ({ inputs: { reuse: 'false' } })],
  ['the tool was replaced', () => writeTool('1.2.4')],
  ['PATH has changed', () => ({ env: { PATH: `/nowhere:${machine.bin}:${process.env['PATH']}` } })],
  ['the machine is hosted', () => ({ environment: 'github-hosted' })],
  ['others may write the notes', () => chmodSync(notes(), 0o666)],
  ['others may write the folder of the notes', () => chmodSync(join(notes(), '..'), 0o777)],
  ['the notes are broken', () => writeFileSync(notes(), '[["a","b"')],
  [
    'the notes are a link',
    () => {
      const copy = join(machine.bin, 'notes.json');
      writeFileSync(copy, readFileSync(notes()), { mode: 0o600 });
      rmSync(notes());
      symlinkSync(copy, notes());
    },
  ],
  [
    'the note is of another boot',
    () => writeFileSync(notes(), readFileSync(notes(), 'utf8').replace(/"[\da-f-]{36} /, '"another-boot ')),
  ],
  [
    'the note is of the day before yesterday',
    () => {
      const old = String(Date.now() - 2 * 86_400_000);
      writeFileSync(notes(), readFileSync(notes(), 'utf8').replace(/"\d{13} /, `"${old} `));
    },
  ],
])('checks again when %s', async (_, change) => {
  await check();
  expect(existsSync(notes())).toBe(true);
  const given = change() ?? {};
  expect((await check(given)).ran).toBe(true);
});

it('counts nothing as checked before when the event is untrusted', async () => {
  await check();
  const { stdout } = await check({ event: { name: 'issue_comment', payload: {} } });
  expect(stdout).toContain('not asked, since a stranger may have written the manifest');
  expect(stdout).not.toContain('As checked before');
});

it('finds a tool that was removed since', async () => {
  await check();
  rmSync(join(machine.bin, 'mill'));
  expect(await check()).toMatchObject({ status: 'fail' });
});

it('keeps nothing for a requirement that is not met', async () => {
  writeTool('0.1');
  expect(await check()).toMatchObject({ ran: true, status: 'fail' });
  expect(await check()).toMatchObject({ ran: true, status: 'fail' });
});
