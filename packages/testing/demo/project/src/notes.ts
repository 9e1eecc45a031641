import { marked } from 'marked';
import { rcompare, valid } from 'semver';
import { parse } from 'yaml';

export interface Release {
  version: string;
  changes: string[];
}

/** Reads a changelog and sorts its releases, newest first. */
export function readChangelog(text: string): Release[] {
  const raw = parse(text) as Record<string, string[]>;
  const releases = Object.entries(raw).map(([version, changes]) => ({ version, changes }));
  const wrong = releases.find(({ version }) => valid(version) === null);
  if (wrong !== undefined) throw new Error(`'${wrong.version}' is not a version`);
  return releases.sort((one, other) => rcompare(one.version, other.version));
}

/** Renders the release notes as HTML. */
export function renderNotes(releases: Release[]): string {
  const sections = releases.map(
    ({ version, changes }) => `## ${version}\n\n${changes.map((text) => `- ${text}`).join('\n')}`,
  );
  return marked.parse(sections.join('\n\n'), { async: false });
}
