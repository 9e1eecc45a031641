import { delimiter, dirname } from 'node:path';
import { compareVersions, type Range, type ToolRequirement } from '@runner-actions/manifest';
import type { Finding, Machine } from '../kinds/kind.ts';
import { installRemedy, remedyText } from '../machine-facts/packages/install-command.ts';
import { supplierOf } from './advice-io.ts';

/** Folders where the managers of a Linux system put programs. */
const systemFolders = ['/usr/bin', '/usr/sbin', '/bin', '/sbin'];
const brewFolders = ['/opt/homebrew/bin', '/usr/local/bin', '/home/linuxbrew/.linuxbrew/bin'];

/** Whether a newer version may meet a range that none of these versions meets. */
export function isTooOld({ scheme, any, alternatives }: Range, versions: readonly string[]): boolean {
  const isBelow = (version: string): boolean =>
    alternatives.flat().some(({ operator, bound }) => {
      const order = compareVersions(scheme, bound, version);
      if (order === undefined || !['>=', '>', '=', 'in'].includes(operator)) return false;
      return order > 0 || (order === 0 && operator === '>');
    });
  return !any && versions.length > 0 && versions.every(isBelow);
}

/**
 * Adds to the finding of a tool that is too old the command with which the system's manager upgrades it. That is a remedy
 * only where PATH would then find the manager's copy.
 * @param path the copy that PATH finds first
 */
export function adviseUpgrade(
  finding: Finding,
  { name, ranges, need }: ToolRequirement,
  { path, versions }: { path: string; versions: readonly string[] },
  { facts, job }: Pick<Machine, 'facts' | 'job'>,
): Finding {
  const supplier = supplierOf(name, facts);
  const old = ranges.filter((range) => isTooOld(range, versions));
  // One package cannot be several versions.
  const mayHelp = need === 'all' ? ranges.length === 1 && old.length === 1 : old.length > 0;
  if (finding.status !== 'fail' || supplier === undefined || !mayHelp) return finding;
  const { manager } = supplier;
  const remedy = installRemedy(manager, [supplier.name], { upgrade: true });
  const upgrade = `'${remedyText(remedy)}' installs the version that ${manager} has, which may still be too old.`;
  const isFirst =
    manager === 'winget' || comesFirst(path, manager === 'brew' ? brewFolders : systemFolders, job);
  const shadow = isFirst ? '' : ` PATH finds ${path} before it.`;
  const advice = [finding.advice, upgrade + shadow].filter((one) => one !== undefined).join(' ');
  return { ...finding, advice, ...(isFirst ? { remedy } : {}) };
}

/** Whether PATH would find the manager's copy before the one that it finds now, or finds it already. */
function comesFirst(
  found: string,
  folders: readonly string[],
  { environment }: Pick<Machine['job'], 'environment'>,
): boolean {
  const onPath = (environment['PATH'] ?? '').split(delimiter);
  const first = onPath.find((folder) => folders.includes(folder) || folder === dirname(found));
  return folders.includes(first ?? dirname(found));
}
