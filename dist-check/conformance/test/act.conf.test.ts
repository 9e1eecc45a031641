import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import { describe, expect, it } from 'vitest';
import { root } from '../../actions.ts';
import { type Outcome, runAct, type Scenario } from '../../act/run-act.ts';
import type { TestBed } from '../../act/test-bed.ts';

const testBed: TestBed = {
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
const createFiles = { run: 'mkdir -p deps/sub && echo one > deps/sub/f && ln -sfn sub/f deps/link' };
/** Creates a file that is too large for one request and cannot be compressed. */
const large = {
  run: 'mkdir deps && head -c 150000000 /dev/urandom > deps/f && sha256sum deps/f > "$EFFECT/sum"',
};
const sum = { run: 'sha256sum deps/f > "$EFFECT/sum"' };
const show = { run: 'cat deps/link > "$EFFECT/text"' };
const writeOutputs = {
  run: 'echo "$OUTPUTS" > "$EFFECT/outputs"',
  env: { OUTPUTS: '${{ toJSON(steps.cache.outputs) }}' },
};

/** Runs a workflow with one job. The cache server stores its data in `folder`, so that the next run finds it. */
async function run(folder: string, steps: WorkflowStep[], more: Partial<Scenario> = {}): Promise<Outcome> {
  const workflow = stringify({ on: 'push', jobs: { build: { 'runs-on': 'linux', steps } } });
  const outcome = await runAct(testBed, {
    workflow,
    machines: ['linux'],
    environment: 'github-hosted',
    cacheServer: folder,
    env: { CACHE_PACKAGE: import.meta.resolve('@actions/cache') },
    ...more,
  });
  expect(outcome.status, outcome.log).toBe(0);
  return outcome;
}

const serverFolder = () => mkdtempSync(join(tmpdir(), 'act-server-'));
const outputs = ({ effects }: Outcome) => JSON.parse(effects['outputs'] ?? '') as Inputs;

describe.each(['portable', 'actions-cache'])('act’s cache server, layout %s', (layout) => {
  const inputs = { 'remote-layout': layout };

  it('restores in the next run what one run saved', async () => {
    const folder = serverFolder();
    const saved = await run(folder, [cache(inputs), createFiles]);
    expect(saved.log).toMatch(/saved `linux-1` to GitHub/);
    for (const more of [inputs, { ...inputs, remote: 'only' }]) {
      const back = await run(folder, [cache(more), writeOutputs, show]);
      expect(outputs(back)).toMatchObject({ 'cache-hit': 'true', 'cache-source': 'github' });
      expect(back.effects['text']).toBe('one');
      expect(back.log).not.toMatch(/::warning|could not be used/);
    }
  });

  it('finds the newest entry for a restore key', async () => {
    const folder = serverFolder();
    await run(folder, [cache({ ...inputs, key: 'linux-2' }), createFiles]);
    // The server's timestamps have whole seconds.
    await sleep(1100);
    await run(folder, [cache({ ...inputs, key: 'linux-1' }), createFiles]);
    const wanted = { ...inputs, key: 'linux-3', 'restore-keys': 'macos-\nlinux-' };
    const back = await run(folder, [cache(wanted), writeOutputs, show]);
    expect(outputs(back)).toMatchObject({ 'cache-hit': 'false', 'cache-matched-key': 'linux-1' });
    expect(back.effects['text']).toBe('one');
  });

  it('restores an entry by a key with capitals, although the server writes keys in lower case', async () => {
    const folder = serverFolder();
    const wanted = { ...inputs, key: 'Linux-1' };
    await run(folder, [cache(wanted), createFiles]);
    const back = await run(folder, [cache(wanted), writeOutputs, show]);
    expect(outputs(back)).toMatchObject({ 'cache-hit': 'true', 'cache-matched-key': 'Linux-1' });
    expect(back.effects['text']).toBe('one');
  });

  it('stores and restores a large archive in several requests', async () => {
    const folder = serverFolder();
    const saved = await run(folder, [cache(inputs), large]);
    const back = await run(folder, [cache(inputs), sum]);
    expect(back.effects['sum']).toBe(saved.effects['sum']);
  });
});

describe('act’s cache server and @actions/cache', () => {
  const inputs = { 'remote-layout': 'actions-cache' };

  it('exchange entries in both directions', async () => {
    const folder = serverFolder();
    await run(folder, [cache(inputs), createFiles]);
    const theirs = await run(folder, [toolkit({ operation: 'restore' }), writeOutputs, show]);
    expect(outputs(theirs)).toEqual({ matched: 'linux-1' });
    expect(theirs.effects['text']).toBe('one');
    await run(folder, [createFiles, toolkit({ operation: 'save', key: 'linux-2' })]);
    const ours = await run(folder, [cache({ ...inputs, key: 'linux-2' }), writeOutputs, show]);
    expect(outputs(ours)).toMatchObject({ 'cache-hit': 'true', 'cache-source': 'github' });
    expect(ours.effects['text']).toBe('one');
  });
});
