import type { RunsOnValue } from '@runner-actions/config';
import { InvalidValue, parseLabels, quote, UserError } from '@runner-actions/core';

/** The values that `runs-on` accepts. Source: GitHub's page "Workflow syntax", `jobs.<job_id>.runs-on`. */
export type RunsOn = RunsOnValue;

/**
 * Parses a label, a list of labels, or `{group, labels}`. A label may also be a JSON string, as the output `runs-on`
 * is.
 * @param structured the parsed `{group, labels}`; `undefined` for labels
 * @throws UserError naming `input`
 */
export function readRunsOn(input: string, text: string, structured: unknown): RunsOn {
  if (structured !== undefined) return readGroup(input, text, structured);
  const [first, ...rest] = text.startsWith('"') ? readText(input, text) : readLabels(input, text);
  if (first === undefined) throw wrong(input, text);
  return rest.length === 0 ? first : [first, ...rest];
}

/** @throws UserError naming `input`, for labels in a form that no label has */
export function readLabels(input: string, text: string): string[] {
  try {
    return parseLabels(text);
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error;
    throw new UserError(`Input '${input}' is ${quote(text)}: expected ${error.valid}.`);
  }
}

/** Reads the label of a JSON string. */
function readText(input: string, text: string): string[] {
  try {
    const label = (JSON.parse(text) as string).trim();
    return label === '' ? [] : [label];
  } catch {
    throw wrong(input, text);
  }
}

function readGroup(input: string, text: string, structured: unknown): RunsOn {
  if (typeof structured !== 'object' || structured === null) throw wrong(input, text);
  const { group, labels, ...others } = structured as Record<string, unknown>;
  const labelsFit = labels === undefined || typeof labels === 'string' || isTexts(labels);
  if (typeof group !== 'string' || group === '' || !labelsFit || Object.keys(others).length > 0)
    throw wrong(input, text);
  return labels === undefined ? { group } : { group, labels };
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => typeof item === 'string');
}

function wrong(input: string, text: string): UserError {
  return new UserError(
    `Input '${input}' is ${quote(text)}: expected a label, a list of labels, or {group: …, labels: […]}.`,
  );
}

/** Formats a `runs-on` for the output of that name: always JSON that `fromJSON` accepts. */
export function toJson(runsOn: RunsOn): string {
  return JSON.stringify(runsOn);
}

/**
 * Whether the label `self-hosted` is present. Without it, a group or a custom label may still match self-hosted
 * runners.
 */
export function hasSelfHostedLabel(runsOn: RunsOn): boolean {
  const labels = typeof runsOn === 'object' && 'group' in runsOn ? (runsOn.labels ?? []) : runsOn;
  return [labels].flat().some((label) => label.toLowerCase() === 'self-hosted');
}

/** Formats a `runs-on` for messages. */
export function describeRunsOn(runsOn: RunsOn): string {
  if (typeof runsOn === 'string') return runsOn;
  if (!('group' in runsOn)) return runsOn.join(', ');
  const labels = [runsOn.labels ?? []].flat();
  return `group ${runsOn.group}${labels.length === 0 ? '' : ` (${labels.join(', ')})`}`;
}

/** Whether this is a label of GitHub's standard runners, such as `ubuntu-latest`. */
export function isHostedLabel(runsOn: RunsOn): boolean {
  return typeof runsOn === 'string' && /^(ubuntu|windows|macos)-[\w.-]+$/i.test(runsOn);
}
