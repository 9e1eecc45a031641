import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

export const root = join(import.meta.dirname, '..');

/** An action: its folder and its parsed `action.yml`. */
export interface Action {
  name: string;
  folder: string;
  metadata: Metadata;
  /** Actions in subfolders that share this action's bundle, such as `restore-local-cache/save`. */
  parts: Action[];
}

export interface Metadata {
  name?: string;
  description?: string;
  branding?: { icon?: string; color?: string };
  inputs?: Record<string, { description?: string; default?: string; required?: boolean } | null>;
  outputs?: Record<string, { description?: string } | null>;
  runs?: { using?: string; main?: string; post?: string; pre?: string; 'post-if'?: string };
}

/** Returns the actions in the subfolders of `folder`, sorted by name. */
export function listActions(folder = join(root, 'actions')): Action[] {
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'action.yml')))
    .sort()
    .map((name) => readAction(join(folder, name)));
}

/** Reads the action in `folder`, with the actions in its subfolders. */
export function readAction(folder: string): Action {
  const metadata = parse(readFileSync(join(folder, 'action.yml'), 'utf8')) as Metadata;
  const parts = readdirSync(folder).some((name) => existsSync(join(folder, name, 'action.yml')))
    ? listActions(folder)
    : [];
  return { name: folder.split('/').at(-1) ?? folder, folder, metadata, parts };
}

/** Returns the concatenated source files of an action. */
export function readSources({ folder }: Action): string {
  return readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readFileSync(join(folder, 'src', path), 'utf8'))
    .join('\n');
}
