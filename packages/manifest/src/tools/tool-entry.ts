import type { SchemeName } from '../versions/index.ts';

/** Package managers that can supply a tool. */
export type Manager = 'apt' | 'dnf' | 'apk' | 'pacman' | 'zypper' | 'brew' | 'winget';

/**
 * A file from which a tool's version is read without a process.
 *
 * Paths are relative to the folder of the real executable (links resolved). They use `/`; a segment may hold `*`, which
 * stands for any text without `/`. `~` is the user's home folder.
 */
export interface FileProbe {
  path: string;
  /** The version in the file's path, as its first group. Without it, `content` is read. */
  name?: RegExp;
  /** The version in the file's text, as its first group. */
  content?: RegExp;
  /** Text that the file must hold, so that another package's file is not taken for this tool's. */
  holds?: string;
  /** The probe says nothing where a file matches this path, since that file would come first. */
  unless?: string;
}

/** One tool: how its version is asked, read and compared, and what supplies it. Data only. */
export interface ToolEntry {
  /** First the name that users write and that is on PATH; then other names that users write for it. */
  names: readonly [string, ...string[]];
  /** Version scheme; default `semver`. */
  scheme?: SchemeName;
  /** The executable to ask, where it is not the first name (`getconf` for glibc). */
  command?: string;
  /** Variables that the command needs beside those that every probe gets. */
  environment?: Readonly<Record<string, string>>;
  /** Arguments of the command; default `--version`. */
  arguments?: readonly string[];
  /** Arguments to try next, each where the ones before gave no version. */
  otherwise?: readonly (readonly string[])[];
  /** Reads the version from the plain output, as its first group. With `list`, it is global and each match counts. */
  pattern?: RegExp;
  /** The only stream to read; default standard output, then standard error. */
  stream?: 'stdout' | 'stderr';
  /** Exit codes besides 0 with which a working tool answers. Such an answer counts only if `pattern` matches. */
  exitCodes?: readonly number[];
  /** Another program that may answer under this tool's name. Its version is the first group. */
  standIn?: { program: string; pattern: RegExp };
  /** The tool lists several versions at once; all of them count. */
  list?: boolean;
  files?: readonly FileProbe[];
  /** The package that supplies the tool, by manager. */
  packages?: Packages;
}

/** For a tool that prints its version and nothing else on the line. */
export const bareVersion = /^v?(\d+\.\S+)$/m;

type Packages = Partial<Record<Manager, string>>;

/** A tool whose package has the same name for each of `managers`, and other names for others. */
export function packaged(name: string, managers: readonly Manager[], others: Packages = {}): Packages {
  return { ...Object.fromEntries(managers.map((manager) => [manager, name])), ...others };
}

/** A tool whose package has the same name in each Linux distribution, and other names elsewhere. */
export function onLinux(name: string, others: Packages = {}): Packages {
  return packaged(name, ['apt', 'dnf', 'apk', 'pacman', 'zypper'], others);
}

/** A tool whose package has the same name in each Linux distribution and in Homebrew, with exceptions. */
export function everywhere(name: string, others: Packages = {}): Packages {
  return onLinux(name, { brew: name, ...others });
}

/**
 * The fast path of a program of a Python package. It holds for a virtual environment and for a Python of its own prefix,
 * but not where the user's own packages could come first.
 */
export function pythonPackage(name: string, userFolder: string): readonly FileProbe[] {
  return [
    {
      path: `../lib/python3*/site-packages/${name}-*.dist-info`,
      name: /-(\d[^/-]*)\.dist-info$/,
      unless: `~/.local/lib/python3*/site-packages/${userFolder}`,
    },
  ];
}

/** The fast path of a program of an npm package: the real executable lies in the package's `bin` folder. */
export function nodePackage(name: string): readonly FileProbe[] {
  return [{ path: '../package.json', holds: `"name": "${name}"`, content: /^ {2}"version": "([^"\n]+)"/m }];
}
