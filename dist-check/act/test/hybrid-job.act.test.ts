import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runAct, type Scenario } from '../run-act.ts';
import {
  call,
  causedByComment,
  comment,
  dependabots,
  failedSteps,
  fork,
  outputsOf,
  own,
  runners,
} from '../scenes.ts';
import { openWorld, type World } from '../world.ts';

let world: World;
beforeAll(() => void (world = openWorld()));
afterAll(() => world.close());

const labels = 'self-hosted, linux';
const tell = 'echo "$GREETING from $RUNNER_OS, $SECRET" > "$EFFECT/ran"';

/** A call of hybrid-job.yml, whose outputs a second job writes down. `selector` and `own` are machines; `hosted` is GitHub's. */
function job(inputs: Record<string, string>, more: Partial<Scenario> = {}): Scenario {
  return {
    workflow: call('hybrid-job.yml', { 'select-on': 'selector', labels, command: tell, ...inputs }),
    machines: ['selector', 'self-hosted'],
    fleet: runners({ status: 'online' }),
    secrets: { RUNNER_TOKEN: 'organization-token' },
    ...more,
  };
}

describe('hybrid-job', () => {
  it('runs the command on a free machine of the team, with its environment', async () => {
    const secrets = { RUNNER_TOKEN: 'organization-token', ENV: 'SECRET=hush 100%\nEMPTY=' };
    const { status, effects, log } = await runAct(
      world,
      job({ env: 'GREETING=hello $(id) = "you"' }, { secrets }),
    );
    expect(effects['ran']).toBe('hello $(id) = "you" from Linux, hush 100%');
    expect(outputsOf('hybrid-job.yml', effects)).toEqual({
      decision: 'run',
      'is-self-hosted': 'true',
      pool: 'self-hosted+linux',
      reason: 'idle',
      'runs-on': '["self-hosted","linux"]',
    });
    expect(status, log).toBe(0);
  });

  it('runs it on the fallback when the machines are off', async () => {
    const off = { fleet: runners({ status: 'offline' }), environment: 'github-hosted' } as const;
    const { effects, status } = await runAct(
      world,
      job({ fallback: 'big-hosted' }, { ...off, machines: ['selector', 'big-hosted'] }),
    );
    expect(effects['ran']).toBe(' from Linux, ');
    expect(outputsOf('hybrid-job.yml', effects)).toMatchObject({
      reason: 'offline',
      'runs-on': '"big-hosted"',
    });
    expect(status).toBe(0);
  });

  it.each([
    ['pull_request', fork],
    ['pull_request_target', fork],
    ['issue_comment', comment],
    ['workflow_run', causedByComment],
    ['pull_request', dependabots],
  ])(
    'sends %s of a stranger, or what came of it to hosted runners, without any secret',
    async (event, payload) => {
      const secrets = { RUNNER_TOKEN: 'organization-token', ENV: 'SECRET=hush' };
      const { effects, requests } = await runAct(
        world,
        job({}, { event, payload, secrets, machines: ['selector', 'ubuntu-latest'] }),
      );
      expect(effects['ran']).toBe(' from Linux, ');
      expect(outputsOf('hybrid-job.yml', effects)).toMatchObject({
        reason: 'untrusted',
        'is-self-hosted': 'false',
      });
      expect(requests.filter(({ token }) => token === 'organization-token')).toEqual([]);
    },
  );

  it('gives a pull request of the same repository the machines and the secrets', async () => {
    const secrets = { RUNNER_TOKEN: 'organization-token', ENV: 'SECRET=hush' };
    const { effects } = await runAct(world, job({}, { event: 'pull_request', payload: own, secrets }));
    expect(effects['ran']).toBe(' from Linux, hush');
  });

  it('fails when the command fails, in a pipe too, uploads all the same and leaves nothing behind', async () => {
    const command =
      'pwd > "$EFFECT/where"\nmkdir out && echo log > out/log\nfalse | true\necho late > "$EFFECT/late"';
    const { effects, status, log } = await runAct(
      world,
      job({ command, 'artifact-paths': 'out', 'artifact-name': 'logs' }),
    );
    expect(status).not.toBe(0);
    expect(Object.keys(effects).sort()).toEqual(['artifact-logs/log', 'where']);
    expect(log).toMatch(/Clean-up: .* removed/);
    expect(log).toContain('Job metrics');
  });

  it('ends the command when the run is cancelled, and cleans up', async () => {
    const command = 'touch litter "$EFFECT/started"\nsleep 300\necho late > "$EFFECT/late"';
    const { effects, status, log } = await runAct(world, job({ command }, { cancelAt: 'started' }));
    expect(status).not.toBe(0);
    expect(Object.keys(effects)).toEqual(['started']);
    expect(log).toMatch(/move +"litter"/);
  });

  it('keeps a cache on the machine from run to run', async () => {
    const files = { 'lock.json': '1' };
    const command =
      'cat kept/count > "$EFFECT/found" || true\nmkdir -p kept && echo 7 > kept/count\necho $CACHE_HIT > "$EFFECT/hit"';
    const env = { RUNNER_ACTIONS_CACHE: `${world.folder}/cache-of-machine` };
    const inputs = { command, 'cache-paths': 'kept', 'cache-key': 'deps', 'cache-key-files': 'lock.json' };
    const first = await runAct(world, job(inputs, { files, env }));
    expect(first.effects).toMatchObject({ found: '', hit: 'false' });
    const second = await runAct(world, job(inputs, { files, env }));
    expect(second.effects, second.log).toMatchObject({ found: '7', hit: 'true' });
    const changed = await runAct(world, job(inputs, { files: { 'lock.json': '2' }, env }));
    expect(changed.effects).toMatchObject({ found: '7', hit: 'false' });
  });

  it('runs nothing on a machine that lacks what the manifest asks for', async () => {
    const files = {
      '.github/runner-requirements.yml': 'version: 1\nfiles: [{ path: /nowhere/model.bin }]\n',
    };
    const { effects, status, log } = await runAct(world, job({}, { files }));
    expect([effects, status]).toEqual([{}, 1]);
    expect(log).toContain('/nowhere/model.bin');
    const named = {
      '.github/runner-config.yml': 'requirements: ./needs.yml\n',
      '.github/needs.yml': 'version: 1\nfiles: [{ path: /nowhere/of-config }]\n',
    };
    const asked = await runAct(world, job({}, { files: named }));
    expect(asked.effects).toEqual({});
    expect(asked.log).toContain('/nowhere/of-config');
    const ignored = await runAct(world, job({ requirements: 'off' }, { files }));
    expect(ignored.effects['ran']).toBeDefined();
  });

  it.each([
    'organization-token',
    // An App without the organization's permission is asked for the repository's.
    'repository-token',
    'expired',
  ])('makes a token of the App %s in the job that selects, and goes on without one', async (key) => {
    const secrets = { APP_ID: '7', APP_KEY: key };
    const { effects, requests } = await runAct(
      world,
      job({}, { secrets, machines: ['selector', 'self-hosted', 'ubuntu-latest'] }),
    );
    expect(effects['ran']).toBeDefined();
    expect(requests.some(({ token }) => token === key)).toBe(key !== 'expired');
  });

  it('goes where it is told, without a selection', async () => {
    const { effects, requests } = await runAct(world, job({ 'runs-on': '["mine"]' }, { machines: ['mine'] }));
    expect(effects['ran']).toBeDefined();
    expect(requests.filter(({ path }) => path.endsWith('/runners'))).toEqual([]);
  });

  it('takes a label as JSON too, which is what the outputs say', async () => {
    const inputs = { 'select-on': '"selector"', fallback: '"big"' };
    const off = { fleet: runners({ status: 'offline' }), machines: ['selector', 'big'] };
    for (const more of [off, { ...off, selector: 'dead' as const }])
      expect((await runAct(world, job(inputs, more))).effects['ran']).toBeDefined();
  });

  it('goes to hosted runners at the switch for an outage', async () => {
    const variables = { RUNNER_ACTIONS_FORCE: 'hosted' };
    const { effects } = await runAct(world, job({}, { variables, machines: ['selector', 'ubuntu-latest'] }));
    expect(outputsOf('hybrid-job.yml', effects)).toMatchObject({ reason: 'forced' });
    expect(effects['ran']).toBeDefined();
  });

  it('takes an environment from the variable, which may be one that this repository does not have', async () => {
    const environments = 'environments: { lab: { pools: { own: { runs-on: [self-hosted, linux] } } } }\n';
    const files = { '.github/runner-config.yml': `pools: { own: { runs-on: away } }\n${environments}` };
    const asked = (name: string) =>
      job({ labels: '' }, { files, variables: { RUNNER_ACTIONS_ENVIRONMENT: name } });
    const lab = await runAct(world, asked('lab'));
    expect(outputsOf('hybrid-job.yml', lab.effects), lab.log).toMatchObject({ reason: 'idle' });
    const moon = await runAct(world, { ...asked('moon'), machines: ['selector', 'ubuntu-latest'] });
    expect(moon.effects['ran']).toBeDefined();
    const none = await runAct(world, { ...job({}), variables: { RUNNER_ACTIONS_ENVIRONMENT: 'lab' } });
    expect(none.effects['ran']).toBeDefined();
  });

  it('hides each value of the secret environment, not only the lines', async () => {
    const secrets = { RUNNER_TOKEN: 'organization-token', ENV: 'ONE=hush-100%\nTWO=hush-two' };
    const { log } = await runAct(world, job({ command: 'echo "told $ONE, $TWO."' }, { secrets }));
    expect(log).toContain('| told ***, ***.');
  });

  it('gives the command what an outsider words as one value, as JSON', async () => {
    const title = 'Fix "it"\nBASH_ENV=/tmp/x\n$(id) <é>';
    const workflow = call('hybrid-job.yml', {
      ...{ 'select-on': 'selector', labels },
      env: '{ "TITLE": ${{ toJSON(github.event.pull_request.title) }}, "OTHER": "o" }',
      'matrix-env': 'OTHER=of the cell',
      command: 'printf %s "$TITLE" > "$EFFECT/title"; echo "${BASH_ENV-none} $OTHER $SECRET" > "$EFFECT/ran"',
    });
    const payload = { pull_request: { ...own.pull_request, title } };
    const secrets = { RUNNER_TOKEN: 'organization-token', ENV: '{"SECRET": "two\\nlines"}' };
    const { effects, log } = await runAct(
      world,
      job({}, { workflow, event: 'pull_request', payload, secrets }),
    );
    expect(effects, log).toMatchObject({ title, ran: 'none of the cell two\nlines' });
  });

  it('runs nothing where an outsider’s line sets what every program obeys', async () => {
    const { effects, status, log } = await runAct(world, job({ env: 'TITLE=a\nBASH_ENV=/tmp/x' }));
    expect([effects, status]).toEqual([{}, 1]);
    expect(failedSteps(log)).toEqual(['Run the command']);
  });

  it('refuses environment lines that are none', async () => {
    const { effects, status, log } = await runAct(world, job({ env: 'no assignment' }));
    expect([effects, status]).toEqual([{}, 1]);
    expect(failedSteps(log)).toEqual(['Run the command']);
  });
});

describe('hybrid-job without an answer', () => {
  it.each([
    // One of the call's jobs failed then, and that is not hidden.
    ['died', 'dead', 1],
    ['had its answer dropped', 'dropped', 0],
  ] as const)('runs on the fallback when the selection %s', async (_what, selector, expected) => {
    const { effects, status } = await runAct(
      world,
      job({ fallback: '["big", "hosted"]' }, { selector, machines: ['selector', 'big'] }),
    );
    expect([effects['ran'], status]).toEqual([' from Linux, ', expected]);
  });

  it.each(['skip', 'fail'])(
    'runs nothing, in red, when its answer was dropped and the fallback is %s',
    async (fallback) => {
      const machines = ['selector', 'self-hosted'];
      const { effects, status, log } = await runAct(
        world,
        job({ fallback }, { selector: 'dropped', machines }),
      );
      expect([effects, status]).toEqual([{}, 1]);
      expect(failedSteps(log)).toEqual(['Fail']);
    },
  );

  it.each([
    ['skip', 0],
    ['fail', 1],
  ])('runs nothing when the machines are off and the fallback is %s', async (fallback, expected) => {
    const machines = ['selector', 'self-hosted', 'ubuntu-latest'];
    const { effects, status } = await runAct(
      world,
      job({ fallback }, { fleet: runners({ status: 'offline' }), machines }),
    );
    expect(effects['ran']).toBeUndefined();
    expect(status).toBe(expected);
  });
});
