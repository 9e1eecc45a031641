import { type Annotation, collectAnnotations } from './annotations.ts';
import { readCommands } from './log-command-effects.ts';
import type { SecretMasker } from './secret-masker.ts';

/** What a step told the runner, in its output and in its files for commands. */
export interface StepLog {
  /** The lines that GitHub shows, masked. */
  lines: string[];
  annotations: Annotation[];
  masks: string[];
  outputs: Record<string, string>;
  state: Record<string, string>;
  /** A command that could not be obeyed fails the step, whatever its exit code. */
  failed: boolean;
  /** Takes a line of either stream. */
  read: (line: string) => void;
  writeLine: (line: string) => void;
  /** Adds an annotation, and its line. */
  annotate: (annotation: Annotation) => void;
  /** What the runner itself says about the step. */
  report: (level: Annotation['level'], message: string) => void;
  /** Says that a command could not be obeyed. */
  fail: (what: string, error: unknown) => void;
}

export interface StepLogOptions {
  masker: SecretMasker;
  workspace: string;
  /** The value of a variable that lets a step do what is off by default. */
  setting: (name: string) => string | undefined;
}

/** The log of one step, with the commands in it obeyed. Source: actions/runner 2.336.0, OutputManager.cs and ExecutionContext.cs. */
export function openStepLog(options: StepLogOptions): StepLog {
  const { masker } = options;
  const { shown, add } = collectAnnotations(masker.mask);
  const log: StepLog = {
    ...{ lines: [], annotations: shown, masks: [], outputs: {}, state: {}, failed: false },
    read: (line) => obey(line) || log.writeLine(line),
    writeLine: (line) => void log.lines.push(masker.mask(line)),
    annotate(annotation) {
      add(annotation);
      log.writeLine(`##[${annotation.level}]${annotation.message}`);
    },
    report: (level, message) => log.annotate({ level, message }),
    fail(what, error) {
      log.report('error', what);
      log.report('error', (error as Error).message);
      log.failed = true;
    },
  };
  const obey = readCommands(log, options);
  return log;
}
