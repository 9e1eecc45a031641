import * as v from 'valibot';
import { mapOf } from '@runner-actions/config';
import { ownValue } from '@runner-actions/core';
import { whyNoMachineHas } from './machine-words.ts';

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
/** Facts whose capitals do not count: GitHub says `Linux` and `X64`. */
const isCaseless = (name: string): boolean => ['os', 'arch', 'distribution'].includes(name);

/** A value that a fact has on no machine. The condition would skip its requirements everywhere without a word. */
interface Refusal {
  found: string;
  expected: string;
  /** Path of keys in the map. Empty for a text. */
  at: readonly (string | number)[];
}

/** A condition, or what is wrong with its values. */
type Read = { condition: Condition } | { refusals: readonly Refusal[] };

/** Parses `os == 'linux' && !container || hosted`. Returns `undefined` if the text is no condition. */
export function parseCondition(text: string): Read | undefined {
  if (text.length > 500) return undefined;
  const alternatives = text.split('||').map((part) => part.split('&&').map((term) => parseTerm(term.trim())));
  const complete = alternatives.every((terms) => terms.every((term) => term !== undefined));
  if (!complete) return undefined;
  const terms = alternatives as Term[][];
  const distributionIs = (id: string): string => `distribution == '${id}'`;
  const refusals = terms
    .flat()
    .flatMap(({ name, values }) => values.flatMap((value) => refuse(name, value, distributionIs)));
  return readFrom(text, terms, refusals);
}

function readFrom(text: string, alternatives: Term[][], refusals: readonly Refusal[]): Read {
  return refusals.length > 0 ? { refusals } : { condition: { text, alternatives, toJSON: () => text } };
}

function parseTerm(text: string): Term | undefined {
  const [, not, flag] = /^(!?)\s*([a-z-]+)$/.exec(text) ?? [];
  if (flag !== undefined)
    return isSwitch(flag) ? { name: flag, values: ['true'], not: not === '!' } : undefined;
  const [, name = '', operator, quoted, bare] =
    /^([\w.-]+)\s*(==|!=)\s*(?:'([^']*)'|([\w./@-]+))$/.exec(text) ?? [];
  const value = quoted ?? bare;
  if (value === undefined || (!isText(name) && !isSwitch(name))) return undefined;
  return { name, values: [value], not: operator === '!=' };
}

/** Converts `{ os: [linux, macos], self-hosted: true }`. Returns `undefined` if it is no condition. */
function fromMap(map: Readonly<Record<string, unknown>>): Read | undefined {
  const given = Object.entries(map);
  const isCondition = ([name, value]: [string, unknown]): boolean =>
    (isText(name) || isSwitch(name)) && [value].flat().length > 0;
  if (given.length === 0 || !given.every(isCondition)) return undefined;
  const terms = given.map(([name, value]) => ({ name, values: [value].flat().map(String), not: false }));
  const distributionIs = (id: string): string => `distribution: ${id}`;
  const refusals = terms.flatMap(({ name, values }) =>
    values.flatMap((value, index) =>
      refuse(name, value, distributionIs, Array.isArray(map[name]) ? [name, index] : [name]),
    ),
  );
  const shown = terms.map(({ name, values }) => `${name} is ${values.join(' or ')}`);
  return readFrom(shown.join(' and '), [terms], refusals);
}

function refuse(
  name: string,
  found: string,
  distributionIs: (id: string) => string,
  at: Refusal['at'] = [],
): Refusal[] {
  const expected = whyImpossible(name, found, distributionIs);
  return expected === undefined ? [] : [{ found, expected, at }];
}

function whyImpossible(
  name: string,
  value: string,
  distributionIs: (id: string) => string,
): string | undefined {
  if (isSwitch(name)) return value === 'true' || value === 'false' ? undefined : 'true or false';
  if (name === 'os' || name === 'arch') return whyNoMachineHas(name, value, distributionIs);
  // Source: os-release(5), "ID=".
  if (name === 'distribution' && !/^[\w.-]+$/.test(value))
    return 'the ID of a distribution as in /etc/os-release, such as ubuntu';
  return undefined;
}

const scalar = v.union([v.string(), v.number(), v.boolean()]);

/** The schema of `when`: a text, or a map of facts. */
export const conditionSchema = v.pipe(
  v.union([v.string(), mapOf(v.string(), v.union([scalar, v.array(scalar)]))], expected),
  v.rawTransform(({ dataset, addIssue, NEVER }): Condition => {
    const { value } = dataset;
    const read = typeof value === 'string' ? parseCondition(value) : fromMap(value);
    if (read !== undefined && 'condition' in read) return read.condition;
    if (read === undefined) addIssue({ message: expected });
    type Path = NonNullable<Parameters<typeof addIssue>[0]>['path'];
    for (const { found, expected, at } of read?.refusals ?? []) {
      const path = at.map((key) => ({ type: 'object', origin: 'value', key, value })) as unknown as Path;
      addIssue({ message: expected, input: found, ...(at.length === 0 ? {} : { path }) });
    }
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
  const plain = (text: string): string => (isCaseless(name) ? text.toLowerCase() : text);
  const there = valuesOf(name, facts).map(plain);
  return values.some((value) => there.includes(plain(value))) !== not;
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
