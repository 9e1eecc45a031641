import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadFleet, startSimulator } from '../../src/simulator/index.ts';
import { parseFleet } from '../../src/simulator/load-fleet.ts';
import { exampleFleet } from './fixture.ts';

const minimalFleet = 'owner: { login: octo, kind: user }\nrepositories: []\ntokens: {}\n';

describe('loadFleet', () => {
  it('reads JSON', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'fleet-'));
    onTestFinished(() => rm(directory, { recursive: true }));
    const path = join(directory, 'fleet.json');
    await writeFile(path, JSON.stringify(exampleFleet()));
    expect(await loadFleet(path)).toEqual(exampleFleet());
  });

  it('accepts times that are ages', () => {
    const text = `${minimalFleet}now: 2026-03-02T12:00:00Z\nruns: [{ id: 1, status: queued, created_at: -90s }]\n`;
    expect(parseFleet(text, 'fleet.yml').runs).toMatchObject([{ created_at: '2026-03-02T11:58:30.000Z' }]);
  });

  it('reads the example fleet, which the simulator can serve', async () => {
    const path = fileURLToPath(new URL('../../src/simulator/example-fleet.yml', import.meta.url));
    const simulator = await startSimulator(await loadFleet(path));
    onTestFinished(() => simulator.stop());
    expect((await fetch(`${simulator.url}/rate_limit`)).status).toBe(200);
  });

  it.each([
    ['owner: [', 'fleet.yml is neither YAML nor JSON'],
    ['tokens: {}', `the file: must have required property 'owner'`],
    [`${minimalFleet}runners: []`, 'the file: unknown field runners'],
    [
      minimalFleet.replace('user', 'team'),
      'owner.kind: must be equal to one of the allowed values: user, organization',
    ],
    [
      `${minimalFleet}organization_runners: [{ id: one, name: a, labels: [] }]`,
      'organization_runners.0.id: must be integer',
    ],
    [
      `${minimalFleet}runs: [{ id: 1, status: queued, created_at: yesterday }]`,
      'runs.0.created_at: must match pattern',
    ],
  ])('reports the problem in %j', (text, message) => {
    expect(() => parseFleet(text, 'fleet.yml')).toThrow(message);
  });
});
