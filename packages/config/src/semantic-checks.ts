import { parseShare } from '@runner-actions/core';
import type { Document } from './document.ts';
import { closestName, type Problem } from './problem.ts';
import type { Config } from './schema/config.ts';

type Path = (string | number)[];
type Report = (path: Path, expected: string, nearest?: string, part?: 'key' | 'value') => void;
type Pool = NonNullable<Config['pools']>[string];

/**
 * Checks rules that the schema cannot express: names that must exist, and values that must fit each other.
 * @returns the problems in the order of the file
 */
export function checkSemantics(config: Config, document: Document): Problem[] {
  const problems: Problem[] = [];
  const report: Report = (path, expected, nearest, part = 'value') => {
    const found = part === 'key' ? String(path.at(-1)) : foundAt(document.value, path);
    const place = document.positionOf(path, part);
    problems.push({ ...place, path, found, expected, ...(nearest === undefined ? {} : { nearest }) });
  };
  for (const [name, pool] of Object.entries(config.pools ?? {})) checkPool(name, pool, report);
  checkNames(config, report);
  const { 'disk-low': low, 'disk-high': high, keep = [] } = config.cleanup ?? {};
  if (keep.length > 0 && keep.every((glob) => glob.startsWith('!')))
    report(
      ['cleanup', 'keep'],
      "a glob without '!' before the others, such as '**': '!' only excludes entries that earlier globs keep",
    );
  if (low !== undefined && low >= (high ?? 0.85))
    report(
      ['cleanup', 'disk-low'],
      `a share below disk-high (${Number(((high ?? 0.85) * 100).toFixed(2))}%)`,
    );
  const { from, to } = config.fleet?.['quiet-hours'] ?? {};
  if (from !== undefined && from === to)
    report(['fleet', 'quiet-hours', 'to'], "another time than 'from': quiet hours must end");
  return problems.sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column);
}

function checkPool(name: string, pool: Pool, report: Report): void {
  const { kind, heartbeat } = pool;
  const at = (key: string): Path => ['pools', name, key];
  if (name === 'fallback')
    report(['pools', name], "another name: outputs use 'fallback' for the fallback", undefined, 'key');
  if (name === 'hosted' && kind !== 'hosted')
    report(at('kind'), "'hosted', as the name of the pool says; 'force: hosted' relies on it");
  if (heartbeat !== undefined && heartbeat['max-age'] < 2 * heartbeat.every)
    report(
      [...at('heartbeat'), 'max-age'],
      "at least twice 'every', or one late run makes a live pool look dead",
    );
  if (kind !== 'hosted') checkBusy(name, pool, report);
  const foreign = Object.entries(allowedKinds).filter(([, kinds]) => !kinds.includes(kind));
  for (const [key, kinds] of foreign)
    if (pool[key as keyof Pool] !== undefined)
      report(at(key), `'${key}' only in a pool of kind ${kinds.join(' or ')}`);
  if (kind === 'hosted' && namesSelfHosted(pool['runs-on']))
    report(at('runs-on'), "GitHub's own labels in a pool of kind hosted, not 'self-hosted'");
}

function checkBusy(name: string, { wait, ...pool }: Pool, report: Report): void {
  const busy = pool['when-busy'];
  const at = (key: string): Path => ['pools', name, key];
  if (busy === 'queue' && pool['min-free'] !== undefined)
    report(at('min-free'), "no 'min-free' with 'when-busy: queue', where any online runner will do");
  if (busy === 'wait' && wait === undefined)
    report(at('when-busy'), "also the key 'wait', which says for how long");
  if (busy !== 'wait' && wait !== undefined) report(at('wait'), "'wait' only with 'when-busy: wait'");
}

const selfHosted = ['runners', 'scale-set', 'autoscaled'];
/** Keys that are allowed only in pools of these kinds. */
const allowedKinds: Record<string, readonly string[]> = {
  'max-runners': ['scale-set', 'autoscaled'],
  'metrics-url': ['scale-set'],
  'metrics-token-env': ['scale-set'],
  heartbeat: selfHosted,
  'min-free': selfHosted,
  'when-busy': selfHosted,
  wait: selfHosted,
  'on-unknown': selfHosted,
};

function namesSelfHosted(runsOn: Pool['runs-on']): boolean {
  const labels = typeof runsOn === 'object' && 'group' in runsOn ? (runsOn.labels ?? []) : runsOn;
  return [labels].flat().some((label) => label.toLowerCase() === 'self-hosted');
}

function checkNames(config: Config, report: Report): void {
  const pools = Object.keys(config.pools ?? {});
  checkList(['pool-order'], config['pool-order'] ?? [], pools, report);
  for (const [name, { pools: used = [], rollout }] of Object.entries(config.classes ?? {})) {
    checkList(['classes', name, 'pools'], used, pools, report);
    const rollouts = Object.keys(config.rollout ?? {});
    if (rollout === undefined || isShare(rollout) || rollouts.includes(rollout)) continue;
    const expected = rollout.endsWith('%')
      ? 'a share from 0% to 100%'
      : `a share such as 25%, or ${namesOf(rollouts, 'rollout')}`;
    report(['classes', name, 'rollout'], expected, closestName(rollout, rollouts));
  }
}

function isShare(text: string): boolean {
  try {
    return parseShare(text) >= 0;
  } catch {
    return false;
  }
}

function checkList(path: Path, given: readonly string[], known: readonly string[], report: Report): void {
  const names = new Set(known);
  const before = new Set<string>();
  given.forEach((name, index) => {
    if (!names.has(name)) report([...path, index], namesOf(known, 'pools'), closestName(name, known));
    else if (before.has(name)) report([...path, index], 'each pool once');
    before.add(name);
  });
}

function namesOf(known: readonly string[], section: string): string {
  return known.length === 0
    ? `a name that '${section}' declares, and it declares none`
    : `one of ${known.join(', ')}`;
}

function foundAt(value: unknown, path: Path): string | undefined {
  const found = path.reduce<unknown>(
    (part, key) => (part as Record<string | number, unknown> | undefined)?.[key],
    value,
  );
  if (found === undefined) return undefined;
  return typeof found === 'string' ? found : JSON.stringify(found);
}
