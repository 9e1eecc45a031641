import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Fleet, type JobOptions, launchJob, startSimulator, withPolicy } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';

const action = resolve(import.meta.dirname, '..');
const leave = { run: ['/bin/sh', '-c', 'mkdir -p a b/inner c && touch a/f b/inner/f b/g c/f'] };

async function clean(
  config: string | undefined,
  inputs: Record<string, string> = {},
  change: Partial<JobOptions> = {},
) {
  const files = config === undefined ? {} : { '.github/runner-config.yml': config };
  const fleet: Fleet = {
    owner: { login: 'octo', kind: 'organization' },
    repositories: [{ id: 1, name: 'app', private: true, files }],
    tokens: { 'github-token': { permissions: { contents: 'read' } }, poor: { permissions: {} } },
  };
  const simulator = await startSimulator(fleet);
  try {
    const env = { GITHUB_API_URL: simulator.url, GITHUB_SHA: '', ...change.env };
    const job = await launchJob({ steps: [{ action, with: inputs }, leave], ...change, env });
    return { ...job, left: readdirSync(job.workspace).sort(), requests: simulator.requests };
  } finally {
    await simulator.stop();
  }
}

describe('cleanup-workspace and the configuration', () => {
  it('keeps entries by the configuration, which it reads before there is a checkout', async () => {
    expect((await clean('cleanup: { keep: [a, b/inner] }')).left).toEqual(['a', 'b']);
  });

  it('lets the input keep override the configuration', async () => {
    expect((await clean('cleanup: { keep: [a] }', { keep: 'c' })).left).toEqual(['c']);
  });

  it('leaves the workspace alone when the configuration is unknown, unless the input keep is set', async () => {
    const unknown = await clean('cleanup: { keep: [a] }', { token: 'poor' });
    expect(unknown.left).toEqual(['a', 'b', 'c']);
    expect(unknown.steps[0]?.annotations.map(({ message }) => message).join('\n')).toMatch(
      /could not be fetched[^]*left as it is/,
    );
    expect((await clean('cleanup: { keep: [a] }', { token: 'poor', keep: 'b' })).left).toEqual(['b']);
  });

  it('reports a mistake in an input before it fetches the configuration', async () => {
    const { steps, requests } = await clean('cleanup: { keep: [a] }', { keep: '/etc' });
    expect(steps[0]?.annotations[0]?.message).toContain("Input 'keep' has '/etc'");
    expect(requests).toEqual([]);
  });

  it('fails in the main phase for an invalid configuration, with the line, and removes nothing', async () => {
    const wrong = await clean('cleanup:\n  keep: [/etc]\n');
    expect(wrong.conclusion).toBe('failure');
    expect(wrong.steps[0]?.annotations[0]).toMatchObject({ level: 'error', line: 2 });
  });
});

const protects = (folder: string) =>
  withPolicy(`cleanup: { protect: [${JSON.stringify(folder)}], budget: 30s }\n`);
const reason = withPolicy('') === undefined ? ' (skipped: this machine allows no mount namespaces)' : '';

describe.skipIf(reason !== '')(`cleanup-workspace and the machine’s policy${reason}`, () => {
  it('never removes a path that the policy protects, and logs the limits of the policy', async () => {
    const first = await clean(undefined, { when: 'now' });
    mkdirSync(join(first.workspace, 'b/inner'), { recursive: true });
    writeFileSync(join(first.workspace, 'b/inner/f'), '');
    const wrap = protects(join(first.workspace, 'b/inner'));
    const again = await clean(
      undefined,
      { keep: 'b/inner/f, !b/**' },
      { directory: first.directory, ...(wrap ? { wrap } : {}) },
    );
    expect(again.steps[0]?.stdout).toMatch(/policy\.yml protects .*b\/inner/);
    for (const log of [again.steps[0]?.stdout, again.posts[0]?.stdout])
      expect(log).toMatch(/policy\.yml limits 'budget' to 30\.0 s, from 1 min/);
    expect(again.posts[0]?.stdout).toMatch(
      /remove "b" .*something in it is protected by the machine's policy/,
    );
    expect(again.left).toEqual(['b']);
    expect(readdirSync(join(again.workspace, 'b'))).toEqual(['inner']);
  });

  it('ignores an unknown section of the policy, logs its line, and applies the other sections', async () => {
    const wrap = withPolicy('health: { every: 60s }\nclenup: { budget: 1s }\ncleanup: { budget: 30s }\n');
    const { conclusion, steps } = await clean(undefined, {}, wrap ? { wrap } : {});
    expect(conclusion).toBe('success');
    expect(steps[0]?.stdout).toMatch(/policy\.yml:1: section 'health' is ignored/);
    expect(steps[0]?.stdout).toMatch(/policy\.yml limits 'budget' to 30/);
    expect(steps[0]?.annotations.map(({ message }) => message).join()).toMatch(
      /section 'clenup' is ignored.* Did you mean 'cleanup'\?/,
    );
  });

  it('refuses a policy with a section that it cannot enforce, and says why', async () => {
    const wrap = withPolicy('trust: MEMBER\n');
    const { conclusion, steps } = await clean(undefined, {}, wrap ? { wrap } : {});
    expect(conclusion).toBe('failure');
    expect(steps[0]?.annotations[0]?.message).toMatch(
      /policy\.yml:1:1: found 'trust', expected only cache, cleanup, hooks, metrics, reclaim, install here.*a policy cannot enforce it/,
    );
  });
});
