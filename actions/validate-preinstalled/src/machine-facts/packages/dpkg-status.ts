import type { InstalledPackage, PackageState, ProvidedName } from './package-database.ts';

/** What dpkg knows: its packages, and the machine's own architecture (that of dpkg itself). */
export interface DpkgPackages {
  installed: readonly InstalledPackage[];
  native?: string;
}

/**
 * dpkg's states (dpkg(1)) of packages that are there at least in part. `triggers-pending` waits for nothing that the
 * package needs itself; `triggers-awaited` still waits for another package. Packages that are `not-installed` or have
 * only `config-files` are not there.
 */
const states = new Map<string, PackageState>([
  ['installed', 'installed'],
  ['triggers-pending', 'installed'],
  ['triggers-awaited', 'half-configured'],
  ['half-configured', 'half-configured'],
  ['unpacked', 'unpacked'],
  ['half-installed', 'half-installed'],
]);

const wanted = ['Package', 'Status', 'Version', 'Architecture', 'Provides'] as const;
type Field = (typeof wanted)[number];
const initials = new Set(wanted.map((name) => name.charCodeAt(0)));

/**
 * Reads dpkg's `status` file (deb822(5), dpkg-query(1)): paragraphs of fields, separated by empty lines. It looks at
 * each line once, and only at fields that are needed.
 */
export function parseDpkgStatus(text: string): DpkgPackages {
  const installed: InstalledPackage[] = [];
  let native: string | undefined;
  let fields: Partial<Record<Field, string>> = {};
  let continued: Field | undefined;
  const finish = (): void => {
    const one = packageOf(fields);
    if (one !== undefined) installed.push(one);
    if (fields.Package === 'dpkg' && one !== undefined) native = one.architecture;
    fields = {};
    continued = undefined;
  };
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    const first = text.charCodeAt(start);
    if (end === start) finish();
    else if (first === 0x20 || first === 0x09) {
      if (continued !== undefined) fields[continued] += ` ${text.slice(start, end).trim()}`;
    } else {
      // Most lines begin with another letter.
      continued = !initials.has(first)
        ? undefined
        : wanted.find((name) => text.startsWith(name, start) && text[start + name.length] === ':');
      if (continued !== undefined) fields[continued] = text.slice(start + continued.length + 1, end).trim();
    }
    start = end + 1;
  }
  finish();
  return native === undefined ? { installed } : { installed, native };
}

/** The format of `dpkg-query`, whose output `parseDpkgStatus` reads like the file. */
export const dpkgQueryFormat =
  'Package: ${Package}\nStatus: ${Status}\nVersion: ${Version}\n' +
  'Architecture: ${Architecture}\nProvides: ${Provides}\n\n';

function packageOf(fields: Partial<Record<Field, string>>): InstalledPackage | undefined {
  const { Package: name, Version: version = '', Architecture: architecture } = fields;
  const [selection, flag, word = ''] = (fields.Status ?? '').split(' ');
  const state = flag === 'ok' ? states.get(word) : states.has(word) ? 'half-installed' : undefined;
  if (name === undefined || name === '' || state === undefined) return undefined;
  return {
    ...{ name, version, state, provides: providedNames(fields.Provides ?? '') },
    ...(architecture === undefined ? {} : { architecture }),
    ...(selection === 'hold' ? { isHeld: true } : {}),
  };
}

/** Reads `Provides`: names with an optional exact version, such as `libssl3 (= 3.0.13), awk`. */
function providedNames(provides: string): ProvidedName[] {
  return provides.split(',').flatMap((entry) => {
    const [stated = '', relation = ''] = entry.split(/[()]/, 2).map((part) => part.trim());
    // `:any` says for which architectures the name may be asked. It is not part of the name.
    const [name = ''] = stated.split(':', 1);
    const version = relation.startsWith('=') ? relation.slice(1).trim() : '';
    return name === '' ? [] : [version === '' ? { name } : { name, version }];
  });
}
