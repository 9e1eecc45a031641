import { build } from './entries/build.ts';
import { cloud } from './entries/cloud.ts';
import { containers } from './entries/containers.ts';
import { data } from './entries/data.ts';
import { languagePackages } from './entries/language-packages.ts';
import { languages } from './entries/languages.ts';
import { mediaAndTests } from './entries/media-and-tests.ts';
import { network } from './entries/network.ts';
import { system } from './entries/system.ts';
import type { ToolEntry } from './tool-entry.ts';

/** Every tool whose version the catalogue knows how to read. */
export const tools: readonly ToolEntry[] = [
  ...languages,
  ...languagePackages,
  ...build,
  ...containers,
  ...cloud,
  ...data,
  ...network,
  ...system,
  ...mediaAndTests,
];

const byName = new Map(tools.flatMap((entry) => entry.names.map((name) => [name, entry] as const)));

/**
 * @returns the entry of a tool. A name with a version at its end (`gcc-12`, `python3.11`, `lua5.4`) has the entry of the
 * name without it.
 */
export function toolNamed(name: string): ToolEntry | undefined {
  return byName.get(name) ?? byName.get(unversioned(name));
}

/** `python3.11` is `python3`, which the catalogue has; `lua5.4` is `lua`. */
function unversioned(name: string): string {
  const base = name.replace(/(?<![\d.])-?\d[\d.]{0,10}$/, '');
  return name.startsWith('python3') ? 'python3' : base;
}

/**
 * @returns the executables to look for on PATH, in this order. The user's own name comes first; another name of the tool
 * (`golang`) may be no command.
 */
export function commandsOf(name: string): readonly string[] {
  const entry = toolNamed(name);
  if (entry?.command !== undefined) return [entry.command];
  return entry?.names.includes(name) ? [...new Set([name, entry.names[0]])] : [name];
}

/** @returns the argument lists to ask a tool with, the second and later ones where those before gave no version. */
export function argumentsOf(entry: ToolEntry | undefined): readonly (readonly string[])[] {
  return [entry?.arguments ?? ['--version'], ...(entry?.otherwise ?? [])];
}
