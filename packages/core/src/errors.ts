/** Where in a user's file the mistake is; lines and columns count from 1. */
export interface Place {
  file?: string;
  line?: number;
  column?: number;
}

/**
 * A mistake of the user: a wrong input, a wrong file. The message says what is wrong, where, and what to do;
 * it is shown without a stack and fails the main phase. In post it is a warning unless `strict`.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly place: Place;
  readonly strict: boolean;

  constructor(message: string, options: Place & { strict?: boolean; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    const { file, line, column } = options;
    this.place = {
      ...(file === undefined ? {} : { file }),
      ...(line === undefined ? {} : { line }),
      ...(column === undefined ? {} : { column }),
    };
    this.strict = options.strict ?? false;
  }
}

/** A value that a parser refused. Callers know where it came from and turn this into a `UserError`. */
export class InvalidValue extends Error {
  override readonly name = 'InvalidValue';
  readonly found: string;
  readonly valid: string;

  constructor(found: string, valid: string) {
    super(`${quote(found)} is not ${valid}`);
    this.found = found;
    this.valid = valid;
  }
}

/** A value as it is shown in messages: on one line, at most 80 characters. */
export function quote(value: string): string {
  const text = JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"');
  return `'${text.length > 80 ? `${text.slice(0, 77)}...` : text}'`;
}

/** The message of anything thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The message of anything thrown, to end a sentence or go on in one: without a stop of its own. */
export function reasonOf(thrown: unknown): string {
  return messageOf(thrown).replace(/\.$/, '');
}

/** The stack of anything thrown, its causes included; else its text. */
export function stackOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const own = thrown.stack ?? `${thrown.name}: ${thrown.message}`;
  return thrown.cause === undefined ? own : `${own}\ncaused by ${stackOf(thrown.cause)}`;
}
