import * as v from 'valibot';
import { mapOf } from '@runner-actions/config';
import { ownValue } from '@runner-actions/core';

/** What conditions ask about. Boolean facts are `true` or `false`. */
export interface Facts {
  /** `linux`, `macos` or `windows`. */
  os: string;
  arch: string;
  /** The distribution's ID, and those that it is like. Empty on other systems. */
  distribution: readonly string[];
  /** Whether GitHub runs this machine. */
  hosted: boolean;
  /** Whether the job runs in a container. */
  container: boolean;
  /** The event, the workflow's name, the job's key and the runner's name. */
  event: string;
  workflow: string;
  job: string;
  runner: string;
  environment: Readonly<Record<string, string | undefined>>;
}

interface Term {
  name: string;
  /** The fact must have one of these values, or with `not` none of them. */
  values: readonly string[];
  not: boolean;
}

/** Alternatives, each a list of terms that must all hold. */
export interface Condition {
  text: string;
  alternatives: readonly (readonly Term[])[];
  toJSON(): string;
}

const texts = ['os', 'arch', 'distribution', 'event', 'workflow', 'job', 'runner'] as const;
const switches = ['hosted', 'self-hosted', 'container'] as const;
const names = [...texts, ...switches, 'env.NAME'];
const expected = `a condition such as os == 'linux' && !container, or a map such as { os: linux }, with ${names.join(', ')}`;

const isText = (name: string): boolean => texts.some((one) => one === name) || /^env\.\w+$/.test(name);
const isSwitch = (name: string): boolean => switches.some((one) => one === name);

/** Parses `os == 'linux' && !container || hosted`. Returns `undefined` if the text is no condition. */
export function parseCondition(text: string): Condition | undefined {
  if (text.length > 500) return undefined;
  const alternatives = text.split('||').map((part) => part.split('&&').map((term) => parseTerm(term.trim())));
  const complete = alternatives.every((terms) => terms.every((term) => term !== undefined));
  return complete ? condition(text, alternatives as Term[][]) : undefined;
}

function condition(text: string, alternatives: Term[][]): Condition {
  return { text, alternatives, toJSON: () => text };
}

function parseTerm(text: string): Term | undefined {
  const [, not, flag] = /^(!?)\s*([a-z-]+)$/.exec(text) ?? [];
  if (flag !== undefined)
    return isSwitch(flag) ? { name: flag, values: ['true'], not: not === '!' } : undefined;
  const [, name = '', operator, quoted, bare] =
    /^([\w.-]+)\s*(==|!=)\s*(?:'([^']*)'|([\w./@-]+))$/.exec(text) ?? [];
  const value = quoted ?? bare;
  if (value === undefined || (!isText(name) && !isSwitch(name))) return undefined;
  if (isSwitch(name) && value !== 'true' && value !== 'false') return undefined;
  return { name, values: [value], not: operator === '!=' };
}

/** Converts `{ os: [linux, macos], self-hosted: true }`. Returns `undefined` if it is no condition. */
function fromMap(map: Readonly<Record<string, unknown>>): Condition | undefined {
  const terms = Object.entries(map).map(([name, given]) => {
    const values = [given].flat().map(String);
    const fits = isText(name) || (isSwitch(name) && values.every((value) => /^(?:true|false)$/.test(value)));
    return fits && values.length > 0 ? { name, values, not: false } : undefined;
  });
  if (terms.length === 0 || terms.some((term) => term === undefined)) return undefined;
  const shown = (terms as Term[]).map(({ name, values }) => `${name} is ${values.join(' or ')}`);
  return condition(shown.join(' and '), [terms as Term[]]);
}

const scalar = v.union([v.string(), v.number(), v.boolean()]);

/** The schema of `when`: a text, or a map of facts. */
export const conditionSchema = v.pipe(
  v.union([v.string(), mapOf(v.string(), v.union([scalar, v.array(scalar)]))], expected),
  v.rawTransform(({ dataset, addIssue, NEVER }): Condition => {
    const { value } = dataset;
    const made = typeof value === 'string' ? parseCondition(value) : fromMap(value);
    if (made !== undefined) return made;
    addIssue({ message: expected });
    return NEVER;
  }),
  v.metadata({
    jsonSchema: { anyOf: [{ type: 'string', examples: ["os == 'linux'"] }, { type: 'object' }] },
  }),
);

/** Returns why a condition does not hold; `undefined` if it holds. */
export function whyNot({ alternatives, text }: Condition, facts: Facts): string | undefined {
  const failed = alternatives.map((terms) => terms.find((term) => !holds(term, facts)));
  if (failed.includes(undefined)) return undefined;
  const seen = [...new Set(failed.flatMap((term) => (term === undefined ? [] : [show(term.name, facts)])))];
  return `${seen.join(', ')}; it applies when ${text}`;
}

function holds({ name, values, not }: Term, facts: Facts): boolean {
  return values.some((value) => valuesOf(name, facts).includes(value)) !== not;
}

function valuesOf(name: string, facts: Facts): readonly string[] {
  if (name === 'hosted') return [String(facts.hosted)];
  if (name === 'self-hosted') return [String(!facts.hosted)];
  if (name === 'container') return [String(facts.container)];
  if (name === 'distribution') return facts.distribution;
  if (name.startsWith('env.')) return [ownValue(facts.environment, name.slice(4)) ?? ''];
  return [facts[name as (typeof texts)[number] & keyof Facts] as string];
}

/** Names a fact as it is. The value of a variable may be a secret, so it is not shown. */
function show(name: string, facts: Facts): string {
  if (name.startsWith('env.')) return `${name} has another value`;
  return `${name} is ${valuesOf(name, facts).join(', ') || 'unknown'}`;
}
