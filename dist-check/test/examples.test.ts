import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { checkConfig, type Config } from '@runner-actions/config';
import { loadManifest } from '@runner-actions/manifest';
import { listActions } from '../actions.ts';
import {
  requestedBy,
  calledWorkflow,
  filesOfExample,
  type Job,
  missingPermissions,
  listExamples,
  type Workflow,
} from '../examples.ts';
import { ownName } from '../release/pages.ts';

const examples = listExamples();
const workflows = examples.flatMap((name) =>
  Object.entries(filesOfExample(name))
    .filter(([path]) => path.startsWith('.github/workflows/'))
    .map(([path, text]) => [name, path, parse(text) as Workflow] as const),
);
const jobs = workflows.flatMap(([name, path, { jobs, permissions = {} }]) =>
  Object.entries(jobs).map(
    ([id, job]) => [`${name}/${path}`, id, { permissions, ...job }] as [string, string, Job],
  ),
);
const callers = jobs.filter(([, , { uses }]) => uses !== undefined);

async function configOf(name: string): Promise<Config> {
  const files = filesOfExample(name);
  const read = ({ path }: { path: string }) => {
    const text = files[path];
    return Promise.resolve(
      text === undefined
        ? ({ kind: 'missing', why: 'no such file' } as const)
        : ({ kind: 'text', text } as const),
    );
  };
  const source = { repository: undefined, ref: undefined, path: '.github/runner-config.yml' };
  const loaded = await checkConfig({ read }, source);
  if (loaded.kind !== 'read') throw new Error(JSON.stringify(loaded));
  return loaded.config;
}

it('has exactly three complete set-ups', () =>
  expect(examples).toEqual(['cpp-proxmox', 'node-python-mac', 'rust-desktop']));

describe.each(callers)(
  '%s, job %s',
  (_path, _id, { uses, permissions = {}, with: given = {}, secrets = {} }) => {
    const called = calledWorkflow(uses);
    const { inputs = {}, secrets: known = {} } = called?.on.workflow_call ?? {};

    it('grants exactly the permissions that the workflow and the workflows it calls request', () => {
      expect(called).toBeDefined();
      if (called === undefined) return;
      expect(missingPermissions(permissions, requestedBy(called))).toEqual([]);
      expect(missingPermissions(requestedBy(called), permissions)).toEqual([]);
    });

    it('passes only inputs and secrets that exist, and all that are required', () => {
      expect(Object.keys(inputs)).toEqual(expect.arrayContaining(Object.keys(given)));
      expect(Object.keys(known)).toEqual(expect.arrayContaining(Object.keys(secrets)));
      const required = Object.entries(inputs).filter(([, { required }]) => required === true);
      expect(Object.keys(given)).toEqual(expect.arrayContaining(required.map(([name]) => name)));
    });
  },
);

describe('missingPermissions', () => {
  it('reports permissions that a nested workflow requests and the caller does not grant', () => {
    const requested = requestedBy({
      on: {},
      jobs: {
        a: { uses: `${ownName}/.github/workflows/hybrid-matrix.yml@v1` },
        b: {
          uses: `${ownName}/.github/workflows/rescue-queued-jobs.yml@v1`,
          permissions: { checks: 'read' },
        },
      },
    });
    expect(requested).toEqual({ actions: 'write', contents: 'read', checks: 'read' });
    expect(missingPermissions({ contents: 'write', actions: 'read' }, requested)).toEqual([
      'actions: write',
      'checks: read',
    ]);
  });
});

describe.each(jobs)('%s, job %s', (_path, _id, { steps = [], permissions = {} }) => {
  it('calls our actions by their names in a release, and other actions by a commit', () => {
    const names = listActions().map(
      ({ name, metadata }) => [name, Object.keys(metadata.inputs ?? {})] as const,
    );
    for (const { uses = '', with: given = {} } of steps) {
      if (uses === '') continue;
      const own = new RegExp(`^${ownName}/([\\w-]+)@v1$`).exec(uses)?.[1];
      if (own === undefined) expect(uses).toMatch(/^actions\/[\w-]+@[0-9a-f]{40}$/);
      else {
        expect(new Map(names).get(own), uses).toEqual(expect.arrayContaining(Object.keys(given)));
        expect(permissions).toMatchObject({ contents: 'read' });
      }
    }
  });
});

describe.each(examples)('docs/examples/%s', (name) => {
  const files = filesOfExample(name);

  it('has a valid configuration with the classes and heartbeats that its workflows name', async () => {
    const config = await configOf(name);
    const own = callers.filter(([path]) => path.startsWith(`${name}/`));
    const classes = own.flatMap(([, , { with: given = {} }]) => [given['class'] ?? []].flat());
    expect(classes.length).toBeGreaterThan(0);
    expect(Object.keys(config.classes ?? {})).toEqual(expect.arrayContaining(classes));
    for (const { heartbeat, 'runs-on': machines } of Object.values(config.pools ?? {})) {
      if (heartbeat === undefined) continue;
      const beat = parse(files[`.github/workflows/${heartbeat.workflow}`] ?? '') as Workflow;
      const [{ with: given = {} } = {}] = Object.values(beat.jobs);
      expect(JSON.parse(String(given['runs-on']))).toEqual(machines);
    }
  });

  it('has a valid manifest with several requirements', async () => {
    const text = files['.github/runner-requirements.yml'] ?? '';
    const place = { repository: undefined, ref: undefined, path: 'manifest.yml' };
    const loaded = await loadManifest({ read: async () => ({ kind: 'text', text }) }, place);
    expect(loaded.kind === 'wrong' ? loaded.problems : []).toEqual([]);
    if (loaded.kind === 'read') expect(loaded.manifest.requirements.length).toBeGreaterThan(3);
    expect(loaded.kind).toBe('read');
  });

  it('has a short README that lists problems and the existing files that solve them', () => {
    const page = files['README.md'] ?? '';
    expect(page.split('\n').length).toBeLessThanOrEqual(40);
    expect(page).toContain('| problem | solution |');
    for (const [, file = ''] of page.matchAll(/`([\w-]+\.(?:yml|sh))`/g)) {
      const isOurs = ['hybrid-job.yml', 'hybrid-matrix.yml'].includes(file);
      expect(isOurs || Object.keys(files).some((path) => path.endsWith(`/${file}`)), file).toBe(true);
    }
  });
});
