import { readBrewfile } from './brewfile.ts';
import { readDevcontainer } from './devcontainer.ts';
import { readGlobalJson } from './global-json.ts';
import { readGoMod } from './go-mod.ts';
import { readMise } from './mise.ts';
import { readPackageJson } from './package-json.ts';
import { readPyproject } from './pyproject.ts';
import { readRustToolchain, readRustToolchainToml } from './rust-toolchain.ts';
import { readPythonVersions, readSdkmanrc, readSingleVersion } from './single-version.ts';
import { type Findings, type FromFile, type Place, Unreadable, findings } from './stated.ts';
import { readToolVersions } from './tool-versions.ts';

export type { FromFile, NotRead, PackageManager, Place, Requirement, Stated } from './stated.ts';

/** A file that `from:` can read. */
interface VersionFile {
  /** Names, some of them with the folder that they must be in. */
  names: string[];
  /** What is read from it, as half a sentence. */
  about: string;
  read(text: string, found: Findings): void;
}

const readers: readonly VersionFile[] = [
  {
    names: ['.tool-versions'],
    about: 'tools of asdf; of several versions on a line, one is enough',
    read: readToolVersions,
  },
  {
    names: ['mise.toml', '.mise.toml', 'mise/config.toml', '.mise/config.toml'],
    about: 'tools and packages of mise',
    read: readMise,
  },
  { names: ['.nvmrc', '.node-version'], about: 'the version of Node.js', read: readSingleVersion('node') },
  { names: ['.python-version'], about: 'the versions of Python, all of them', read: readPythonVersions },
  { names: ['.ruby-version'], about: 'the version of Ruby', read: readSingleVersion('ruby') },
  { names: ['.java-version'], about: 'the version of Java', read: readSingleVersion('java') },
  { names: ['.go-version'], about: 'the version of Go', read: readSingleVersion('go') },
  { names: ['.terraform-version'], about: 'the version of Terraform', read: readSingleVersion('terraform') },
  { names: ['.sdkmanrc'], about: 'Java and other candidates of SDKMAN', read: readSdkmanrc },
  { names: ['go.mod', 'go.work'], about: 'the oldest version of Go that will do', read: readGoMod },
  {
    names: ['rust-toolchain.toml'],
    about: 'the toolchain of Rust with components and targets',
    read: readRustToolchainToml,
  },
  {
    names: ['rust-toolchain'],
    about: 'the toolchain of Rust, in both of its forms',
    read: readRustToolchain,
  },
  { names: ['global.json'], about: 'the SDKs of .NET that `rollForward` allows', read: readGlobalJson },
  {
    names: ['package.json'],
    about: '`engines`, `devEngines`, `packageManager` and `volta`',
    read: readPackageJson,
  },
  { names: ['pyproject.toml'], about: '`requires-python`, or the Python of Poetry', read: readPyproject },
  {
    names: ['devcontainer.json', '.devcontainer.json'],
    about: 'known features, and `hostRequirements`',
    read: readDevcontainer,
  },
  {
    names: ['Brewfile', '.Brewfile'],
    about: 'formulae and packages that depend on no condition',
    read: readBrewfile,
  },
];

/** The files that `from:` can read, for the docs and `manifest show`. */
export const versionFiles: readonly { names: string[]; about: string }[] = readers.map(
  ({ names, about }) => ({
    names,
    about,
  }),
);

const largest = 1024 * 1024;

/**
 * Reads a file of the checkout as requirements. It never throws: a file that is broken has a `problem`.
 * @param path of the file; its end decides how it is read.
 * @returns `undefined` for a name that is not known.
 */
export function readVersionFile(path: string, text: string): FromFile | undefined {
  const place = `/${path.replaceAll('\\', '/')}`;
  const reader = readers.find(({ names }) => names.some((name) => place.endsWith(`/${name}`)));
  if (reader === undefined) return undefined;
  try {
    if (Buffer.byteLength(text) > largest)
      throw new Unreadable({ line: 1, column: 1 }, 'a file of at most 1 MiB');
    const found = findings();
    reader.read(text.replace(/^\uFEFF/, ''), found);
    return { stated: found.file.stated.sort(byPlace), notRead: found.file.notRead.sort(byPlace) };
  } catch (error) {
    // The libraries have limits of their own, such as the depth of the stack, and tell no place then.
    const known = error instanceof Unreadable;
    const at = known ? error.place : { line: 1, column: 1 };
    const expected = known ? error.message : 'a file that can be read; it is too long or too deep';
    return { stated: [], notRead: [], problem: { ...at, expected } };
  }
}

function byPlace(one: Place, other: Place): number {
  return one.line - other.line || one.column - other.column;
}
