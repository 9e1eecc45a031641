import { libraryPackage, type LibraryRequirement } from '@runner-actions/manifest';
import type { Finding, Machine } from '../../kinds/kind.ts';
import { installRemedy, remedyText } from '../packages/install-command.ts';
import { systemManager } from '../packages/system-manager.ts';

const narrow = ['ia32', 'arm', 'x86'];

/** Advises what installs a library that is not there, or says that no package is known for it. */
export function adviseLibrary(
  { soname, module }: Pick<LibraryRequirement, 'soname' | 'module'>,
  { facts }: Pick<Machine, 'facts'>,
): Pick<Finding, 'advice' | 'remedy'> {
  const manager = systemManager(facts);
  if (typeof manager !== 'string') return { advice: `No known package: ${manager.unknown}.` };
  const name = libraryPackage(manager, { soname, module }, !narrow.includes(facts.arch));
  if (name === undefined)
    return { advice: `No known package of ${manager} has it: install the one that does.` };
  const remedy = installRemedy(manager, [name]);
  return { advice: `Install it: ${remedyText(remedy)}`, remedy };
}
