import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runAct, type Scenario } from '../run-act.ts';
import { callingWorkflow, pullRequestFromFork, oneRunner } from '../fixtures.ts';
import { failedSteps, outputsOf } from '../results.ts';
import { createTestBed, type TestBed } from '../test-bed.ts';

let testBed: TestBed;
beforeAll(() => void (testBed = createTestBed()));
afterAll(() => testBed.close());

const cells = [
  { compiler: 'gcc', env: 'NAME=gcc' },
  { compiler: 'clang', env: 'NAME=clang', command: 'echo own > "$EFFECT/own"' },
];
const command = 'echo "$NAME $COMMON $SECRET" > "$EFFECT/$NAME" && echo "$MATRIX" > "$EFFECT/cell-$NAME"';

function matrix(inputs: Record<string, string | number>, more: Partial<Scenario> = {}): Scenario {
  const given = {
    'select-on': 'selector',
    labels: 'self-hosted, linux',
    matrix: JSON.stringify(cells),
    command,
  };
  return {
    workflow: callingWorkflow('hybrid-matrix.yml', { ...given, ...inputs }),
    machines: ['selector', 'self-hosted'],
    fleet: oneRunner({}),
    secrets: { RUNNER_TOKEN: 'organization-token', ENV: 'SECRET=hush' },
    ...more,
  };
}

describe('hybrid-matrix', () => {
  it('runs each cell on its machine, with its own command and environment', async () => {
    const { effects, status, log } = await runAct(
      testBed,
      matrix({ env: 'COMMON=all' }, { machines: ['selector', 'self-hosted', 'ubuntu-latest'] }),
    );
    expect(effects['gcc'], log).toBe('gcc all hush');
    expect(effects['own']).toBe('own');
    expect(JSON.parse(effects['cell-gcc'] ?? '')).toEqual({
      ...{ compiler: 'gcc', env: 'NAME=gcc', index: 0, pool: 'self-hosted+linux' },
      'runs-on': ['self-hosted', 'linux'],
    });
    // Only one machine is free, so the second cell uses the fallback.
    const { matrix: placed = '' } = outputsOf('hybrid-matrix.yml', effects);
    expect((JSON.parse(placed) as { include: { pool: string }[] }).include.map(({ pool }) => pool)).toEqual([
      'self-hosted+linux',
      'fallback',
    ]);
    expect(log).toContain('All cells succeeded.');
    expect(status).toBe(0);
  });

  it('accepts env as JSON, for all cells and for one cell', async () => {
    const matrixOfObjects = [{ env: { NAME: 'a b', TWO: 'x\ny' } }, { env: 'NAME=lines' }];
    const { effects, log } = await runAct(
      testBed,
      matrix(
        {
          ...{ matrix: JSON.stringify(matrixOfObjects), env: '{"COMMON": "all", "NAME": "none"}' },
          command: 'echo "$NAME $COMMON $TWO" > "$EFFECT/$NAME"',
        },
        { machines: ['selector', 'self-hosted', 'ubuntu-latest'] },
      ),
    );
    expect(effects, log).toMatchObject({ 'a b': 'a b all x\ny', lines: 'lines all ' });
  });

  it('combines the axes of a matrix', async () => {
    const axes = JSON.stringify({ node: [22, 24], exclude: [{ node: 22 }] });
    const line = 'echo "$MATRIX" > "$EFFECT/$RANDOM"';
    const { effects } = await runAct(testBed, matrix({ matrix: axes, command: line }));
    const { outputs: _, ...seen } = effects;
    expect(Object.values(seen).map((text) => (JSON.parse(text) as { node: number }).node)).toEqual([24]);
  });

  it.each([
    ['a list of cells', JSON.stringify(cells), ['gcc', 'own']],
    ['axes', '{"os":["a"]}', ['']],
  ])('runs %s on the fallback when the selection crashed', async (_what, given, expected) => {
    const { effects } = await runAct(
      testBed,
      matrix(
        { matrix: given, command: 'echo > "$EFFECT/ran-$NAME"' },
        { selector: 'dead', machines: ['selector', 'ubuntu-latest'] },
      ),
    );
    const names = Object.keys(effects).filter((name) => name !== 'outputs');
    expect(names.sort()).toEqual(expected.map((name) => (name === 'own' ? name : `ran-${name}`)).sort());
  });

  it.each([
    ['an empty matrix', { matrix: '[]' }, {}, 0],
    [
      'offline machines and the fallback skip',
      { fallback: 'skip' },
      { fleet: oneRunner({ status: 'offline' }) },
      0,
    ],
    [
      'offline machines and the fallback fail',
      { fallback: 'fail' },
      { fleet: oneRunner({ status: 'offline' }) },
      1,
    ],
  ] as const)('runs no cell with %s', async (_what, inputs, more, expected) => {
    const machines = ['selector', 'self-hosted'];
    const { effects, status, log } = await runAct(testBed, matrix(inputs, { ...more, machines }));
    expect(Object.keys(effects).filter((name) => name !== 'outputs')).toEqual([]);
    expect(status, log).toBe(expected);
  });

  it('fails without running a cell when the outputs were dropped and the fallback is skip', async () => {
    const machines = ['selector', 'self-hosted'];
    const dropped = { selector: 'dropped', machines } as const;
    const { effects, status, log } = await runAct(testBed, matrix({ fallback: 'skip' }, dropped));
    expect([effects, status]).toEqual([{}, 1]);
    expect(failedSteps(log)).toEqual(['Check the result']);
  });

  const configured = (fallback: string) => ({
    '.github/runner-config.yml': `pools: { own: { runs-on: [self-hosted, linux] } }\nfallback: ${fallback}\n`,
  });

  it('places all cells on the fallback of the configuration, and outputs that, when the answer was dropped', async () => {
    const machines = ['selector', 'self-hosted', 'big'];
    const { effects, status, log } = await runAct(
      testBed,
      matrix({ labels: '' }, { selector: 'dropped', machines, files: configured('[big, hosted]') }),
    );
    expect([effects['gcc'], effects['own'], status], log).toEqual(['gcc  hush', 'own', 0]);
    const { matrix: placed = '', ...outputs } = outputsOf('hybrid-matrix.yml', effects);
    const cell = { pool: 'fallback', 'runs-on': ['big', 'hosted'] };
    expect(JSON.parse(placed)).toMatchObject({ include: [cell, cell] });
    expect(outputs).toEqual({ decision: 'run', reason: 'error' });
  });

  it.each(['dropped', 'dead-once'] as const)(
    'fails without running a cell when the fallback of the configuration is fail, and the selection is %s',
    async (selector) => {
      const machines = ['selector', 'self-hosted', 'ubuntu-latest'];
      const files = configured('fail');
      const { effects, status, log } = await runAct(
        testBed,
        matrix({ labels: '', matrix: JSON.stringify(cells.slice(1)) }, { selector, machines, files }),
      );
      expect([effects, status]).toEqual([{}, 1]);
      expect(failedSteps(log)).toContain('Check the result');
    },
  );

  it('runs no cell when both selections died and the input fallback is not JSON', async () => {
    const machines = ['selector', 'self-hosted', 'ubuntu-latest'];
    const { effects, status, log } = await runAct(
      testBed,
      matrix({ fallback: '[big]' }, { selector: 'dead', machines }),
    );
    expect([effects, status]).toEqual([{}, 1]);
    expect(failedSteps(log)).toContain('Check the result');
  });

  it('sends every cell of a pull request from a fork to hosted runners, without secrets', async () => {
    const { effects } = await runAct(
      testBed,
      matrix(
        {},
        { event: 'pull_request', payload: pullRequestFromFork, machines: ['selector', 'ubuntu-latest'] },
      ),
    );
    expect(effects['gcc']).toBe('gcc  ');
    expect(effects['own']).toBe('own');
  });

  it.each([
    ['labels', { labels: ['self-hosted'] }],
    ['a class next to the input labels', { class: 'heavy' }],
  ])('refuses a cell that has %s, since the selection would ignore it', async (_what, cell) => {
    const all = JSON.stringify([...cells, { ...cells[0], ...cell }]);
    const machines = ['selector', 'self-hosted', 'ubuntu-latest'];
    const { effects, status, log } = await runAct(testBed, matrix({ matrix: all }, { machines }));
    expect([effects, status], log).toEqual([{}, 1]);
    expect(failedSteps(log)).toEqual(['Check the cells', 'Check the result']);
  });

  it('runs a cell on the pool of its class', async () => {
    const pools = 'pools: { own: { runs-on: [self-hosted, linux] }, big: { runs-on: big } }\n';
    const config = `${pools}classes: { heavy: { pools: [big] } }\n`;
    const all = JSON.stringify([{ ...cells[0], class: 'heavy' }]);
    const more = { machines: ['selector', 'big'], fleet: oneRunner({ labels: ['self-hosted', 'big'] }) };
    const { effects, log } = await runAct(
      testBed,
      matrix({ matrix: all, labels: '' }, { ...more, files: { '.github/runner-config.yml': config } }),
    );
    expect(effects['gcc'], log).toBe('gcc  hush');
  });

  it.each([
    [1, true],
    [2, false],
  ])(
    'tells in the summary when cells were placed that start later: %i of 2 at once',
    async (limit, tells) => {
      const machines = ['selector', 'self-hosted', 'ubuntu-latest'];
      const { effects, log } = await runAct(testBed, matrix({ 'max-parallel': limit }, { machines }));
      expect(effects['own'], log).toBe('own');
      expect(/All cells were placed at 20.* UTC, but at most 1 run at the same time/.test(log)).toBe(tells);
    },
  );

  it('fails when a cell fails', async () => {
    const broken = JSON.stringify([{ command: 'echo > "$EFFECT/other"' }, { command: 'exit 3' }]);
    const machines = ['selector', 'self-hosted', 'ubuntu-latest'];
    const { effects, status, log } = await runAct(testBed, matrix({ matrix: broken }, { machines }));
    expect(status).toBe(1);
    // act starts no job after a called workflow that failed, so the last job is missing here.
    expect(failedSteps(log)).toEqual(['Run the command']);
    expect(effects['other']).toBe('');
  });
});
