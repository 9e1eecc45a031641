import type { RunJob } from '@runner-actions/github';
import { hostedRunnerGroup } from './history.ts';

/** The labels that every runner has: they tell its system and processor, and not what kind of machine it is. */
const systemLabels = ['linux', 'windows', 'macos', 'x64', 'x86', 'arm', 'arm64'];
const selfHosted = 'self-hosted';

/**
 * Returns the class of the runner that a job requests. Only jobs of one class have comparable durations.
 * - On a hosted runner: the label that the job requests, such as `ubuntu-24.04`.
 * - Else: the requested labels in lower case, sorted, joined with commas, without `self-hosted`, system and processor. If
 *   no label is left, system and processor are the class; a job that requests only a group has the class `group NAME`.
 *
 * A runner's name is never part of it: a name that serves one job only would start a new history each time. It is text of
 * a workflow's author.
 */
export function runnerClass({ labels, runnerGroup }: Pick<RunJob, 'labels' | 'runnerGroup'>): string {
  const requested = [...new Set(labels.map((label) => label.toLowerCase()))].sort();
  if (requested.length === 0)
    return runnerGroup === undefined ? 'unknown' : `group ${runnerGroup.toLowerCase()}`;
  if (runnerGroup === hostedRunnerGroup) return requested.join(',');
  const others = requested.filter((label) => label !== selfHosted);
  const own = others.filter((label) => !systemLabels.includes(label));
  if (own.some(isStandardHosted)) return [selfHosted, ...own].join(',');
  return (own.length > 0 ? own : others).join(',') || selfHosted;
}

/**
 * Whether a label is that of a standard hosted runner. Their group is always `GitHub Actions`. A machine that bears such
 * a label in another group is not one of them. Source: GitHub's page "GitHub-hosted runners reference".
 */
function isStandardHosted(label: string): boolean {
  return /^(?:ubuntu|windows|macos)-(?:latest|slim|\d+(?:\.\d+)?)(?:-arm|-intel)?$/.test(label);
}
