import { InvalidValue, messageOf, quote, UserError } from './errors.ts';
import * as parse from './parse.ts';
import { registerSecret } from './secrets.ts';
import { getInput } from './toolkit.ts';

/**
 * The inputs of the step. An empty input counts as not given: every reader returns `undefined`, list readers an empty
 * list. If a value is invalid, the reader throws a `UserError` that names the input, the value and the valid values.
 */
export interface Inputs {
  text(name: string): string | undefined;
  required(name: string): string;
  /** One item per line, trimmed, without empty ones. For values that may contain commas, such as paths. */
  lines(name: string): string[];
  /** Items separated by commas or new lines, or a list as JSON or YAML. */
  list(name: string): string[];
  /** One list of labels per line. */
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
  /** Like `text`. The value is masked in the log, and `state.save` refuses it. */
  secret(name: string): string | undefined;
}

/**
 * Reads the inputs from the variables `INPUT_*` that the runner sets.
 * @param read returns '' for an input that does not exist
 */
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
    lists: (name) => lines(name).map((line) => named(name, () => parseLine(line))),
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

/** A line of a YAML list may stand for a list or for an item of it, so it is refused. */
function parseLine(line: string): string[] {
  const isOneOfSeveral = /^(?:-\s|\[\s*(?:\[|$))/.test(line);
  if (!isOneOfSeveral) return parse.parseLabels(line);
  throw new InvalidValue(
    line,
    'one list per line, such as \'self-hosted, linux\' or ["self-hosted", "linux"]',
  );
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
    return named(name, () => parse.parseJson(text));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // It is not JSON, so it is YAML. The YAML parser is loaded only when it is needed.
  }
  const { parse: parseYaml } = await import('yaml');
  try {
    // The parser would print its warnings unescaped, and they may quote untrusted text.
    return parseYaml(text, { maxAliasCount: 0, logLevel: 'error' });
  } catch (error) {
    const reason = messageOf(error).split('\n', 1)[0];
    throw new UserError(`Input '${name}' is ${quote(text)}: expected JSON or YAML (${reason}).`);
  }
}
