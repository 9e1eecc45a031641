import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import {
  type Deadline,
  execute,
  type Execution,
  type Log,
  messageOf,
  monotonicNow,
  readSmallFile,
} from '@runner-actions/core';
import { placeOf } from '../tools/archive-io.ts';
import { type Download, putArchive } from './put-archive-io.ts';
import { featureEnvironment } from '../tools/own-feature-io.ts';
import type { Machine } from '../kinds/kind.ts';
import { argumentsToRun, remedyText } from '../machine-facts/packages/install-command.ts';
import { killProbesOnSignal } from '../kill-probes-io.ts';
import { managerEnvironment } from './manager-environment.ts';
import type { FeatureRequirement } from '@runner-actions/manifest';
import type { Act, Plan } from './plan.ts';
import type { Refusal } from './refusal.ts';
import { leaveOut, saidOf, type UnknownPackages, unknownPackages } from './unknown-packages.ts';

/** Lines of a command's output that the log shows, and bytes that are kept. */
const shown = { lines: 200, bytes: 1024 ** 2 };
/** Milliseconds that a command which cannot be ended may take longer than its limit. */
const grace = 5_000;

export interface Done {
  act: Act;
  /** The arguments that ran. For an archive: `download` and its address. */
  argv: readonly string[];
  /** `null`: there was no process, or none that exited. */
  exitCode: number | null;
  milliseconds: number;
  /** What this action downloaded itself. */
  download?: Download;
  /** Why it failed; `undefined`: it did not. */
  problem: string | undefined;
  /** What apt does not know, if it did nothing for that reason, and was run again without. */
  unknown?: UnknownPackages;
  /** The last line that it printed; '' if it printed none. */
  lastLine?: string;
}

/** What an installation did. */
export interface Installation {
  done: readonly Done[];
  /** Why nothing was begun, or why the rest was not, if that is not the failure of a command; `undefined`: neither. */
  problem: string | undefined;
  /** That nothing was begun, for people; absent if something was. */
  refusal?: Refusal;
}

/** What acts need: the machine, where to log, and how long all of them may take. */
export interface Site {
  machine: Machine;
  log: Log;
  deadline: Deadline;
  isRoot: boolean;
  features: readonly FeatureRequirement[];
}

/** What became of a plan. */
export interface Outcome extends Installation {
  /** Folders for PATH that features named. */
  named: readonly string[];
}

/**
 * Runs the commands of a plan, one after another. After one that failed, its round is completed, and no other round
 * begins. It never throws: the check after it must tell what is met, whatever broke here.
 */
export async function carryOut({ rounds }: Plan, site: Site): Promise<Outcome> {
  const done: Done[] = [];
  const release = killProbesOnSignal('SIGTERM');
  let folder: string | undefined;
  try {
    folder = await mkdtemp(join(site.machine.job.temp, 'install-'));
    await writeFile(join(folder, 'path'), '');
    for (const round of rounds) {
      for (const act of round) done.push(...(await runKnown(act, site, join(folder, 'path'), done)));
      if (done.some((one) => stopsPlan(one, site))) break;
    }
    const archives = done.flatMap(({ act, problem }) =>
      problem === undefined && act.by === 'archive' ? act.meets : [],
    );
    const bins = site.features.flatMap((one) =>
      archives.includes(one.name) ? (placeOf(one, site.machine)?.bins ?? []) : [],
    );
    const named = (readSmallFile(join(folder, 'path'), 64 * 1024) ?? '').split(/\r?\n/);
    return { done, named: [...bins, ...named], problem: undefined };
  } catch (error) {
    return { done, named: [], problem: messageOf(error) };
  } finally {
    release();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** What was left out stops only what may need it: nothing but a feature is needed by others. */
function stopsPlan({ problem, unknown, act }: Done, { features }: Site): boolean {
  if (problem === undefined) return false;
  return unknown === undefined || features.some(({ name }) => act.meets.includes(name));
}

/** How often a command of apt is begun. apt-get names all unknown packages at once. */
const mostTries = 3;

/**
 * Runs an act; one of apt again without the packages that apt does not know, so that the others are installed.
 * @param before what ran before it
 */
async function runKnown(act: Act, site: Site, paths: string, before: readonly Done[]): Promise<Done[]> {
  const done: Done[] = [];
  // `apt-get update` ends with 0 then, and apt knows no package, or old ones.
  const isStale = before.some(({ lastLine = '' }) => lastLine.includes('index files failed to download'));
  let left = act;
  for (let tries = 1; ; tries += 1) {
    const { said, ...one } = await run(left, site, paths);
    const isRefused = left.by === 'apt' && one.exitCode !== 0;
    const unknown = unknownPackages(isRefused ? left.packages : [], said);
    if (unknown.size === 0 || tries === mostTries) return [...done, one];
    const { rest, refused } = leaveOut(left, unknown);
    const why = isStale ? ', and its lists of packages could not be fetched: see the log' : '';
    const problem = `${saidOf(left.packages, unknown)?.slice(0, longestProblem)}${why}`;
    done.push({ ...one, act: refused, problem, unknown });
    if (rest.packages.length === 0) return done;
    left = rest;
  }
}

/** Characters of what apt says of all the packages that it does not know. */
const longestProblem = 2_000;

/** @param paths the file to which a feature may write folders for PATH, as to `GITHUB_PATH` */
async function run(act: Act, site: Site, paths: string): Promise<Done & { said: { stderr: string } }> {
  const { machine, log, deadline, features } = site;
  const feature = features.find(
    ({ name }) => ['feature', 'archive'].includes(act.by) && act.meets.includes(name),
  );
  const started = monotonicNow();
  const limit = deadline.remaining();
  if (act.by === 'archive' && feature !== undefined) {
    // A file system may not answer.
    const placed = await Promise.race([
      putArchive(feature, machine, deadline, log),
      afterDeadline(limit + grace),
    ]);
    const { problem, ...download } = placed ?? { problem: problemOf(undefined) };
    const milliseconds = monotonicNow() - started;
    const said = { stderr: '' };
    return { act, argv: act.command, exitCode: null, milliseconds, problem, said, ...download };
  }
  const env =
    feature === undefined
      ? managerEnvironment(machine.job.environment)
      : { ...featureEnvironment(feature, machine), GITHUB_PATH: paths };
  const argv = withoutPassword(argumentsToRun(act, site.isRoot));
  const options = { cwd: dirname(paths), env, deadline, timeout: limit, limitBytes: shown.bytes };
  // A process of root does not end when this user asks it to.
  const ended = await Promise.race([execute(argv, options), afterDeadline(limit + grace)]);
  log.group(remedyText(act), outputOf(ended));
  const milliseconds = monotonicNow() - started;
  const [exitCode, said] = [ended?.code ?? null, { stderr: ended?.stderr ?? '' }];
  const lastLine = lastLineOf(ended);
  return { act, argv, exitCode, milliseconds, problem: problemOf(ended), lastLine, said };
}

/** A password could not be typed. */
function withoutPassword(argv: readonly string[]): readonly string[] {
  return argv[0] === 'sudo' ? ['sudo', '-n', ...argv.slice(1)] : argv;
}

function afterDeadline(milliseconds: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), milliseconds).unref());
}

function outputOf(ended: Execution | undefined): string[] {
  const lines = ended === undefined ? [] : `${ended.stdout}\n${ended.stderr}`.trim().split('\n');
  if (lines.length <= shown.lines) return lines;
  return [`(${lines.length - shown.lines} lines before)`, ...lines.slice(-shown.lines)];
}

function lastLineOf(ended: Execution | undefined): string {
  const text = ended === undefined ? '' : `${ended.stdout}\n${ended.stderr}`;
  return text.trim().split('\n').at(-1)?.trim().slice(0, 200) ?? '';
}

function problemOf(ended: Execution | undefined): string | undefined {
  if (ended === undefined) return 'it did not end in time, and may still run';
  const { status, code, signal, error } = ended;
  if (status === 'timed-out') return 'it did not end in time';
  if (status === 'signalled') return `it was killed by ${signal ?? 'a signal'}`;
  if (status === 'not-started') return `it cannot be started (${error?.code ?? 'unknown'})`;
  if (code === 0) return undefined;
  return `it ended with the exit code ${code}: ${lastLineOf(ended)}`;
}
