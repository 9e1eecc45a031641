import { days } from './ground.ts';
import { isHalfRemoved } from './tool-cache.ts';

/** What Xcode writes about a project into `info.plist` of its folder in `DerivedData`. */
export interface ProjectRecord {
  /** Path of the project or workspace. */
  project: string;
  /** Milliseconds since 1970. */
  lastAccess: number;
}

/** A folder in `DerivedData`. */
export interface DerivedFolder {
  record: ProjectRecord | undefined;
  /** The project's repository in this runner's `_work`; `undefined` for a project elsewhere. */
  repository: string | undefined;
  /** Whether the folder of that repository is gone. That of the project itself is, after every clean-up. */
  isGone: boolean;
  /** The newest change of the folder and of what is directly in it. */
  changed: number;
  whyKept: string | undefined;
}

/** Milliseconds in which a job that has removed its repository may still run. */
const day = 86_400_000;

/**
 * Returns whether a name is that of a project's folder, and not of one that projects share. Xcode makes it of the name
 * of the project and 28 letters for its path.
 */
export const isProjectFolder = (name: string): boolean => /^.+-[a-z]{28}(?:\.|$)/.test(name);

/**
 * Reads the two values in an `info.plist` in XML. Source: what Xcode 7 to 26 wrote in public repositories; Apple has no
 * page about it.
 * @returns `undefined` for another form, such as a binary plist, or if a key is missing or not unique
 */
export function parseProjectRecord(text: string): ProjectRecord | undefined {
  if (!/^\uFEFF?\s{0,9}<\?xml\s/.test(text) || text.includes('<!--') || text.includes('<![CDATA['))
    return undefined;
  const project = decodeXml(valueOf(text, 'WorkspacePath', 'string') ?? '');
  const time = valueOf(text, 'LastAccessedDate', 'date') ?? '';
  const lastAccess = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(time) ? Date.parse(time) : NaN;
  if (project === undefined || !project.startsWith('/') || Number.isNaN(lastAccess)) return undefined;
  return { project, lastAccess };
}

/** Returns the text between the tags of the value that follows a key. */
function valueOf(text: string, key: string, type: string): string | undefined {
  const [, after, ...more] = text.split(`<key>${key}</key>`);
  if (after === undefined || more.length > 0) return undefined;
  const value = after.trimStart();
  const [open, close] = [`<${type}>`, `</${type}>`];
  const end = value.indexOf('<', open.length);
  return value.startsWith(open) && value.startsWith(close, end) ? value.slice(open.length, end) : undefined;
}

/** @returns `undefined` for an entity that XML does not know by itself */
function decodeXml(text: string): string | undefined {
  const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  let isKnown = true;
  const decoded = text.replaceAll(/&([^;&]{0,9});?/g, (_whole, name: string) => {
    isKnown &&= name in entities;
    return entities[name] ?? '';
  });
  return isKnown ? decoded : undefined;
}

/**
 * Decides whether a folder may go. Nothing on macOS shows cheaply what processes use. But a folder belongs to the path
 * of one project: no build uses it if the repository is gone, and none has used it lately if neither Xcode's record nor
 * its files have changed.
 */
export function judgeDerivedData(
  name: string,
  { record, repository, isGone, changed, whyKept }: DerivedFolder,
  now: number,
  maxAge: number,
): { action: 'remove' | 'keep'; why: string } {
  const keep = (why: string) => ({ action: 'keep' as const, why });
  if (whyKept !== undefined) return keep(whyKept);
  if (isHalfRemoved(name)) return { action: 'remove', why: 'left by a clean-up that did not finish' };
  if (record === undefined) return keep('its info.plist cannot be read, so it is not known whose it is');
  if (repository === undefined) return keep("its project is not in this runner's work folder");
  const age = now - Math.max(record.lastAccess, changed);
  if (isGone && age > day)
    return { action: 'remove', why: `the folder of its repository ${repository} is gone` };
  if (age <= maxAge) return keep(`it was used ${days(Math.max(0, age))} ago`);
  return { action: 'remove', why: `it was used ${days(age)} ago` };
}
