/** The position of a mistake in a user's file. Lines and columns count from 1. */
export interface Place {
  file?: string;
  line?: number;
  column?: number;
}

/**
 * A mistake of the user, such as a wrong input or a wrong file. The message says what is wrong, where, and what to do.
 * It is shown without a stack and fails the main phase. In the post phase it is a warning, unless `strict` is set.
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

/** A value that a parser refused. Callers know the source of the value and turn this error into a `UserError`. */
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

/** Quotes a value for a message: on one line, at most 80 characters. */
export function quote(value: string): string {
  const text = JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"');
  return `'${text.length > 80 ? `${text.slice(0, 77)}...` : text}'`;
}

/**
 * Writes control characters, line ends and characters that turn the order of a text around as in JSON, so that a name of a
 * file or a tool, which may be a stranger's, stays on its line and commands no terminal.
 */
export function escapeControls(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/gu, (sign) => {
    const escaped = JSON.stringify(sign).slice(1, -1);
    return escaped === sign ? `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}` : escaped;
  });
}

/** Returns the message of a thrown value. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Returns the message of a thrown value without a full stop at the end, for use inside a sentence. */
export function reasonOf(thrown: unknown): string {
  return messageOf(thrown).replace(/\.$/, '');
}

/** Returns the stack of a thrown error with its causes; for other values, their text. */
export function stackOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const own = thrown.stack ?? `${thrown.name}: ${thrown.message}`;
  return thrown.cause === undefined ? own : `${own}\ncaused by ${stackOf(thrown.cause)}`;
}
