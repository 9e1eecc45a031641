import type { InstalledPackage, ProvidedName } from './package-database.ts';

/**
 * Reads apk's file of installed packages (apk-tools, `src/database.c`): lines `X:value`, packages separated by empty
 * lines. `P` name, `V` version, `A` architecture, `p` names that it provides, `f` what is broken: `f` files, `s` a
 * script, `x` extended attributes. `F` and `R` (folders and files), most of the text, are skipped.
 */
export function parseApkInstalled(text: string): InstalledPackage[] {
  const installed: InstalledPackage[] = [];
  let fields = new Map<string, string>();
  const finish = (): void => {
    const name = fields.get('P');
    if (name !== undefined && name !== '') installed.push(packageOf(name, fields));
    fields = new Map();
  };
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    if (end === start) finish();
    else if (text[start + 1] === ':' && 'PVApf'.includes(text[start] ?? ''))
      fields.set(text[start] ?? '', text.slice(start + 2, end).trim());
    start = end + 1;
  }
  finish();
  return installed;
}

function packageOf(name: string, fields: ReadonlyMap<string, string>): InstalledPackage {
  const architecture = fields.get('A');
  const isBroken = /[fs]/.test(fields.get('f') ?? '');
  return {
    ...{ name, version: fields.get('V') ?? '', state: isBroken ? 'broken' : 'installed' },
    provides: providedNames(fields.get('p') ?? ''),
    ...(architecture === undefined ? {} : { architecture }),
  };
}

/** Reads names such as `so:libssl.so.3=3 cmd:openssl=3.1.4-r0 mail-agent`. */
export function providedNames(listed: string): ProvidedName[] {
  return listed.split(/\s/).flatMap((entry) => {
    const at = entry.indexOf('=');
    if (entry === '') return [];
    return [at === -1 ? { name: entry } : { name: entry.slice(0, at), version: entry.slice(at + 1) }];
  });
}
