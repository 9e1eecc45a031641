// Evaluates the expressions with which the workflows pass on the answer of a selection, for all combinations of what
// the jobs may have answered. On GitHub, a job that died or was skipped has no outputs, and an output that contains a
// secret is missing.
import { join } from 'node:path';
import { readFileSync } from 'node:fs';
import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from '../actions.ts';

type Values = Record<string, string>;
type Answers = Record<string, Values>;

interface Workflow {
  on: { workflow_call: { outputs: Record<string, { value: string }> } };
  jobs: Record<string, { if?: string; 'runs-on'?: string }>;
}

function open(name: string) {
  const text = readFileSync(join(root, '.github/workflows', name), 'utf8');
  const { on, jobs } = parse(text) as Workflow;
  const outputs = Object.entries(on.workflow_call.outputs);
  return {
    jobs,
    /** The outputs of the workflow. */
    outputs: (inputs: Values, answers: Answers): Values =>
      Object.fromEntries(
        outputs.map(([output, { value }]) => [
          output,
          evaluate(value, { inputs, jobs: contexts(answers) }).coerceString(),
        ]),
      ),
    starts: (job: string, inputs: Values, answers: Answers): boolean =>
      evaluate(jobs[job]?.if ?? '', { inputs, needs: contexts(answers) }).coerceString() === 'true',
    runsOn: (job: string, inputs: Values, answers: Answers): unknown =>
      JSON.parse(
        JSON.stringify(
          evaluate(jobs[job]?.['runs-on'] ?? '', { inputs, needs: contexts(answers) }),
          data.replacer,
        ),
      ),
  };
}

/** Returns the context of the jobs. The result is read only of jobs that did not start. */
function contexts(answers: Answers): object {
  return Object.fromEntries(
    Object.entries(answers).map(([job, outputs]) => [job, { outputs, result: 'skipped' }]),
  );
}

/** Removes the outputs of the job `fallback` if it does not start. */
function withStarted(workflow: ReturnType<typeof open>, inputs: Values, answers: Answers): Answers {
  return workflow.starts('fallback', inputs, { ...answers, fallback: {} })
    ? answers
    : { ...answers, fallback: {} };
}

/** Evaluates an expression as the runner does. The run is not cancelled. */
function evaluate(value: string, context: object): data.ExpressionData {
  const expression =
    /^\$\{\{(.*)\}\}$/s.exec(value.trim())?.[1]?.replaceAll(/!cancelled\(\)|always\(\)/g, 'true') ?? '';
  const { tokens } = new Lexer(expression).lex();
  const parsed = new Parser(tokens, Object.keys(context), []).parse();
  const given = JSON.parse(JSON.stringify(context), data.reviver) as data.Dictionary;
  return new Evaluator(parsed, given).evaluate();
}

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

const own = { pool: 'own', 'is-self-hosted': 'true', reason: 'idle', fallback: '"big"' };
const taken = { decision: 'run', 'runs-on': '["self-hosted","linux"]', ...own };
const dropped = { decision: 'run', ...own };
const refused = { decision: 'fail' };
const skipped = { ...{ decision: 'skip', 'runs-on': '""', pool: 'fallback' }, 'is-self-hosted': 'false' };
const selections: Values[] = [taken, dropped, { ...dropped, fallback: '' }, refused, skipped, {}];
const resolved: Values[] = [
  {},
  ...['', '"big"', '["big"]', 'fail', 'skip'].map((fallback) => ({ fallback })),
];
const given = [
  ...['', 'big', '"big"', '["big"]', '{"group":"big"}', 'fail', 'skip'],
  ...['[big]', '[x', '{group: big}', '"x', 'group: big', 'a, b', 'say "it"', 'self-hosted'],
];

const combinations = selections.flatMap((select) =>
  resolved.flatMap((fallback) => given.map((input) => ({ select, fallback, inputs: { fallback: input } }))),
);

/** Without a name, the last job starts only if nothing was decided. */
const unnamed = (inputs: Values): Values => ({ ...inputs, 'result-name': '' });

describe('hybrid-job.yml', () => {
  const workflow = open('hybrid-job.yml');
  const outputsOf = (select: Values, fallback: Values, input: string) =>
    workflow.outputs({ 'runs-on': '', fallback: input }, { select, fallback });

  it('starts the job on valid JSON and outputs exactly that, or fails because nothing was decided', () => {
    for (const { select, fallback, inputs } of combinations) {
      const all = { 'runs-on': '', ...inputs };
      const answers = withStarted(workflow, all, { select, fallback });
      const outputs = workflow.outputs(all, answers);
      const starts = workflow.starts('run', all, answers);
      const what = JSON.stringify({ answers, inputs, outputs });
      expect(starts, what).toBe(outputs['decision'] === 'run');
      expect(outputs['runs-on'] !== '', what).toBe(starts);
      const isAnswered = ['skip', 'fail'].includes(select['decision'] ?? '');
      if (!starts)
        expect(workflow.starts('result', unnamed(all), { ...answers, run: {} }), what).toBe(!isAnswered);
      if (!starts) continue;
      const runsOn = workflow.runsOn('run', all, answers);
      expect(JSON.parse(outputs['runs-on'] ?? ''), what).toEqual(runsOn);
    }
  });

  it('never describes an answer that was dropped', () => {
    expect(outputsOf(dropped, { fallback: '"big"' }, '')).toEqual({
      result: '',
      ...{ decision: 'run', 'runs-on': '"big"', pool: 'fallback', 'is-self-hosted': '', reason: 'error' },
    });
    expect(outputsOf(dropped, { fallback: 'fail' }, '')).toMatchObject({ decision: 'fail', 'runs-on': '' });
  });

  it('outputs the answer of the selection as it is', () => {
    expect(outputsOf(taken, {}, '')).toEqual({
      result: '',
      ...{ decision: 'run', 'runs-on': taken['runs-on'], pool: 'own', 'is-self-hosted': 'true' },
      reason: 'idle',
    });
  });

  it('always starts the last job if it has a name', () => {
    for (const { select, fallback, inputs } of combinations) {
      const named = { 'runs-on': '', ...inputs, 'result-name': 'Result' };
      expect(workflow.starts('result', named, { select, fallback, run: {} })).toBe(true);
    }
    expect(workflow.jobs['result']?.if).toContain('always()');
  });

  it('selects nothing with the input runs-on', () => {
    const inputs = { 'runs-on': '["mine"]', fallback: 'fail' };
    expect(workflow.starts('run', inputs, { select: {}, fallback: {} })).toBe(true);
    expect(workflow.outputs(inputs, { select: {}, fallback: {} })).toEqual({
      result: '',
      ...{ decision: 'run', 'runs-on': '["mine"]', pool: '', 'is-self-hosted': '', reason: '' },
    });
  });

  it.each([
    ['', { starts: true, runsOn: 'ubuntu-latest' }],
    ['big', { starts: true, runsOn: 'big' }],
    ['[x', { starts: false }],
    ['fail', { starts: false }],
    ['self-hosted', { starts: false }],
  ])('uses the input fallback "%s" only as a plain label when no job answered', (fallback, expected) => {
    const inputs = { 'runs-on': '', fallback };
    const answers = { select: {}, fallback: {} };
    const starts = workflow.starts('run', inputs, answers);
    expect(starts ? { starts, runsOn: workflow.runsOn('run', inputs, answers) } : { starts }).toEqual(
      expected,
    );
  });
});

describe('hybrid-matrix.yml', () => {
  const workflow = open('hybrid-matrix.yml');
  const asMatrix = ({ 'runs-on': runsOn, ...rest }: Values): Values =>
    runsOn === undefined ? rest : { ...rest, matrix: `{"include":[${runsOn === '""' ? '' : '{"a":1}'}]}` };

  it('starts the cells if the decision is run, and else fails if nothing was decided', () => {
    for (const { select, fallback, inputs } of combinations) {
      const answers = withStarted(workflow, inputs, { select: asMatrix(select), fallback });
      const { decision } = workflow.outputs(inputs, answers);
      const what = JSON.stringify({ answers, inputs, decision });
      const isAnswered = ['skip', 'fail'].includes(select['decision'] ?? '');
      expect(workflow.starts('cell', inputs, answers), what).toBe(decision === 'run');
      if (decision !== 'run')
        expect(workflow.starts('result', unnamed(inputs), { ...answers, cell: {} }), what).toBe(!isAnswered);
    }
  });

  it('outputs the placement of the second selection when the answer was dropped', () => {
    const fallback = { fallback: '"big"', matrix: '{"include":[{"runs-on":"big"}]}' };
    expect(workflow.outputs({ fallback: '' }, { select: asMatrix(dropped), fallback })).toEqual({
      ...{ decision: 'run', matrix: fallback.matrix, reason: 'error' },
    });
  });
});

describe('runner-preflight.yml', () => {
  const workflow = open('runner-preflight.yml');

  it('outputs valid JSON exactly if the decision is run, and else fails or was told to skip', () => {
    for (const { select, fallback, inputs } of combinations)
      for (const validate of [{ ok: 'true' }, { ok: 'false' }, {}] as Values[]) {
        const answers = withStarted(workflow, inputs, { select, fallback, validate });
        const { decision, 'runs-on': runsOn = '' } = workflow.outputs(inputs, answers);
        const what = JSON.stringify({ ...answers, inputs, decision, runsOn });
        expect(isJson(runsOn), what).toBe(decision === 'run');
        // A selection that answered `fail` is red itself.
        if (decision === 'fail' && select['decision'] !== 'fail')
          expect(workflow.starts('refuse', inputs, answers), what).toBe(true);
        if (decision === 'run') expect(workflow.starts('refuse', inputs, answers), what).toBe(false);
      }
  });

  it.each([
    ['fits', { ok: 'true' }, taken, { 'runs-on': taken['runs-on'], pool: 'own', reason: 'idle' }],
    ['is unfit', { ok: 'false' }, taken, { 'runs-on': '"big"', pool: 'fallback', reason: 'unfit' }],
    ['could not be checked', {}, taken, { 'runs-on': '"big"', pool: 'fallback', reason: 'unfit' }],
    [
      'is not known, since the answer was dropped',
      {},
      dropped,
      { 'runs-on': '"big"', pool: 'fallback', reason: 'error' },
    ],
  ] as [string, Values, Values, Values][])(
    'describes what it outputs when the machine %s',
    (_case, validate, select, expected) => {
      const answers = { select, validate, fallback: {} };
      expect(workflow.outputs({ fallback: '' }, answers)).toMatchObject({ decision: 'run', ...expected });
    },
  );
});
