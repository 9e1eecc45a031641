import { InvalidValue, messageOf, quote, UserError } from './errors.ts';
import * as parse from './parse.ts';
import { registerSecret } from './secrets.ts';
import { getInput } from './toolkit.ts';

/**
 * The step's inputs. An empty input is an input not given: every reader answers `undefined` (lists: empty).
 * A value that a reader cannot take is a `UserError` that names the input, the value and the valid ones.
 */
export interface Inputs {
  text(name: string): string | undefined;
  required(name: string): string;
  /** One item a line, trimmed, empty ones left out; for values that may hold commas, such as paths. */
  lines(name: string): string[];
  /** Commas, new lines or a JSON array. */
  list(name: string): string[];
  /** As `list`, one on each line. */
  lists(name: string): string[][];
  boolean(name: string): boolean | undefined;
  integer(name: string, range?: { min?: number; max?: number }): number | undefined;
  /** Milliseconds. */
  duration(name: string): number | undefined;
  bytes(name: string): number | undefined;
  /** From 0 to 1. */
  share(name: string): number | undefined;
  choice<T extends string>(name: string, valid: readonly T[]): T | undefined;
  /** JSON or YAML. */
  structured(name: string): Promise<unknown>;
  /** As `text`; masked in the log and refused by state. */
  secret(name: string): string | undefined;
}

/** The inputs as the runner passes them, in `INPUT_*`. `read` answers '' for an input that is not there. */
export function readInputs(read: (name: string) => string = getInput): Inputs {
  const text = (name: string): string | undefined => read(name).trim() || undefined;
  const parsed = <T>(name: string, parser: (text: string) => T): T | undefined => {
    const given = text(name);
    return given === undefined ? undefined : named(name, () => parser(given));
  };
  const lines = (name: string): string[] =>
    (text(name) ?? '')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
  return {
    text,
    required: (name) => text(name) ?? missing(name),
    lines,
    lists: (name) => lines(name).map((line) => named(name, () => parse.parseList(line))),
    list: (name) => parsed(name, parse.parseList) ?? [],
    boolean: (name) => parsed(name, parse.parseBoolean),
    integer: (name, range) => parsed(name, (given) => parse.parseInteger(given, range)),
    duration: (name) => parsed(name, parse.parseDuration),
    bytes: (name) => parsed(name, parse.parseBytes),
    share: (name) => parsed(name, parse.parseShare),
    choice: (name, valid) => parsed(name, (given) => parse.parseChoice(given, valid)),
    structured: async (name) => {
      const given = text(name);
      return given === undefined ? undefined : parseStructured(name, given);
    },
    secret: (name) => {
      const value = text(name);
      if (value !== undefined) registerSecret(value);
      return value;
    },
  };
}

function missing(name: string): never {
  throw new UserError(`Input '${name}' is required and was not given. Add '${name}: …' under 'with:'.`);
}

function named<T>(name: string, parser: () => T): T {
  try {
    return parser();
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error;
    throw new UserError(`Input '${name}' is ${quote(error.found)}: expected ${error.valid}.`);
  }
}

async function parseStructured(name: string, text: string): Promise<unknown> {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: YAML, whose parser is only paid for here.
  }
  const { parse: parseYaml } = await import('yaml');
  try {
    // Its warnings would go to the log as they are, and what they quote may be a stranger's.
    return parseYaml(text, { maxAliasCount: 0, logLevel: 'error' });
  } catch (error) {
    const reason = messageOf(error).split('\n', 1)[0];
    throw new UserError(`Input '${name}' is ${quote(text)}: expected JSON or YAML (${reason}).`);
  }
}
