import { readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { toAnnotation } from './annotations.ts';
import { type LogCommand, parseLogCommand } from './log-commands.ts';
import type { StepLog, StepLogOptions } from './step-log.ts';

type Handler = (command: LogCommand, log: StepLog, options: StepLogOptions) => void;

const warnDeprecated = (name: string, log: StepLog): void =>
  log.report('warning', `The \`${name}\` command is deprecated and will be disabled soon.`);

const forbidden: Handler = ({ name }, _log, { setting }) => {
  if (!isOn(setting('ACTIONS_ALLOW_UNSECURE_COMMANDS')))
    throw new Error(`The \`${name}\` command is disabled.`);
  throw new Error(
    `The launcher does not support \`${name}\`, even if ACTIONS_ALLOW_UNSECURE_COMMANDS allows it.`,
  );
};

const annotate: Handler = (command, log, { workspace }) => log.annotate(toAnnotation(command, workspace));

const handlers: Record<string, Handler> = {
  'set-output'(command, log) {
    warnDeprecated('set-output', log);
    log.outputs[nameOf(command)] = command.data;
  },
  'save-state'(command, log) {
    warnDeprecated('save-state', log);
    log.state[nameOf(command)] = command.data;
  },
  'set-env': forbidden,
  'add-path': forbidden,
  'add-mask'({ data }, log, { masker }) {
    if (data.trim() === '') return log.report('warning', "Can't add secret mask for empty string.");
    log.masks.push(data);
    masker.add(data);
    for (const part of data.split(/[\r\n]/)) masker.add(part.trim());
  },
  'add-matcher': ({ data }, log, { workspace }) => readMatcher(data, log, workspace),
  'remove-matcher'({ data, properties }, log, { workspace }) {
    if (properties['owner'] === undefined) readMatcher(data, log, workspace);
  },
  debug: () => undefined,
  warning: annotate,
  error: annotate,
  notice: annotate,
  group: ({ data }, log) => log.writeLine(`##[group]${data}`),
  endgroup: (_command, log) => log.writeLine('##[endgroup]'),
};

/** The commands that `::echo::on` does not show in the log. */
const neverEchoed = new Set(['add-mask', 'debug', 'warning', 'error', 'notice']);

/**
 * Creates a function that executes the commands in the output of one step. It takes one line at a time, and returns
 * whether the line was a command. Source: actions/runner 2.336.0, ActionCommandManager.cs.
 */
export function createCommandHandler(log: StepLog, options: StepLogOptions): (line: string) => boolean {
  const registered = new Set(['stop-commands', 'echo', ...Object.keys(handlers)]);
  let stopToken: string | undefined;
  let echo = false;
  const statefulHandlers: Record<string, Handler> = {
    'stop-commands'({ data }) {
      const token = data.toLowerCase();
      const isUnsafe = token === '' || token === 'pause-logging' || registered.has(token);
      if (isUnsafe && !isOn(options.setting('ACTIONS_ALLOW_UNSECURE_STOPCOMMAND_TOKENS')))
        throw new Error('You cannot use a endToken that is an empty string or another workflow command.');
      stopToken = token;
      registered.add(token);
      if (data.length > 6) options.masker.add(data);
    },
    echo({ data }) {
      const value = data.trim().toLowerCase();
      if (value !== 'on' && value !== 'off') throw new Error(`Invalid echo command value '${data}'.`);
      echo = value === 'on';
    },
  };
  return (line) => {
    const command = parseLogCommand(line, registered);
    if (command === undefined) return false;
    const { name } = command;
    if (stopToken !== undefined) {
      if (name !== stopToken) return false;
      registered.delete(stopToken);
      stopToken = undefined;
      log.writeLine(line);
      return true;
    }
    if (name === 'stop-commands' || (echo && !neverEchoed.has(name))) log.writeLine(line);
    try {
      (statefulHandlers[name] ?? handlers[name])?.(command, log, options);
    } catch (error) {
      log.fail(`Unable to process command '${neverEchoed.has(name) ? name : line}' successfully.`, error);
    }
    return true;
  };
}

function isOn(value: string | undefined): boolean {
  return value?.toLowerCase() === 'true';
}

/** Checks that the file exists and is JSON. The launcher does not match lines against its patterns. */
function readMatcher(file: string, log: StepLog, workspace: string): void {
  if (file === '') return log.report('warning', 'File path must be specified.');
  JSON.parse(readFileSync(isAbsolute(file) ? file : join(workspace, file), 'utf8'));
}

function nameOf({ name, properties }: LogCommand): string {
  const value = properties['name'] ?? '';
  if (value === '') throw new Error(`Required field 'name' is missing in ##[${name}] command.`);
  return value;
}
