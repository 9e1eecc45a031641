import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runAct, type Scenario } from '../run-act.ts';
import {
  callingWorkflow,
  runTriggeredByComment,
  comment,
  pullRequestOfDependabot,
  pullRequestFromFork,
  ownPullRequest,
  oneRunner,
} from '../fixtures.ts';
import { failedSteps, outputsOf } from '../results.ts';
import { createTestBed, type TestBed } from '../test-bed.ts';

let testBed: TestBed;
beforeAll(() => void (testBed = createTestBed()));
afterAll(() => testBed.close());

const labels = 'self-hosted, linux';
const command = 'echo "$GREETING from $RUNNER_OS, $SECRET" > "$EFFECT/ran"';

/** Returns a scenario that calls hybrid-job.yml. A second job records its outputs. */
function job(inputs: Record<string, string>, more: Partial<Scenario> = {}): Scenario {
  return {
    workflow: callingWorkflow('hybrid-job.yml', {
      'select-on': 'selector',
      labels,
      command,
      ...inputs,
    }),
    machines: ['selector', 'self-hosted'],
    fleet: oneRunner({ status: 'online' }),
    secrets: { RUNNER_TOKEN: 'organization-token' },
    ...more,
  };
}

describe('hybrid-job', () => {
  it('runs the command on a free self-hosted machine, with its environment', async () => {
    const secrets = { RUNNER_TOKEN: 'organization-token', ENV: 'SECRET=hush 100%\nEMPTY=' };
    const { status, effects, log } = await runAct(
      testBed,
      job({ env: 'GREETING=hello $(id) = "you"' }, { secrets }),
    );
    expect(effects['ran']).toBe('hello $(id) = "you" from Linux, hush 100%');
    expect(outputsOf('hybrid-job.yml', effects)).toEqual({
      result: '{}',
      decision: 'run',
      'is-self-hosted': 'true',
      pool: 'self-hosted+linux',
      reason: 'idle',
      'runs-on': '["self-hosted","linux"]',
    });
    expect(log).toContain('The command succeeded.');
    expect(status, log).toBe(0);
  });

  it('runs the command on the fallback when the machines are offline', async () => {
    const off = {
      fleet: oneRunner({ status: 'offline' }),
      environment: 'github-hosted',
      secrets: { RUNNER_TOKEN: 'both-token' }, // one list alone does not prove that a machine is offline
    } as const;
    const { effects, status, log } = await runAct(
      testBed,
      job({ fallback: 'big-hosted' }, { ...off, machines: ['selector', 'big-hosted'] }),
    );
    expect(effects['ran']).toBe(' from Linux, ');
    expect(outputsOf('hybrid-job.yml', effects), log).toMatchObject({
      reason: 'offline',
      'runs-on': '"big-hosted"',
    });
    expect(status).toBe(0);
  });

  it.each([
    ['pull_request', pullRequestFromFork],
    ['pull_request_target', pullRequestFromFork],
    ['issue_comment', comment],
    ['workflow_run', runTriggeredByComment],
    ['pull_request', pullRequestOfDependabot],
  ])('sends an untrusted %s run to hosted runners, without any secret', async (event, payload) => {
    const secrets = { RUNNER_TOKEN: 'organization-token', ENV: 'SECRET=hush' };
    const { effects, requests } = await runAct(
      testBed,
      job({}, { event, payload, secrets, machines: ['selector', 'ubuntu-latest'] }),
    );
    expect(effects['ran']).toBe(' from Linux, ');
    expect(outputsOf('hybrid-job.yml', effects)).toMatchObject({
      reason: 'untrusted',
      'is-self-hosted': 'false',
    });
    expect(requests.filter(({ token }) => token === 'organization-token')).toEqual([]);
  });

  it('runs a pull request of the same repository on self-hosted machines, with secrets', async () => {
    const secrets = { RUNNER_TOKEN: 'organization-token', ENV: 'SECRET=hush' };
    const { effects } = await runAct(
      testBed,
      job({}, { event: 'pull_request', payload: ownPullRequest, secrets }),
    );
    expect(effects['ran']).toBe(' from Linux, hush');
  });

  it('fails when a command in a pipe fails, but still uploads artifacts and cleans up', async () => {
    const command =
      'pwd > "$EFFECT/where"\nmkdir out && echo log > out/log\nfalse | true\necho late > "$EFFECT/late"';
    const { effects, status, log } = await runAct(
      testBed,
      job({ command, 'artifact-paths': 'out', 'artifact-name': 'logs' }),
    );
    expect(status).not.toBe(0);
    expect(Object.keys(effects).sort()).toEqual(['artifact-logs/log', 'where']);
    expect(log).toMatch(/Clean-up: .* removed/);
    expect(log).toContain('Job metrics');
    expect(failedSteps(log)).toEqual(['Run the command', 'Check the result']);
  });

  it('ends the command and cleans up when the run is cancelled', async () => {
    const command = 'touch litter "$EFFECT/started"\nsleep 300\necho late > "$EFFECT/late"';
    const { effects, status, log } = await runAct(testBed, job({ command }, { cancelAt: 'started' }));
    expect(status).not.toBe(0);
    expect(Object.keys(effects)).toEqual(['started']);
    expect(log).toMatch(/move +"litter"/);
  });

  it('starts no last job, and needs no machine for it, when it has no name', async () => {
    const { log, effects } = await runAct(
      testBed,
      job({ 'result-name': '', 'runs-on': '["mine"]' }, { machines: ['mine'] }),
    );
    expect(effects['ran']).toBeDefined();
    expect(log).not.toContain('The command succeeded.');
  });

  it('restores in the next run what a run cached on the machine', async () => {
    const files = { 'lock.json': '1' };
    const command =
      'cat kept/count > "$EFFECT/found" || true\nmkdir -p kept && echo 7 > kept/count\necho $CACHE_HIT > "$EFFECT/hit"';
    const env = { RUNNER_ACTIONS_CACHE: `${testBed.folder}/cache-of-machine` };
    const inputs = { command, 'cache-paths': 'kept', 'cache-key': 'deps', 'cache-key-files': 'lock.json' };
    const first = await runAct(testBed, job(inputs, { files, env }));
    expect(first.effects).toMatchObject({ found: '', hit: 'false' });
    const second = await runAct(testBed, job(inputs, { files, env }));
    expect(second.effects, second.log).toMatchObject({ found: '7', hit: 'true' });
    const changed = await runAct(testBed, job(inputs, { files: { 'lock.json': '2' }, env }));
    expect(changed.effects).toMatchObject({ found: '7', hit: 'false' });
  });

  it('does not run the command on a machine that does not meet the manifest', async () => {
    const files = {
      '.github/runner-requirements.yml': 'version: 1\nfiles: [{ path: /nowhere/model.bin }]\n',
    };
    const { effects, status, log } = await runAct(testBed, job({}, { files }));
    expect([effects, status]).toEqual([{}, 1]);
    expect(log).toContain('/nowhere/model.bin');
    const named = {
      '.github/runner-config.yml': 'requirements: ./needs.yml\n',
      '.github/needs.yml': 'version: 1\nfiles: [{ path: /nowhere/of-config }]\n',
    };
    const configured = await runAct(testBed, job({}, { files: named }));
    expect(configured.effects).toEqual({});
    expect(configured.log).toContain('/nowhere/of-config');
    const ignored = await runAct(testBed, job({ requirements: 'off' }, { files }));
    expect(ignored.effects['ran']).toBeDefined();
  });

  it.each([
    'organization-token',
    // If the App has no permission for the organization, the workflow requests the one for the repository.
    'repository-token',
    'expired',
  ])('creates an App token in the selecting job, or continues without one: App with %s', async (key) => {
    const secrets = { APP_ID: '7', APP_KEY: key };
    const { effects, requests } = await runAct(
      testBed,
      job({}, { secrets, machines: ['selector', 'self-hosted', 'ubuntu-latest'] }),
    );
    expect(effects['ran']).toBeDefined();
    expect(requests.some(({ token }) => token === key)).toBe(key !== 'expired');
  });

  it('runs on the machine of the input runs-on, without a selection', async () => {
    const { effects, requests } = await runAct(
      testBed,
      job({ 'runs-on': '["mine"]' }, { machines: ['mine'] }),
    );
    expect(effects['ran']).toBeDefined();
    expect(requests.filter(({ path }) => path.endsWith('/runners'))).toEqual([]);
  });

  it('takes a label as JSON too, which is what the outputs say', async () => {
    const inputs = { 'select-on': '"selector"', fallback: '"big"' };
    const off = { fleet: oneRunner({ status: 'offline' }), machines: ['selector', 'big'] };
    for (const more of [off, { ...off, selector: 'dead' as const }])
      expect((await runAct(testBed, job(inputs, more))).effects['ran']).toBeDefined();
  });

  it('runs on hosted runners when RUNNER_ACTIONS_FORCE is hosted', async () => {
    const variables = { RUNNER_ACTIONS_FORCE: 'hosted' };
    const { effects } = await runAct(
      testBed,
      job({}, { variables, machines: ['selector', 'ubuntu-latest'] }),
    );
    expect(outputsOf('hybrid-job.yml', effects)).toMatchObject({ reason: 'forced' });
    expect(effects['ran']).toBeDefined();
  });

  it('applies the environment that RUNNER_ACTIONS_ENVIRONMENT names, if the repository has it', async () => {
    const environments = 'environments: { lab: { pools: { own: { runs-on: [self-hosted, linux] } } } }\n';
    const files = { '.github/runner-config.yml': `pools: { own: { runs-on: away } }\n${environments}` };
    const withEnvironment = (name: string) =>
      job({ labels: '' }, { files, variables: { RUNNER_ACTIONS_ENVIRONMENT: name } });
    const lab = await runAct(testBed, withEnvironment('lab'));
    expect(outputsOf('hybrid-job.yml', lab.effects), lab.log).toMatchObject({ reason: 'idle' });
    const moon = await runAct(testBed, {
      ...withEnvironment('moon'),
      machines: ['selector', 'ubuntu-latest'],
    });
    expect(moon.effects['ran']).toBeDefined();
    const none = await runAct(testBed, { ...job({}), variables: { RUNNER_ACTIONS_ENVIRONMENT: 'lab' } });
    expect(none.effects['ran']).toBeDefined();
  });

  it('masks each value of the secret env, and not only whole lines', async () => {
    const secrets = { RUNNER_TOKEN: 'organization-token', ENV: 'ONE=hush-100%\nTWO=hush-two' };
    const { log } = await runAct(testBed, job({ command: 'echo "told $ONE, $TWO."' }, { secrets }));
    expect(log).toContain('| told ***, ***.');
  });

  it('passes text of an outsider to the command as one value when env is JSON', async () => {
    const title = 'Fix "it"\nBASH_ENV=/tmp/x\n$(id) <é>';
    const workflow = callingWorkflow('hybrid-job.yml', {
      ...{ 'select-on': 'selector', labels },
      env: '{ "TITLE": ${{ toJSON(github.event.pull_request.title) }}, "OTHER": "o" }',
      'matrix-env': 'OTHER=of the cell',
      command: 'printf %s "$TITLE" > "$EFFECT/title"; echo "${BASH_ENV-none} $OTHER $SECRET" > "$EFFECT/ran"',
    });
    const payload = { pull_request: { ...ownPullRequest.pull_request, title } };
    const secrets = { RUNNER_TOKEN: 'organization-token', ENV: '{"SECRET": "two\\nlines"}' };
    const { effects, log } = await runAct(
      testBed,
      job({}, { workflow, event: 'pull_request', payload, secrets }),
    );
    expect(effects, log).toMatchObject({ title, ran: 'none of the cell two\nlines' });
  });

  it('fails when a line of env sets a variable that changes how programs run', async () => {
    const { effects, status, log } = await runAct(testBed, job({ env: 'TITLE=a\nBASH_ENV=/tmp/x' }));
    expect([effects, status]).toEqual([{}, 1]);
    expect(failedSteps(log)).toEqual(['Run the command', 'Check the result']);
  });

  it('fails when env has a line that is not KEY=VALUE', async () => {
    const { effects, status, log } = await runAct(testBed, job({ env: 'no assignment' }));
    expect([effects, status]).toEqual([{}, 1]);
    expect(failedSteps(log)).toEqual(['Run the command', 'Check the result']);
  });

  it.each([
    ['skip', 0],
    ['fail', 1],
  ])(
    'does not run the command when the machines are offline and the fallback is %s',
    async (fallback, expected) => {
      const machines = ['selector', 'self-hosted', 'ubuntu-latest'];
      const { effects, status, log } = await runAct(
        testBed,
        job({ fallback }, { fleet: oneRunner({ status: 'offline' }), machines }),
      );
      expect(effects['ran']).toBeUndefined();
      expect(failedSteps(log)).toEqual(expected === 0 ? [] : ['Select', 'Check the result']);
      expect(status).toBe(expected);
    },
  );
});
