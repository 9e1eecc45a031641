import { describe, expect, it } from 'vitest';
import { parseWorkflow } from '../../try/workflow.ts';
import { wantedLabels } from '../../try/placement.ts';
import { printWorld } from '../../try/print-world.ts';
import { UsageError } from '../../try/usage-error.ts';
import { defaultWorld, fleetOf, parseWorld, runnersOf } from '../../try/world.ts';

const facts = { repository: 'acme/shop', sha: 'abc', files: { 'a.yml': 'a: 1' } };

/** Returns the message with which a world is rejected. */
function rejection(text: string): string {
  try {
    parseWorld(text, 'world.yml');
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  return 'accepted';
}

describe('parseWorld', () => {
  it('reads runners, tokens, secrets and the event', () => {
    const world = parseWorld(
      `runners: [{ labels: [self-hosted, linux], busy: true }]
tokens: { abc: { organization_self_hosted_runners: read } }
secrets: { PORT: 80 }
event: { name: pull_request, payload: { number: 7 } }`,
      'world.yml',
    );
    expect(world).toEqual({
      runners: [{ labels: ['self-hosted', 'linux'], busy: true }],
      tokens: { abc: { organization_self_hosted_runners: 'read' } },
      secrets: { PORT: '80' },
      event: { name: 'pull_request', payload: { number: 7 } },
    });
  });

  it('takes an empty file as a world of defaults', () => {
    expect(parseWorld('# nothing yet\n', 'world.yml')).toEqual({});
  });

  it('names the file, the line and the known keys for a key that does not exist', () => {
    expect(rejection('runners:\n  - labels: [a]\n    bussy: true')).toBe(
      "world.yml:3:5: runners[0]: found 'bussy', expected one of labels, name, online, busy. Did you mean 'busy'?",
    );
  });

  it('reports all mistakes at once', () => {
    const message = rejection('runers: []\ntokens: { a: { actions: all } }\nowner: team');
    expect(message.split('\n')).toEqual([
      expect.stringContaining("world.yml:1:1: found 'runers'"),
      "world.yml:2:25: tokens.a.actions: found 'all', expected read or write.",
      "world.yml:3:8: owner: found 'team', expected user or organization.",
    ]);
  });

  it.each(['../other', '/etc/passwd', 'a/../../b', '.git/config'])(
    'rejects the file %s outside of the repository',
    (path) => {
      expect(rejection(`files: { ${path}: text }`)).toContain(
        `files: ${path}: expected a path inside the repository`,
      );
    },
  );

  it('rejects a file that is not YAML, with its line', () => {
    expect(rejection('runners: [\n')).toMatch(/^world\.yml:\d+:\d+: expected valid YAML/);
  });
});

describe('the default world', () => {
  it('has a free runner for each set of labels in the workflow and in the pools of the configuration', () => {
    const workflow = parseWorkflow(
      `on: push
jobs:
  a: { runs-on: [self-hosted, gpu] }
  b: { runs-on: ubuntu-latest, steps: [{ with: { labels: 'self-hosted, \${{ inputs.x }}' } }] }
  c: { uses: x, with: { labels: 'self-hosted, linux', select-on: '["self-hosted","tiny"]', on: self-hosted } }
  d: { runs-on: '\${{ matrix.on }}', strategy: { matrix: { on: [[self-hosted, arm64], ubuntu-latest] } } }`,
      'ci.yml',
    );
    const config = {
      pools: { mac: { 'runs-on': ['self-hosted', 'mac'] }, hosted: { 'runs-on': 'macos-15' } },
    };
    expect(defaultWorld(wantedLabels(workflow, config)).runners?.map(({ labels }) => labels)).toEqual([
      ['self-hosted', 'gpu'],
      ['self-hosted', 'linux'],
      ['self-hosted', 'tiny'],
      ['self-hosted', 'arm64'],
      ['self-hosted', 'mac'],
    ]);
  });

  it('has one runner if the workflow names none', () => {
    expect(defaultWorld([]).runners).toEqual([
      { labels: ['self-hosted', 'linux', 'x64'], online: true, busy: false },
    ]);
  });

  it('can be printed and read again', () => {
    const world = { repository: 'acme/shop', ...defaultWorld([]) };
    expect(parseWorld(printWorld(world), 'world.yml')).toEqual(world);
  });
});

describe('fleetOf', () => {
  it('lists the runners of an organization in a group that its repository may use', () => {
    const fleet = fleetOf({ runners: [{ labels: ['a'], online: false }] }, facts, { actions: 'read' });
    expect(fleet.organization_runners).toMatchObject([
      { labels: ['a'], status: 'offline', runner_group_id: 1 },
    ]);
    expect(fleet.runner_groups).toMatchObject([{ id: 1, visibility: 'all' }]);
    expect(Object.values(fleet.tokens)).toEqual([{ permissions: { actions: 'read' } }]);
  });

  it('lists the runners of a user in the repository', () => {
    const fleet = fleetOf({ owner: 'user', runners: [{ labels: ['a'] }] }, facts, {});
    expect(fleet.repositories[0]).toMatchObject({
      name: 'shop',
      runners: [{ labels: ['a'], status: 'online' }],
    });
    expect(fleet.organization_runners).toBeUndefined();
  });

  it('numbers runners without a name', () => {
    expect(
      runnersOf({ runners: [{ labels: ['a'] }, { labels: ['a'], name: 'mac' }] }).map(({ name }) => name),
    ).toEqual(['runner-1', 'mac']);
  });
});
