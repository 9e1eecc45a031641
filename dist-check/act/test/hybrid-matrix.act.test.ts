import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runAct, type Scenario } from '../run-act.ts';
import { call, failedSteps, fork, outputsOf, runners } from '../scenes.ts';
import { openWorld, type World } from '../world.ts';

let world: World;
beforeAll(() => void (world = openWorld()));
afterAll(() => world.close());

const cells = [
  { compiler: 'gcc', env: 'NAME=gcc' },
  { compiler: 'clang', env: 'NAME=clang', command: 'echo own > "$EFFECT/own"' },
];
const command = 'echo "$NAME $COMMON $SECRET" > "$EFFECT/$NAME" && echo "$MATRIX" > "$EFFECT/cell-$NAME"';

function matrix(inputs: Record<string, string>, more: Partial<Scenario> = {}): Scenario {
  const given = {
    'select-on': 'selector',
    labels: 'self-hosted, linux',
    matrix: JSON.stringify(cells),
    command,
  };
  return {
    workflow: call('hybrid-matrix.yml', { ...given, ...inputs }),
    machines: ['selector', 'self-hosted'],
    fleet: runners({}),
    secrets: { RUNNER_TOKEN: 'organization-token', ENV: 'SECRET=hush' },
    ...more,
  };
}

describe('hybrid-matrix', () => {
  it('runs each cell on its machine, with its own command and environment', async () => {
    const { effects, status, log } = await runAct(
      world,
      matrix({ env: 'COMMON=all' }, { machines: ['selector', 'self-hosted', 'ubuntu-latest'] }),
    );
    expect(effects['gcc'], log).toBe('gcc all hush');
    expect(effects['own']).toBe('own');
    expect(JSON.parse(effects['cell-gcc'] ?? '')).toEqual({
      ...{ compiler: 'gcc', env: 'NAME=gcc', index: 0, pool: 'self-hosted+linux' },
      'runs-on': ['self-hosted', 'linux'],
    });
    // One machine is free, so the second cell goes on.
    const { matrix: placed = '' } = outputsOf('hybrid-matrix.yml', effects);
    expect((JSON.parse(placed) as { include: { pool: string }[] }).include.map(({ pool }) => pool)).toEqual([
      'self-hosted+linux',
      'fallback',
    ]);
    expect(status).toBe(0);
  });

  it('takes variables as JSON, of all cells and of one', async () => {
    const matrixOfObjects = [{ env: { NAME: 'a b', TWO: 'x\ny' } }, { env: 'NAME=lines' }];
    const { effects, log } = await runAct(
      world,
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

  it('multiplies the axes of a matrix', async () => {
    const axes = JSON.stringify({ node: [22, 24], exclude: [{ node: 22 }] });
    const line = 'echo "$MATRIX" > "$EFFECT/$RANDOM"';
    const { effects } = await runAct(world, matrix({ matrix: axes, command: line }));
    const { outputs: _, ...seen } = effects;
    expect(Object.values(seen).map((text) => (JSON.parse(text) as { node: number }).node)).toEqual([24]);
  });

  it.each([
    ['a list', JSON.stringify(cells), ['gcc', 'own']],
    ['axes', '{"os":["a"]}', ['']],
  ])('runs %s on the fallback when the selection died', async (_what, given, expected) => {
    const { effects } = await runAct(
      world,
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
    ['no machine and the fallback skip', { fallback: 'skip' }, { fleet: runners({ status: 'offline' }) }, 0],
    ['no machine and the fallback fail', { fallback: 'fail' }, { fleet: runners({ status: 'offline' }) }, 1],
  ] as const)('runs nothing with %s', async (_what, inputs, more, expected) => {
    const machines = ['selector', 'self-hosted'];
    const { effects, status, log } = await runAct(world, matrix(inputs, { ...more, machines }));
    expect(Object.keys(effects).filter((name) => name !== 'outputs')).toEqual([]);
    expect(status, log).toBe(expected);
  });

  it('runs nothing, in red, when its answer was dropped and the fallback is skip', async () => {
    const machines = ['selector', 'self-hosted'];
    const dropped = { selector: 'dropped', machines } as const;
    const { effects, status, log } = await runAct(world, matrix({ fallback: 'skip' }, dropped));
    expect([effects, status]).toEqual([{}, 1]);
    expect(failedSteps(log)).toEqual(['Fail']);
  });

  it('sends every cell of a fork to hosted runners, without secrets', async () => {
    const { effects } = await runAct(
      world,
      matrix({}, { event: 'pull_request', payload: fork, machines: ['selector', 'ubuntu-latest'] }),
    );
    expect(effects['gcc']).toBe('gcc  ');
    expect(effects['own']).toBe('own');
  });

  it('fails when a cell fails', async () => {
    const broken = JSON.stringify([{ command: 'exit 3' }, { command: 'echo > "$EFFECT/other"' }]);
    const machines = ['selector', 'self-hosted', 'ubuntu-latest'];
    const { effects, status } = await runAct(world, matrix({ matrix: broken }, { machines }));
    expect(status).toBe(1);
    expect(effects['other']).toBe('');
  });
});
