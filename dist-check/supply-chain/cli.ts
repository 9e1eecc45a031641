// `npm run supply-chain`: asks the registry about the packages in package-lock.json: known vulnerabilities, signatures,
// and the age of versions. If the registry does not answer, the check is skipped with the reason. On GitHub, where the
// public registry answers, it fails.
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../actions.ts';
import { bundledPackages } from '../publish/sbom.ts';
import {
  type AuditReport,
  judgeAdvisories,
  judgeAge,
  judgeSignatures,
  readCooldown,
  type SignatureReport,
  type Verdict,
} from './judge.ts';
import { type Lock, lockedPackages } from './lock.ts';

/** Milliseconds for each check. They run at the same time. */
const limit = 18_000;
/** One retry, after half a second. npm waits for ten seconds otherwise. */
const retry = ['--fetch-retries=1', '--fetch-retry-mintimeout=500'];
/** How many requests to the registry run at the same time. */
const parallel = 16;

/** The registry gave no answer that can be judged. */
class Unanswered extends Error {}

const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** Runs npm and returns its output. npm exits with 1 if it found something. */
function npm(...args: string[]): Promise<string> {
  const options = { cwd: root, timeout: limit, maxBuffer: 64 * 1024 ** 2 };
  return new Promise((resolve, reject) => {
    execFile('npm', [...args, ...retry], options, (error, stdout) => {
      if (error?.killed === true) reject(new Unanswered(`no answer within ${limit / 1000} s`));
      else resolve(stdout);
    });
  });
}

/** Runs `npm audit` and parses its report. @param key a key that each report has, as opposed to an error */
async function audit(key: string, ...args: string[]): Promise<object> {
  const output = await npm('audit', '--json', ...args);
  let report: { message?: string; error?: { summary?: string } } | undefined;
  try {
    report = JSON.parse(output) as typeof report;
  } catch {
    throw new Unanswered(`npm answered: ${output.slice(0, 200)}`);
  }
  if (typeof report === 'object' && key in report) return report;
  throw new Unanswered(report?.message ?? report?.error?.summary ?? 'npm gave no report');
}

async function checkAdvisories(): Promise<Verdict> {
  const shipped = new Set(bundledPackages(root).map((text) => text.split(' ')[0] ?? ''));
  return judgeAdvisories((await audit('vulnerabilities', '--package-lock-only')) as AuditReport, shipped);
}

async function checkSignatures(): Promise<Verdict> {
  return judgeSignatures((await audit('invalid', 'signatures')) as SignatureReport);
}

async function checkAge(): Promise<Verdict> {
  const packages = lockedPackages(JSON.parse(read('package-lock.json')) as Lock);
  const registry = new URL(`${(await npm('config', 'get', 'registry')).trim().replace(/\/$/, '')}/`);
  const published = new Map<string, Date>();
  const signal = AbortSignal.timeout(limit);
  const queue = new Set(packages.map(({ name }) => name)).values();
  const ask = async () => {
    for (const name of queue) {
      const times = await publishTimes(new URL(name.replace('/', '%2f'), registry), signal);
      for (const [version, time] of Object.entries(times))
        published.set(`${name}@${version}`, new Date(time));
    }
  };
  await Promise.all(Array.from({ length: parallel }, ask));
  const unknown = packages.find(({ name, version }) => !published.has(`${name}@${version}`));
  if (unknown !== undefined)
    throw new Unanswered(`the registry does not say when ${unknown.name}@${unknown.version} was published`);
  return judgeAge(packages, published, readCooldown(read('.npmrc')), new Date());
}

async function publishTimes(url: URL, signal: AbortSignal): Promise<Record<string, string>> {
  try {
    const answer = await fetch(url, { signal });
    if (!answer.ok) throw new Error(`the registry answered ${answer.status}`);
    return ((await answer.json()) as { time?: Record<string, string> }).time ?? {};
  } catch (error) {
    const { message, cause } = error as Error;
    throw new Unanswered(`${url.pathname}: ${cause instanceof Error ? cause.message : message}`);
  }
}

const isGitHub = process.env['GITHUB_ACTIONS'] === 'true';
const checks: [string, () => Promise<Verdict>][] = [
  ['known vulnerabilities', checkAdvisories],
  ['signatures of the registry', checkSignatures],
  ['age of versions', checkAge],
];

async function runCheck(name: string, check: () => Promise<Verdict>): Promise<void> {
  try {
    const { problems, notes } = await check();
    const lines = [...problems, ...notes.map((text) => `accepted: ${text}`)].map((text) => `\n  ${text}`);
    report(
      problems.length > 0,
      `${name}: ${problems.length > 0 ? 'FAILED' : 'no problems'}${lines.join('')}`,
    );
  } catch (error) {
    if (!(error instanceof Unanswered)) throw error;
    report(isGitHub, `${name}: ${isGitHub ? 'FAILED' : 'skipped'}: ${error.message}`);
  }
}

function report(failed: boolean, text: string): void {
  console.log(text);
  if (failed) process.exitCode = 1;
}

await Promise.all(checks.map(([name, check]) => runCheck(name, check)));
