import { linesOf, saidFirst, shownLine } from './plain-text.ts';

/** Why a tool gave no version. */
export type UnknownKind =
  | 'exit-code'
  | 'no-version'
  | 'ambiguous'
  | 'shim'
  | 'plugin'
  | 'stand-in'
  | 'interpreter'
  | 'library'
  | 'not-executable';

export interface Unknown {
  unknown: string;
  kind: UnknownKind;
  advice?: string;
}

interface Sign {
  kind: UnknownKind;
  /** Matches one line; its first group is what is missing. */
  pattern: RegExp;
  says: (missing: string) => string;
  advice?: string;
  /** The exit codes with which the line means this; default all. */
  codes?: readonly number[];
}

const choose = 'Choose a version in its version manager, for the user who runs the jobs.';
const shim = (pattern: RegExp, says = 'a shim without an active version', advice = choose): Sign => ({
  ...{ kind: 'shim', pattern, advice },
  says: () => says,
});
const plugin = (pattern: RegExp): Sign => ({
  ...{ kind: 'plugin', pattern },
  says: (missing) => `docker without the plugin ${missing}`,
  advice: 'Install the plugin, for example with the packages of docker.com.',
});
const library = (pattern: RegExp): Sign => ({
  ...{ kind: 'library', pattern },
  says: (missing) => `lacks the library ${missing}`,
  advice: 'Install the package with this library, or a build of the tool for this system.',
});
const interpreter = (pattern: RegExp): Sign => ({
  ...{ kind: 'interpreter', pattern },
  says: (missing) => `is a script whose interpreter ${missing} is missing`,
  advice: 'Install the interpreter, or reinstall the tool.',
});
const notExecutable = (pattern: RegExp, says: string): Sign => ({
  ...{ kind: 'not-executable', pattern },
  says: () => says,
});

/**
 * What loaders, shells and version managers say in place of a tool. Each is recorded in test/tools/outputs/failures.yml,
 * or documented there with its source.
 */
const signs: readonly Sign[] = [
  shim(/^The [`'].{1,100}' command exists in these (?:Python|Ruby|Node|Java|Perl|PHP|Go|Lua) versions:$/),
  shim(/^(?:pyenv|rbenv|nodenv|jenv|plenv|phpenv|goenv): version [`'].{1,100}' is not installed/),
  shim(/^(?:asdf: )?No (?:preset )?version (?:is )?(?:set|installed) for command \S/),
  shim(/^mise ERROR (?:No version is set for shim: \S|\S{1,100} is not a valid shim\b)/),
  shim(/^error: rustup could not choose a version of \S/),
  shim(/^error: (?:override )?toolchain '.{1,200}' is not installed/),
  shim(
    /^error: no default toolchain(?: is)? configured/,
    'rustup without a default toolchain',
    'Run rustup default stable.',
  ),
  shim(
    /^error: (?:Unknown binary '\S{1,100}' in |'\S{1,100}' is not installed for the |command failed: '\S{1,100}': No such)/,
    'a component that the toolchain lacks',
    'Add it with rustup component add.',
  ),
  shim(
    /^xcrun: error: (?:invalid active developer path|unable to find utility)/,
    "macOS's stub, without the developer tools",
    'Run xcode-select --install, or choose an Xcode with xcode-select --switch.',
  ),
  shim(
    /^Python was not found; run without arguments to install from/,
    "Windows' stub, without the tool",
    'Install the tool.',
  ),
  // The same stub where its sentence is lost: cmd's code for a command that was not found, and its last byte.
  { ...shim(/^Python$/, "Windows' stub, without the tool", 'Install the tool.'), codes: [9009, 49] },
  shim(/Unable to locate a Java Runtime/, "macOS's stub, without a Java", 'Install a JDK.'),
  shim(
    /^(?:Agreeing to the Xcode\/iOS license requires|You have not agreed to the Xcode license)/,
    "macOS's stub, which waits until Xcode's licence is accepted",
    'Run sudo xcodebuild -license accept.',
  ),
  shim(/^Volta error: \S{1,100} is not available\.$/),
  shim(
    /^(?:! Corepack is about to download |Network access disabled by the environment; can't reach )/,
    "corepack's shim, without the package manager itself",
    'Run corepack install --global with its name and version, as the user who runs the jobs.',
  ),
  shim(
    /^Sorry, home directories outside of \/home needs configuration/,
    'a snap, which starts for no user whose home folder is outside of /home',
    'Install it from another source, or allow the folder above the home: sudo snap set system homedirs=FOLDER.',
  ),
  plugin(/^docker: unknown command: docker (\w[\w-]*)$/),
  plugin(/^docker: '(\w[\w-]*)' is not a docker command\.$/),
  library(/error while loading shared libraries: ([^:\s]+): cannot open/),
  library(/\b(?:version|symbol) [`'](\w[\w.]{0,100})' not found \(required by /),
  library(/^Error loading shared library ([^:\s]{1,200}): No such file/),
  library(/^dyld(?:\[\d+\])?: Library not loaded: (\S{1,300})/),
  interpreter(/: (?:line \d+: )?([^:\s]{1,200}): bad interpreter: No such file or directory$/),
  {
    ...{ kind: 'interpreter', pattern: /: cannot execute: required file not found$/ },
    says: () => 'is a script whose interpreter is missing, or a program whose loader is',
    advice: 'Install the interpreter, or a build of the tool for this system.',
  },
  interpreter(/: bad interpreter: ([^:\s]{1,200}): no such file or directory$/),
  interpreter(/\benv: [`'‘"]?([^`'’":\s]{1,200})[`'’"]?: No such file or directory$/),
  interpreter(/\benv: can't execute '([^'\s]{1,200})': No such file or directory$/),
  notExecutable(
    /: (?:cannot execute binary file: )?Exec format error$/,
    'is a program for another kind of machine',
  ),
  // A tool that may not write somewhere says so too, with another code. 126 is the shell's: POSIX, section 2.8.2.
  { ...notExecutable(/: Permission denied$/, 'may not be executed'), codes: [126] },
];

/** @returns what a line of the output says in place of the tool that ended with `code`, if one does. */
export function recognisedFailure(lines: readonly string[], code: number | null): Unknown | undefined {
  for (const line of lines.slice(0, 100)) {
    for (const { kind, pattern, says, advice, codes } of signs) {
      if (codes !== undefined && (code === null || !codes.includes(code))) continue;
      const found = pattern.exec(line);
      if (found !== null) {
        const unknown = `${says(shownLine(found[1] ?? ''))} (${shownLine(line)})`;
        return { unknown, kind, ...(advice === undefined ? {} : { advice }) };
      }
    }
  }
  return undefined;
}

/** @returns the failure of a tool that ended with `code`, from the plain text of its streams. */
export function exitFailure(code: number | null, stdout: string, stderr: string): Unknown {
  const lines = [...linesOf(stderr), ...linesOf(stdout)];
  const recognised = recognisedFailure(lines, code);
  if (recognised !== undefined) return recognised;
  // The last line of a Python traceback says what is wrong.
  const first = saidFirst(lines);
  const said = first?.startsWith('Traceback (most recent call last)') ? lines.at(-1) : first;
  const ended = code === null ? 'was ended by a signal' : `exit code ${String(code)}`;
  return {
    unknown: `${ended}${said === undefined ? ', without a word' : ` (${shownLine(said)})`}`,
    kind: 'exit-code',
  };
}
