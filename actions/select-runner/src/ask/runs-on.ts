import { parseList, quote, UserError } from '@runner-actions/core';

/** What `runs-on` takes. Source: GitHub's page "Workflow syntax", `jobs.<job_id>.runs-on`. */
export type RunsOn = string | readonly string[] | { group: string; labels?: string | readonly string[] };

/** Reads a label (as JSON too, which the output `runs-on` is), a list of labels, or a `{group, labels}` that was parsed already. @throws UserError naming `input` */
export function readRunsOn(input: string, text: string, structured: unknown): RunsOn {
  if (structured !== undefined) return readGroup(input, text, structured);
  const [first, ...rest] = readTexts(input, text);
  if (first === undefined) throw wrong(input, text);
  return rest.length === 0 ? first : [first, ...rest];
}

function readTexts(input: string, text: string): string[] {
  try {
    if (!text.startsWith('"')) return parseList(text);
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

/** As the output `runs-on` has it: always JSON that `fromJSON` takes. */
export function toJson(runsOn: RunsOn): string {
  return JSON.stringify(runsOn);
}

/** Whether it names self-hosted runners outright. A group, or a label of one's own, may still be either. */
export function isDeclaredSelfHosted(runsOn: RunsOn): boolean {
  const labels = typeof runsOn === 'object' && 'group' in runsOn ? (runsOn.labels ?? []) : runsOn;
  return [labels].flat().some((label) => label.toLowerCase() === 'self-hosted');
}

/** A `runs-on` for people. */
export function describe(runsOn: RunsOn): string {
  if (typeof runsOn === 'string') return runsOn;
  if (!('group' in runsOn)) return runsOn.join(', ');
  const labels = [runsOn.labels ?? []].flat();
  return `group ${runsOn.group}${labels.length === 0 ? '' : ` (${labels.join(', ')})`}`;
}
