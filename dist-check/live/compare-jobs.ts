import type { Difference, Weight } from './difference.ts';
import type { LiveRecord } from './record.ts';

/** What became of a job: on GitHub, or by our launcher. */
export interface SeenJob {
  name: string;
  /** As the API gives it. The launcher does not set it. */
  conclusion?: string;
  /** In the order in which they ran. */
  steps: { name: string; conclusion: string }[];
  records?: LiveRecord[];
  /** Why there is no log. */
  noLog?: string;
  /** The outputs that other jobs get. */
  outputs?: Record<string, string>;
}

/** Compares what GitHub made of a job with what our launcher says about the same steps. */
export function compareJobs(github: readonly SeenJob[], ours: readonly SeenJob[]): Difference[] {
  return ours.flatMap((job) => {
    const [real, ...others] = github.filter(({ name }) => name === job.name);
    if (real === undefined || others.length > 0) {
      const seen = real === undefined ? 'not found, or not finished' : `found ${others.length + 1} times`;
      return [{ weight: 'matters', where: job.name, what: 'job', expected: 'finished', seen }];
    }
    const steps = compareSteps(real, job);
    const outputs = job.outputs === undefined ? [] : compareOutputs(real, job);
    if (real.records !== undefined) return [...steps, ...outputs, ...compareRecords(real.records, job)];
    const seen = real.noLog ?? 'none';
    return [
      ...steps,
      ...outputs,
      { weight: 'open', where: job.name, what: 'log', expected: 'readable', seen },
    ];
  });
}

/** Compares order and results. GitHub also lists steps that the launcher does not run, such as the checkout. */
function compareSteps(real: SeenJob, { name: where, steps }: SeenJob): Difference[] {
  const own = new Set(steps.map(({ name }) => name.replace(/^Post /, '')));
  const known = real.steps.filter(({ name }) => own.has(name.replace(/^Post /, '')));
  const line = (list: SeenJob['steps']): string =>
    list.map(({ name, conclusion }) => `${name}: ${conclusion}`).join(', ');
  const [expected, seen] = [line(steps), line(known)];
  return expected === seen ? [] : [{ weight: 'matters', where, what: 'order of the steps', expected, seen }];
}

function compareOutputs(
  { outputs: seen = {} }: SeenJob,
  { name: where, outputs = {} }: SeenJob,
): Difference[] {
  const names = [...new Set([...Object.keys(outputs), ...Object.keys(seen)])].sort();
  const shown = (value: string | undefined): string =>
    value === undefined ? 'dropped' : JSON.stringify(value);
  return names
    .filter((name) => outputs[name] !== seen[name])
    .map((name) => ({
      ...{ weight: 'matters', where, what: `output ${name}` },
      ...{ expected: shown(outputs[name]), seen: shown(seen[name]) },
    }));
}

/** Compares the records of a job, and their order: it shows in which order mains and posts ran. */
function compareRecords(real: readonly LiveRecord[], { name, records = [] }: SeenJob): Difference[] {
  const line = (list: readonly LiveRecord[]): string =>
    list
      .map(({ experiment }) => experiment)
      .filter((experiment) =>
        [real, records].every((all) => all.some((one) => one.experiment === experiment)),
      )
      .join(', ');
  const [expected, seen] = [line(records), line(real)];
  const order: Difference[] =
    expected === seen
      ? []
      : [{ weight: 'matters', where: name, what: 'order of main and post', expected, seen }];
  const facts = records.flatMap((record) => {
    const where = `${name}: ${record.experiment}`;
    const found = real.find(({ experiment }) => experiment === record.experiment);
    if (found === undefined)
      return [{ weight: 'matters', where, what: 'record', expected: 'in the log', seen: 'missing' } as const];
    return Object.keys({ ...record, ...found }).flatMap((fact) =>
      compareFact(where, fact, record[fact], found[fact]),
    );
  });
  const more = real
    .filter(({ experiment }) => records.every((record) => record.experiment !== experiment))
    .map(({ experiment }): Difference => {
      const where = `${name}: ${experiment}`;
      return { weight: 'matters', where, what: 'record', expected: 'none', seen: 'in the log' };
    });
  return [...order, ...facts, ...more];
}

type Fact = string | string[] | undefined;

function compareFact(where: string, fact: string, expected: Fact, seen: Fact): Difference[] {
  if (Array.isArray(expected) && Array.isArray(seen)) return compareNames(where, fact, expected, seen);
  if (expected === seen) return [];
  const shown = (value: Fact): string => (value === undefined ? 'not set' : String(value));
  return [{ weight: 'matters', where, what: fact, expected: shown(expected), seen: shown(seen) }];
}

/** Variables that give access to the services of a run. The launcher hides them from scripts, as the runner does. */
const services = /^ACTIONS_(?:RUNTIME|RESULTS|CACHE)_/;

/** Compares names of variables, claims or outputs. Only what GitHub lacks matters, and what it should hide. */
function compareNames(where: string, fact: string, expected: string[], seen: string[]): Difference[] {
  const missing = expected.filter((name) => !seen.includes(name));
  const more = seen.filter((name) => !expected.includes(name));
  const leaked = fact === 'script-names' ? more.filter((name) => services.test(name)) : [];
  const rows: [Weight, string[], boolean][] = [
    // Which outputs an action sets depends on what it finds.
    [fact === 'outputs' ? 'minor' : 'matters', missing, true],
    ['matters', leaked, false],
    ['minor', more.filter((name) => !leaked.includes(name)), false],
  ];
  return rows
    .filter(([, names]) => names.length > 0)
    .map(([weight, names, isExpected]) => ({
      ...{ weight, where, what: fact },
      expected: isExpected ? names.join(', ') : 'not set',
      seen: isExpected ? 'not set' : names.join(', '),
    }));
}
