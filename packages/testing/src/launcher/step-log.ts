import { type Annotation, openAnnotations } from './annotations.ts';
import { createCommandHandler } from './log-command-handlers.ts';
import type { SecretMasker } from './secret-masker.ts';

/** The result of the commands in a step's output and command files, and the log that GitHub shows. */
export interface StepLog {
  /** The lines that GitHub shows, masked. */
  lines: string[];
  annotations: Annotation[];
  masks: string[];
  outputs: Record<string, string>;
  state: Record<string, string>;
  /** Whether a command could not be executed. If so, the step fails, even with exit code 0. */
  failed: boolean;
  /** Processes one line of stdout or stderr. */
  read: (line: string) => void;
  writeLine: (line: string) => void;
  /** Adds an annotation, and its line in the log. */
  annotate: (annotation: Annotation) => void;
  /** Adds a message of the runner itself. */
  report: (level: Annotation['level'], message: string) => void;
  /** Reports a command that could not be executed, and fails the step. */
  fail: (message: string, error: unknown) => void;
}

export interface StepLogOptions {
  masker: SecretMasker;
  workspace: string;
  /** Reads a variable that allows a step something that is off by default. */
  setting: (name: string) => string | undefined;
}

/** Opens the log of one step, and executes the commands in it. Source: actions/runner 2.336.0, OutputManager.cs, ExecutionContext.cs. */
export function openStepLog(options: StepLogOptions): StepLog {
  const { masker } = options;
  const { shown, add } = openAnnotations(masker.mask);
  const log: StepLog = {
    ...{ lines: [], annotations: shown, masks: [], outputs: {}, state: {}, failed: false },
    read: (line) => handleCommand(line) || log.writeLine(line),
    writeLine: (line) => void log.lines.push(masker.mask(line)),
    annotate(annotation) {
      add(annotation);
      log.writeLine(`##[${annotation.level}]${annotation.message}`);
    },
    report: (level, message) => log.annotate({ level, message }),
    fail(message, error) {
      log.report('error', message);
      log.report('error', (error as Error).message);
      log.failed = true;
    },
  };
  const handleCommand = createCommandHandler(log, options);
  return log;
}
