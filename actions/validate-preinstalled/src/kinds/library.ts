import { join } from 'node:path';
import { type AnyRequirement, judge, type LibraryRequirement } from '@runner-actions/manifest';
import { adviseLibrary } from '../machine-facts/libraries/library-advice.ts';
import { type Libraries, openLibraries, whyNotLoadable } from '../machine-facts/libraries/find-library-io.ts';
import { type ModuleVersion, readModuleVersions } from '../machine-facts/libraries/pkg-config-io.ts';
import { readSymbolVersions } from '../machine-facts/libraries/symbol-versions-io.ts';
import { probeEnvironment } from '../probe-environment.ts';
import type { Finding, Kind, Machine } from './kind.ts';

/** A shared library by the name that programs load it by, or a library that pkg-config knows. */
export const libraries = {
  async check(requirement, machine, all = [requirement]) {
    const { module, soname } = requirement;
    if (module !== undefined) return checkModule(requirement, module, machine, all);
    const found = await machine.once('libraries', () => openLibraries(optionsOf(machine)));
    const wanted = wantedOf(requirement);
    if ('unknown' in found) return { status: 'error', found: found.unknown, wanted };
    return checkSoname({ ...requirement, soname: soname ?? '' }, found, machine);
  },
  wanted: wantedOf,
} satisfies Kind<LibraryRequirement>;

function wantedOf({ symbols, module, version }: LibraryRequirement): string {
  if (module !== undefined) return version?.text ?? 'usable';
  return symbols.length === 0 ? 'loadable' : symbols.join(', ');
}

function optionsOf({ job: { environment }, deadline }: Machine) {
  // pkg-config's own variables say where libraries outside of the system are.
  const own = Object.entries(environment).filter(([name]) =>
    /^PKG_CONFIG_(?:PATH|LIBDIR|SYSROOT_DIR)$/.test(name),
  );
  return { environment: { ...probeEnvironment(environment), ...Object.fromEntries(own) }, deadline };
}

async function checkSoname(
  requirement: LibraryRequirement & { soname: string },
  { loader, find, similar }: Libraries,
  machine: Machine,
): Promise<Finding> {
  const { soname, symbols } = requirement;
  const wanted = wantedOf(requirement);
  const path = await find(soname);
  if (path === undefined) {
    const near = similar(soname).slice(0, 5).join(', ');
    const known = near === '' ? '' : `The loader knows ${near}. `;
    const { advice = '', remedy } = adviseLibrary(requirement, machine);
    const finding: Finding = {
      status: 'fail',
      found: 'not known to the loader',
      wanted,
      advice: known + advice,
    };
    return remedy === undefined ? finding : { ...finding, remedy };
  }
  const problem = await whyNotLoadable(loader, path, optionsOf(machine));
  if (typeof problem === 'object') return { status: 'error', found: problem.unknown, wanted };
  if (problem !== undefined) {
    const advice = 'Install the library that it names.';
    return { status: 'fail', found: `${path} does not load: ${problem}`, wanted, advice };
  }
  if (symbols.length === 0) return { status: 'pass', found: path, wanted };
  const versions = await readSymbolVersions(path);
  if ('unknown' in versions) return { status: 'error', found: versions.unknown, wanted };
  const missing = symbols.filter((symbol) => !versions.includes(symbol));
  if (missing.length === 0) return { status: 'pass', found: `${path} with ${symbols.join(', ')}`, wanted };
  return {
    ...{ status: 'fail', found: `${path} without ${missing.join(', ')}`, wanted },
    advice: `${newest(missing[0] ?? '', versions)} Install a newer version of the library.`,
  };
}

/** Names the last version of the same family that the library defines. Libraries define them in order. */
function newest(symbol: string, versions: readonly string[]): string {
  const family = symbol.slice(0, symbol.indexOf('_') + 1);
  const own = versions.filter((one) => family !== '' && one.startsWith(family) && /_\d[\d.]*$/.test(one));
  return own.length === 0 ? 'It defines no such versions.' : `Its newest is ${own.at(-1)}.`;
}

async function checkModule(
  requirement: LibraryRequirement,
  module: string,
  machine: Machine,
  all: readonly AnyRequirement[],
): Promise<Finding> {
  const modules = all.flatMap((one) => (one.kind === 'library' ? (one.module ?? []) : []));
  const names = [...new Set([module, ...modules])].sort();
  const key = join('pkg-config', ...names);
  const versions = await machine.once(key, () => readModuleVersions(names, optionsOf(machine)));
  const found = versions.get(module) ?? { unknown: 'pkg-config did not answer' };
  const finding = judgeModule(requirement, found);
  // What the module needs may be missing instead, which its own package does not bring.
  if (!('problem' in found) || isOfAnother(found.problem)) return finding;
  const { advice = '', remedy } = adviseLibrary(requirement, machine);
  const more = { advice: `${advice} (or set PKG_CONFIG_PATH)` };
  return { ...finding, ...more, ...(remedy === undefined ? {} : { remedy }) };
}

/** Whether another module misses something. pkgconf names its command line `virtual:world` there, pkg-config nothing. */
function isOfAnother(problem: string): boolean {
  return problem.includes('required by') && !problem.includes("required by 'virtual:world'");
}

export function judgeModule(requirement: LibraryRequirement, found: ModuleVersion): Finding {
  const wanted = wantedOf(requirement);
  if ('unknown' in found) return { status: 'error', found: found.unknown, wanted };
  const advice = 'Install the development package that has it, or set PKG_CONFIG_PATH.';
  if ('problem' in found) return { status: 'fail', found: found.problem, wanted, advice };
  const { version } = requirement;
  if (version === undefined || version.value.any) return { status: 'pass', found: found.version, wanted };
  const verdict = judge(version.value, found.version);
  if ('unknown' in verdict) return { status: 'error', found: `${found.version}: ${verdict.unknown}`, wanted };
  if (verdict.met) return { status: 'pass', found: found.version, wanted };
  return { status: 'fail', found: found.version, wanted, advice: 'Install another version of the library.' };
}
