import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readVersion } from '../release/version.ts';
import { pendingChangesets } from './version.ts';

/** Returns what keeps the source in `root` from being released. Each problem says what to do. */
export function releaseProblems(root: string): string[] {
  const pending = pendingChangesets(root);
  if (pending.length > 0)
    return [
      `${pending.length} changesets are not part of a version yet: ${pending.join(', ')}. Run \`npm run release:version\`, and merge the result.`,
    ];
  const version = readVersion(root);
  if (!/^[1-9]\d*\.\d+\.\d+$/.test(version))
    return [
      `The version is ${version}. A release has a version from 1.0.0 on: add a changeset with a major change.`,
    ];
  if (releaseNotes(root, version) === '')
    return [
      `No CHANGELOG.md of an action has a section for ${version}. Run \`npm run release:version\`, and merge the result.`,
    ];
  return [];
}

/** Returns what changed in a version, as Markdown. An entry that several changelogs share appears once. */
export function releaseNotes(root: string, version: string): string {
  const actions = new Map<string, string[]>();
  const titles = new Map<string, string>();
  for (const name of readdirSync(join(root, 'actions')).sort())
    for (const { title, text } of entriesOf(join(root, 'actions', name, 'CHANGELOG.md'), version)) {
      actions.set(text, [...(actions.get(text) ?? []), name]);
      titles.set(text, title);
    }
  return ['Major Changes', 'Minor Changes', 'Patch Changes']
    .map((title) => {
      const own = [...actions].filter(([text]) => titles.get(text) === title);
      return own.length === 0
        ? ''
        : `### ${title}\n\n${own.map(([text, names]) => `- **${names.join(', ')}**: ${text}\n`).join('')}\n`;
    })
    .join('')
    .trimEnd();
}

function entriesOf(changelog: string, version: string): { title: string; text: string }[] {
  if (!existsSync(changelog)) return [];
  const sections = readFileSync(changelog, 'utf8').split(/^## /m);
  const section = sections.find((one) => one.startsWith(`${version}\n`)) ?? '';
  return section.split(/^### /m).flatMap((part) => {
    const [title = '', ...lines] = part.split('\n');
    const entries = lines.join('\n').split(/^- /m).slice(1);
    return entries.map((text) => ({ title, text: text.trim() }));
  });
}
