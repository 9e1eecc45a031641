import type { FileRequirement } from '@runner-actions/manifest';
import type { PathFacts, PathType, Right } from '../paths/path-facts.ts';

type Spec = FileRequirement['spec'];
export type There = Extract<PathFacts, { mode: number }>;

/** What is wrong with a path, and what to do about it. */
export interface Fault {
  found: string;
  advice: string;
}

const names: Record<PathType, string> = {
  file: 'a file',
  directory: 'a directory',
  socket: 'a socket',
  device: 'a device',
  pipe: 'a named pipe',
};

/** Describes what a requirement wants. */
export function wantedFile(spec: Spec): string {
  if (spec.absent === true) return 'nothing there';
  const { type = 'file', size, sha256, mode, owner, group, access } = spec;
  const content = [spec.line, spec.contains].map((pattern) => pattern?.text.slice(0, 60));
  const parts = [
    type === 'symlink' ? 'a link' : type === 'executable' ? 'an executable file' : names[type],
    size === undefined ? '' : `${size} bytes`,
    sha256 === undefined ? '' : `sha256 ${sha256.slice(0, 12)}…`,
    mode === undefined ? '' : `the mode ${mode}`,
    owner === undefined ? '' : `of ${owner}`,
    group === undefined ? '' : `of the group ${group}`,
    access === undefined ? '' : `access to ${access.join(', ')}`,
    content[0] === undefined ? '' : `the line ${content[0]}`,
    content[1] === undefined ? '' : `a line with ${content[1]}`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** Returns what this user must be allowed to do. By default a file must be readable, unless its rights are stated. */
export function wantedRights({ type = 'file', access, mode, owner, group }: Spec): readonly Right[] {
  const given: readonly Right[] = access ?? [];
  if (type === 'executable') return [...new Set<Right>([...given, 'execute'])];
  const isStated = [access, mode, owner, group].some((one) => one !== undefined);
  return type === 'file' && !isStated ? ['read'] : given;
}

/** Returns what is wrong with the type of what is at a path. */
export function faultOfType(facts: PathFacts, { type = 'file' }: Spec): Fault | undefined {
  if (facts.there === 'nothing') return { found: 'missing', advice: adviceFor(type, facts.path) };
  if (facts.there === 'broken link') return { found: 'a broken symlink', advice: 'Restore its target.' };
  if (facts.there === 'no access')
    return {
      found: 'in a folder that this user may not search',
      advice: 'Give the runner’s user the right to execute on each folder above.',
    };
  const isExpected =
    type === 'symlink'
      ? 'isLink' in facts && facts.isLink
      : facts.there === (type === 'executable' ? 'file' : type);
  if (isExpected) return undefined;
  const advice =
    type === 'file'
      ? `Set the path of a file, or state 'type: ${facts.there}'.`
      : `Put ${names[facts.there]} elsewhere.`;
  return { found: names[facts.there], advice };
}

function adviceFor(type: NonNullable<Spec['type']>, path: string): string {
  if (type === 'directory') return `Create it: 'sudo mkdir -p ${path}'.`;
  if (type === 'socket') return 'Start the service that listens there.';
  if (type === 'device') return 'Load the driver, or pass the device to this container.';
  return type === 'symlink' ? 'Create the link.' : 'Copy the file to this path.';
}

/** Returns what is wrong with the permissions of a path. */
export function faultOfMode({ mode, path }: There, { mode: wanted }: Spec): Fault | undefined {
  if (wanted === undefined || mode === Number.parseInt(wanted, 8)) return undefined;
  return { found: `the mode ${octal(mode)}`, advice: `Run 'sudo chmod ${wanted} ${path}'.` };
}

export const octal = (mode: number): string => `0${mode.toString(8).padStart(3, '0')}`;

/** Returns which of the wanted rights this user does not have. */
export function missingRights({ denied }: There, spec: Spec): Right[] {
  return wantedRights(spec).filter((right) => denied.includes(right));
}

/** Whether the permissions give these rights to the group of a path, so that to join the group would help. */
export function groupHas({ mode }: There, rights: readonly Right[]): boolean {
  const bits = { read: 0o040, write: 0o020, execute: 0o010 };
  return rights.every((right) => (mode & bits[right]) !== 0);
}
