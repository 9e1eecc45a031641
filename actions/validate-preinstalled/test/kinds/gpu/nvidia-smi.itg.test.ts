import { chmodSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { launchJob } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';
import * as recorded from './recorded.ts';

const action = resolve(import.meta.dirname, '../../..');

interface FakeTool {
  csv: string;
  list?: string;
  summary?: string;
  /** Answers every call with this and the code. */
  broken?: { code: number; text: string };
}

/**
 * Makes a PATH with a program that answers like nvidia-smi: it selects the queried columns, and refuses a field that it
 * does not know, with code 2. Each call adds a line to the file `calls`.
 */
function pathWith(tool: FakeTool): string {
  const folder = mkdtempSync(join(tmpdir(), 'path-'));
  symlinkSync(process.execPath, join(folder, 'node'));
  const program = join(folder, 'nvidia-smi');
  writeFileSync(
    program,
    `#!${process.execPath}
const tool = ${JSON.stringify(tool)};
const [first = ''] = process.argv.slice(2);
const end = (code, text) => { process.stdout.write(text); process.exitCode = code; };
const rows = tool.csv.trim().split('\\n').map((row) => row.split(', '));
const names = rows[0].map((name) => name.split(' ')[0]);
const wanted = first.startsWith('--query-gpu=') ? first.slice(12).split(',') : [];
const unknown = wanted.find((name) => !names.includes(name));
if (tool.broken) end(tool.broken.code, tool.broken.text);
else if (unknown) end(2, 'Field "' + unknown + '" is not a valid field to query.\\n\\n');
else if (wanted.length) end(0, rows.map((row) => wanted.map((name) => row[names.indexOf(name)]).join(', ')).join('\\n') + '\\n');
else if (first === '-L') end(0, tool.list ?? '');
else if (first === '') end(0, tool.summary ?? '');
else end(2, 'Invalid argument\\n');
`,
  );
  chmodSync(program, 0o755);
  return folder;
}

async function check(section: string, tool: FakeTool) {
  const manifest = `version: 1\ngpu: ${section}\n`;
  const env = { PATH: pathWith(tool) };
  const job = await launchJob({ env, steps: [{ action, with: { manifest, 'on-failure': 'warn' } }] });
  const [step] = job.steps;
  return { ...step, orphans: job.orphans };
}

describe('validate-preinstalled: gpu', () => {
  it('reports each key as a requirement of its own', async () => {
    const section = "{ count: 1, memory: '>=80GiB', driver: '>=535', compute: '>=8', ecc: on, mig: off }";
    const { outputs, log } = await check(section, { csv: recorded.h200 });
    expect(outputs).toMatchObject({ status: 'pass', passed: '6' });
    expect(log).toContain('gpu memory: found NVIDIA H200: 140.4 GiB; wanted >=80GiB on 1 device.');
  });

  it('judges MIG instances, and shows what an unmet requirement is', async () => {
    const tool = { csv: recorded.h200Mig, list: recorded.h200MigList, summary: recorded.h200MigSummary };
    const { outputs, annotations } = await check(
      "{ count: 5, memory: '>=32GiB', cuda: { driver: '>=12.4' } }",
      tool,
    );
    expect(outputs).toMatchObject({ status: 'fail', passed: '2', failed: '1', missing: '["memory"]' });
    expect(annotations?.[0]?.message).toContain('MIG 1g.18gb: 16.0 GiB');
  });

  it('asks an older nvidia-smi without the field that it does not know', async () => {
    const old = recorded.h200.replace(', compute_cap', '').replace(', 9.0', '');
    const { outputs } = await check("{ memory: '80GiB', compute: '8' }", { csv: old });
    expect(outputs).toMatchObject({ status: 'error', passed: '1', errored: '1' });
  });

  it('says what to do when the driver is not loaded', async () => {
    const broken = { code: 9, text: recorded.notLoaded };
    const { outputs, annotations } = await check('{ count: 1 }', { csv: '', broken });
    expect(outputs).toMatchObject({ failed: '1' });
    expect(annotations?.[0]?.message).toContain('modprobe nvidia');
  });
});
