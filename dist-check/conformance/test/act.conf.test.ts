import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { describe, expect, it } from 'vitest';
import { root } from '../../actions.ts';
import { type Outcome, runAct, type Scenario } from '../../act/run-act.ts';
import type { World } from '../../act/world.ts';

const world: World = {
  folder: mkdtempSync(join(tmpdir(), 'act-cache-')),
  repositories: () => ({
    'org/cache@v1': join(root, 'actions/restore-local-cache'),
    'org/toolkit@v1': join(import.meta.dirname, '../toolkit'),
  }),
  source: '',
  close: () => undefined,
};

type Inputs = Record<string, string>;
type WorkflowStep = Record<string, unknown>;

const cache = (inputs: Inputs = {}): WorkflowStep => ({
  id: 'cache',
  uses: 'org/cache@v1',
  with: { path: 'deps', key: 'linux-1', ...inputs },
});
const toolkit = (inputs: Inputs): WorkflowStep => ({
  id: 'cache',
  uses: 'org/toolkit@v1',
  with: { path: 'deps', key: 'linux-1', ...inputs },
});
const make = { run: 'mkdir -p deps/sub && echo one > deps/sub/f && ln -sfn sub/f deps/link' };
/** More than what goes in one request, and does not shrink. */
const large = {
  run: 'mkdir deps && head -c 150000000 /dev/urandom > deps/f && sha256sum deps/f > "$EFFECT/sum"',
};
const sum = { run: 'sha256sum deps/f > "$EFFECT/sum"' };
const show = { run: 'cat deps/link > "$EFFECT/text"' };
const tell = {
  run: 'echo "$OUTPUTS" > "$EFFECT/outputs"',
  env: { OUTPUTS: '${{ toJSON(steps.cache.outputs) }}' },
};

/** A run whose cache server keeps what it has in a folder, where the next run's finds it. */
async function run(folder: string, steps: WorkflowStep[], more: Partial<Scenario> = {}): Promise<Outcome> {
  const workflow = stringify({ on: 'push', jobs: { build: { 'runs-on': 'linux', steps } } });
  const outcome = await runAct(world, {
    workflow,
    machines: ['linux'],
    environment: 'github-hosted',
    cacheServer: folder,
    env: { TOOLKIT_MODULE: import.meta.resolve('@actions/cache') },
    ...more,
  });
  expect(outcome.status, outcome.log).toBe(0);
  return outcome;
}

const server = () => mkdtempSync(join(tmpdir(), 'act-server-'));
const outputs = ({ effects }: Outcome) => JSON.parse(effects['outputs'] ?? '') as Inputs;

describe.each(['portable', 'actions-cache'])('act’s cache server, layout %s', (layout) => {
  const inputs = { 'remote-layout': layout };

  it('keeps what one run saved for the next', async () => {
    const folder = server();
    const saved = await run(folder, [cache(inputs), make]);
    expect(saved.log).toMatch(/saved `linux-1` to GitHub/);
    for (const more of [inputs, { ...inputs, remote: 'only' }]) {
      const back = await run(folder, [cache(more), tell, show]);
      expect(outputs(back)).toMatchObject({ 'cache-hit': 'true', 'cache-source': 'github' });
      expect(back.effects['text']).toBe('one');
      expect(back.log).not.toMatch(/::warning|could not be used/);
    }
  });

  it('finds the newest entry for a restore key', async () => {
    const folder = server();
    await run(folder, [cache({ ...inputs, key: 'linux-2' }), make]);
    // The server counts in seconds.
    await sleep(1100);
    await run(folder, [cache({ ...inputs, key: 'linux-1' }), make]);
    const wanted = { ...inputs, key: 'linux-3', 'restore-keys': 'macos-\nlinux-' };
    const back = await run(folder, [cache(wanted), tell, show]);
    expect(outputs(back)).toMatchObject({ 'cache-hit': 'false', 'cache-matched-key': 'linux-1' });
    expect(back.effects['text']).toBe('one');
  });

  it('keeps keys in small letters, and one with capitals is found as it was asked for', async () => {
    const folder = server();
    const wanted = { ...inputs, key: 'Linux-1' };
    await run(folder, [cache(wanted), make]);
    const back = await run(folder, [cache(wanted), tell, show]);
    expect(outputs(back)).toMatchObject({ 'cache-hit': 'true', 'cache-matched-key': 'Linux-1' });
    expect(back.effects['text']).toBe('one');
  });

  it('takes a large archive in pieces', async () => {
    const folder = server();
    const saved = await run(folder, [cache(inputs), large]);
    const back = await run(folder, [cache(inputs), sum]);
    expect(back.effects['sum']).toBe(saved.effects['sum']);
  });
});

describe('act’s cache server and @actions/cache', () => {
  const inputs = { 'remote-layout': 'actions-cache' };

  it('gives it what we saved, and us what it saved', async () => {
    const folder = server();
    await run(folder, [cache(inputs), make]);
    const theirs = await run(folder, [toolkit({ act: 'restore' }), tell, show]);
    expect(outputs(theirs)).toEqual({ matched: 'linux-1' });
    expect(theirs.effects['text']).toBe('one');
    await run(folder, [make, toolkit({ act: 'save', key: 'linux-2' })]);
    const ours = await run(folder, [cache({ ...inputs, key: 'linux-2' }), tell, show]);
    expect(outputs(ours)).toMatchObject({ 'cache-hit': 'true', 'cache-source': 'github' });
    expect(ours.effects['text']).toBe('one');
  });
});
