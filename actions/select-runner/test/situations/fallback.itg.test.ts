// What the step says when jobs fall back, and when it has no means to see the runners.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fleet, runner, select } from '../run-select-runner.ts';

const off = fleet({ runners: [runner(1, { status: 'offline' })] });
const noToken = { 'runner-token': '' };

describe('select-runner: falling back', () => {
  it('outputs that the job fell back, and warns only with warn-on-fallback', async () => {
    const quiet = await select({ fleet: off });
    expect(quiet.outputs).toMatchObject({ 'fell-back': 'true', fallback: '"ubuntu-latest"' });
    expect(quiet.annotations).toEqual([]);
    const loud = await select({ fleet: off, with: { 'warn-on-fallback': 'true' } });
    expect(loud.exitCode).toBe(0);
    expect(loud.annotations).toMatchObject([{ level: 'warning' }]);
    expect(loud.annotations[0]?.message).toMatch(
      /^Self-hosted runners were wanted.*ubuntu-latest.*none online/,
    );
  });

  it('does not warn with warn-on-fallback when a runner takes the job, or in a dry run', async () => {
    const taken = await select({ with: { 'warn-on-fallback': 'true' } });
    expect([taken.outputs['fell-back'], taken.annotations]).toEqual(['false', []]);
    const dry = await select({ fleet: off, with: { 'warn-on-fallback': 'true', 'dry-run': 'true' } });
    expect([dry.outputs['fell-back'], dry.annotations]).toEqual(['false', []]);
  });

  it('rejects a warn-on-fallback that is neither true nor false, with decision fail', async () => {
    const { exitCode, outputs, annotations } = await select({ with: { 'warn-on-fallback': 'loud' } });
    expect([exitCode, outputs['decision']]).toEqual([1, 'fail']);
    expect(annotations[0]?.message).toMatch(/'warn-on-fallback' is 'loud'/);
  });

  it('answers fail, and nothing else, when the configuration names an unknown class', async () => {
    const config = 'pools: { own: { runs-on: [self-hosted, linux, x64] } }\n';
    const { exitCode, outputs } = await select({ config, with: { class: 'heavy' } });
    expect(exitCode).toBe(1);
    expect(outputs).toEqual({ decision: 'fail' });
  });

  it('resolves the fallback of the configuration without asking about runners when there are no jobs', async () => {
    const config = 'pools: { own: { runs-on: [self-hosted, linux, x64] } }\nfallback: fail\n';
    const { exitCode, outputs, requests } = await select({ config, with: { ...noToken, jobs: '[]' } });
    expect([exitCode, outputs['decision'], outputs['fallback']]).toEqual([0, 'skip', 'fail']);
    expect(requests.filter(({ path }) => path.includes('/actions/'))).toEqual([]);
  });

  it('keeps the fallback of the configuration when the action has an internal error', async () => {
    const config = 'pools: { own: { runs-on: [self-hosted, linux, x64] } }\nfallback: skip\n';
    // Jobs that stay together are grouped with this function, so the decision itself fails.
    const broken = join(mkdtempSync(join(tmpdir(), 'broken-')), 'group-by.cjs');
    writeFileSync(broken, "Map.groupBy = () => { throw new Error('no luck'); };\n");
    const env = { NODE_OPTIONS: `--require ${broken}` };
    const { annotations, outputs } = await select({ config, env, with: { placement: 'together' } });
    expect(annotations[0]?.message).toMatch(/internal error.*no luck/);
    expect(outputs).toMatchObject({ decision: 'skip', reason: 'error', fallback: 'skip' });
  });

  it('warns once, with the remedy, when two pools have neither a runner-token nor a heartbeat nor jobs', async () => {
    const config = `pools:
  one: { runs-on: [self-hosted, one] }
  two: { runs-on: [self-hosted, two] }
`;
    const { annotations, exitCode } = await select({ config, with: noToken });
    expect(exitCode).toBe(0);
    expect(annotations).toMatchObject([{ level: 'warning' }]);
    expect(annotations[0]?.message).toMatch(/runners of one, two .*'runner-token'.*heartbeat/);
  });
});
