import { messageOf, stackOf, UserError } from './errors.ts';
import { type Log, openLog } from './log.ts';

/** How a command ends: all is well; it found something, or refuses; it was called wrongly; it needs a person, or could not find out. */
export const exitCodes = { well: 0, findings: 1, usage: 2, attention: 3 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** What a command answers: lines for people, or with `--json` the result for machines. */
export interface CommandAnswer {
  code: ExitCode;
  lines: readonly string[];
  result: object;
}

/** What the module of a command exports. */
export interface CommandModule {
  /** @param say for people, beside the answer. @throws UserError for a refusal, CommandFailure for other endings */
  command(args: readonly string[], say: Log): Promise<CommandAnswer>;
}

/** A command that ends with a message, and this code. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  readonly code: ExitCode;

  constructor(code: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

const reportAt = 'Please report it with this text in an issue of Runner Actions.';
/** What the system says no to, in words. Source: errno(3). */
const explanations: Record<string, string> = {
  ENOSPC: 'The disk is full.',
  EDQUOT: 'This user’s share of the disk is full.',
  EROFS: 'It may only be read.',
  EACCES: 'This user may not do that.',
  EPERM: 'This user may not do that.',
};

/**
 * Runs a command of people and timers, and ends the process: with the answer on standard output and all else on standard error. What
 * goes wrong is never green: nobody reads the log of a timer that ends well.
 */
export async function runCommand(
  load: () => Promise<CommandModule>,
  args: readonly string[],
): Promise<never> {
  process.removeAllListeners('warning').on('warning', () => undefined);
  const json = args.includes('--json');
  let unwritten = false;
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', ({ code }: NodeJS.ErrnoException) => (unwritten ||= code !== 'EPIPE'));
  const out = openLog({ debug: false }, (text) => process.stdout.write(text));
  const say = openLog({ debug: false }, (text) => process.stderr.write(text));
  const answer = await answerOf(load, args, say);
  if (json) process.stdout.write(asJson(answer.result));
  else for (const line of answer.lines) out.info(line);
  await flush();
  process.exit(unwritten && answer.code === exitCodes.well ? exitCodes.attention : answer.code);
}

async function answerOf(
  load: () => Promise<CommandModule>,
  args: readonly string[],
  say: Log,
): Promise<CommandAnswer> {
  try {
    const module = await load();
    return await Promise.race([module.command(args, say), strayFault()]);
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
    return [`It failed: ${messageOf(thrown)}.`, explanations[code]].filter(Boolean).join(' ');
  return `Runner Actions had a problem of its own. ${reportAt}\n${stackOf(thrown)}`;
}

/** In a step of a workflow the runner reads it as well, and obeys `##[…]` wherever it stands. */
function asJson(result: object): string {
  return `${JSON.stringify(result, undefined, 2).replaceAll('##[', '#\\u0023[')}\n`;
}

/** Rejects on what nobody caught: a rejection left alone, an `error` event without a listener. */
export function strayFault(): Promise<never> {
  return new Promise((_resolve, reject) => {
    process.on('unhandledRejection', reject);
    process.on('uncaughtException', reject);
  });
}

/** Waits until what was written has left the process; pipes are asynchronous. */
export async function flush(): Promise<void> {
  await Promise.all(
    [process.stdout, process.stderr].map(
      (stream) => new Promise<void>((done) => stream.write('', () => done())),
    ),
  );
}
