import { parseArgs, type ParseArgsConfig } from 'node:util';
import { escapeControls, messageOf, stackOf, UserError } from './errors.ts';
import { type Log, openLog } from './log.ts';

/**
 * Exit codes of a command. `well`: success. `findings`: the command found something, or refused to act. `usage`:
 * wrong arguments. `attention`: a person must look at it, or the command could not find out.
 */
export const exitCodes = { well: 0, findings: 1, usage: 2, attention: 3 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/**
 * The result of a command: lines for users, or, with `--json`, `result` for programs. Lines may contain untrusted text:
 * what a terminal obeys is escaped when they are printed.
 */
export interface CommandResult {
  code: ExitCode;
  lines: readonly string[];
  result: object;
}

/** The exports of a command's module. */
export interface CommandModule {
  /**
   * Runs the command.
   * @param say prints messages for users on standard error, in addition to the answer
   * @throws UserError when the command refuses to act, CommandFailure for every other failure
   */
  command(args: readonly string[], say: Log): Promise<CommandResult>;
}

/** Ends a command with a message and an exit code. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  readonly code: ExitCode;

  constructor(code: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/**
 * Reads the arguments of a command, in addition to `--json` and `--help`, which every command has.
 * @throws CommandFailure with the message and the usage if an argument is wrong
 */
export function parseOptions<const Options extends NonNullable<ParseArgsConfig['options']>>(
  args: readonly string[],
  usage: string,
  options: Options,
) {
  try {
    const common = {
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h' },
    } as const;
    return parseArgs({ args: [...args], allowPositionals: true, options: { ...options, ...common } });
  } catch (error) {
    throw new CommandFailure(exitCodes.usage, `${messageOf(error)}\n\n${usage}`);
  }
}

/** Returns the answer to `--help`. */
export function helpOf(usage: string): CommandResult {
  return { code: exitCodes.well, lines: usage.split('\n'), result: { usage } };
}

const reportRequest = 'Please report it with this text in an issue of Runner Actions.';
/** Explanations of error codes of the system. Source: errno(3). */
const explanations: Record<string, string> = {
  ENOSPC: 'The disk is full.',
  EDQUOT: 'This user’s disk quota is used up.',
  EROFS: 'The file system is read-only.',
  EACCES: 'This user has no permission to do that.',
  EPERM: 'This user has no permission to do that.',
};

/**
 * Runs a command that a user or a timer started, then ends the process. Prints the answer on standard output and
 * everything else on standard error. Every failure gives an exit code other than 0, because nobody reads the log of a
 * timer that succeeds.
 */
export async function runCommand(
  load: () => Promise<CommandModule>,
  args: readonly string[],
): Promise<never> {
  process.removeAllListeners('warning').on('warning', () => undefined);
  const json = args.includes('--json');
  let writeFailed = false;
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', ({ code }: NodeJS.ErrnoException) => (writeFailed ||= code !== 'EPIPE'));
  const out = openLog({ debug: false }, (text) => process.stdout.write(text));
  const say = openLog({ debug: false }, (text) => process.stderr.write(escapeLines(text)));
  const answer = await answerOf(load, args, say);
  if (json) process.stdout.write(asJson(answer.result));
  else for (const line of answer.lines) out.info(escapeControls(line));
  await flush();
  process.exit(writeFailed && answer.code === exitCodes.well ? exitCodes.attention : answer.code);
}

/** A message may have several lines. */
function escapeLines(text: string): string {
  return text.split('\n').map(escapeControls).join('\n');
}

async function answerOf(
  load: () => Promise<CommandModule>,
  args: readonly string[],
  say: Log,
): Promise<CommandResult> {
  try {
    const module = await load();
    return await Promise.race([module.command(args, say), uncaughtError()]);
  } catch (thrown) {
    const message = explain(thrown);
    say.info(message);
    return { code: codeOf(thrown), lines: [], result: { version: 1, error: message } };
  }
}

function codeOf(thrown: unknown): ExitCode {
  if (thrown instanceof CommandFailure) return thrown.code;
  return thrown instanceof UserError ? exitCodes.findings : exitCodes.attention;
}

function explain(thrown: unknown): string {
  if (thrown instanceof CommandFailure || thrown instanceof UserError) return thrown.message;
  const { code, syscall } = thrown as NodeJS.ErrnoException;
  if (code !== undefined && syscall !== undefined)
    return [`The command failed: ${messageOf(thrown)}.`, explanations[code]].filter(Boolean).join(' ');
  return `Runner Actions had an internal error. ${reportRequest}\n${stackOf(thrown)}`;
}

/** Serializes `result`. Escapes `##[`: in a workflow step the runner executes a `##[…]` command anywhere in a line. */
function asJson(result: object): string {
  return `${JSON.stringify(result, undefined, 2).replaceAll('##[', '#\\u0023[')}\n`;
}

/**
 * Rejects with the first error that nothing caught: a rejection without a handler, or an `error` event without a
 * listener.
 */
export function uncaughtError(): Promise<never> {
  return new Promise((_resolve, reject) => {
    process.on('unhandledRejection', reject);
    process.on('uncaughtException', reject);
  });
}

/** Waits until all output has left the process. Pipes are asynchronous. */
export async function flush(): Promise<void> {
  await Promise.all(
    [process.stdout, process.stderr].map(
      (stream) => new Promise<void>((done) => stream.write('', () => done())),
    ),
  );
}
