import { bareVersion, everywhere, packaged, type ToolEntry } from '../tool-entry.ts';

/** Compilers, interpreters and virtual machines of programming languages. */
export const languages: readonly ToolEntry[] = [
  {
    names: ['go', 'golang'],
    arguments: ['version'],
    // A development build ("devel go1.24-…") has no version of its own.
    pattern: /^go version go(\d\S*)/m,
    files: [{ path: '../VERSION', content: /^go(\d\S*)/ }],
    packages: packaged('go', ['apk', 'pacman', 'zypper', 'brew'], {
      apt: 'golang-go',
      dnf: 'golang',
      winget: 'GoLang.Go',
    }),
  },
  {
    names: ['rustc', 'rust'],
    pattern: /^rustc (\d\S*)/m,
    packages: packaged('rustc', ['apt'], { apk: 'rust' }),
  },
  {
    names: ['cargo'],
    pattern: /^cargo (\d\S*)/m,
    packages: packaged('cargo', ['apt', 'dnf', 'apk', 'zypper']),
  },
  {
    names: ['rustup'],
    pattern: /^rustup (\d\S*)/m,
    packages: { brew: 'rustup', pacman: 'rustup', winget: 'Rustlang.Rustup' },
  },
  { names: ['swift', 'swiftc'], pattern: /\bSwift version (\d\S*)/, packages: { winget: 'Swift.Toolchain' } },
  {
    names: ['node', 'nodejs'],
    pattern: /^v(\d\S*)/m,
    packages: packaged('nodejs', ['apt', 'dnf', 'apk', 'pacman'], { brew: 'node', winget: 'OpenJS.NodeJS' }),
  },
  { names: ['bun'], pattern: bareVersion },
  {
    names: ['deno'],
    pattern: /^deno (\d\S*)/m,
    packages: { brew: 'deno', pacman: 'deno', winget: 'DenoLand.Deno' },
  },
  {
    names: ['python3'],
    scheme: 'pep440',
    pattern: /^Python (\d\S*)/m,
    packages: packaged('python3', ['apt', 'dnf', 'apk', 'zypper'], { pacman: 'python', brew: 'python3' }),
  },
  {
    names: ['python'],
    scheme: 'pep440',
    pattern: /^Python (\d\S*)/m,
    packages: { apt: 'python-is-python3', dnf: 'python-unversioned-command', pacman: 'python' },
  },
  {
    names: ['ruby'],
    pattern: /^ruby (\d+\.\d+\.\d+(?:(?:preview|rc|dev)\d*)?)/m,
    packages: everywhere('ruby'),
  },
  {
    names: ['php'],
    pattern: /^PHP (\d\S*)/m,
    packages: { apt: 'php-cli', dnf: 'php-cli', brew: 'php', pacman: 'php' },
  },
  {
    names: ['perl'],
    pattern: /^This is perl \d+, version \d+, subversion \d+ \(v(\d[\d.]*)\)/m,
    packages: everywhere('perl'),
  },
  {
    names: ['java', 'jdk', 'jre'],
    scheme: 'java',
    arguments: ['-version'],
    pattern: /^\w+ version "(\d[^"\s]*)"/m,
    files: [
      { path: '../release', content: /^JAVA_VERSION="(\d[^"\n]*)"/m },
      { path: '../../release', content: /^JAVA_VERSION="(\d[^"\n]*)"/m },
    ],
    packages: { apt: 'default-jre-headless', brew: 'openjdk' },
  },
  {
    names: ['javac'],
    scheme: 'java',
    arguments: ['-version'],
    pattern: /^javac (\d\S*)/m,
    files: [{ path: '../release', content: /^JAVA_VERSION="(\d[^"\n]*)"/m }],
    packages: { apt: 'default-jdk-headless', brew: 'openjdk' },
  },
  {
    names: ['kotlinc', 'kotlin'],
    command: 'kotlinc',
    arguments: ['-version'],
    pattern: /\bkotlinc-jvm (\d\S*)/,
    files: [{ path: '../build.txt', content: /^(\d+\.\d+\.\d+(?:-(?!release)[a-z]\w*)?)/i }],
    packages: { apt: 'kotlin', brew: 'kotlin' },
  },
  {
    names: ['scala'],
    arguments: ['-version'],
    pattern: /^Scala (?:code runner|compiler) version:? (\d[^\s,]*)/m,
    packages: { apt: 'scala', brew: 'scala' },
  },
  {
    // `dotnet --version` obeys a global.json, and fails where it cannot.
    names: ['dotnet', 'dotnet-sdk'],
    arguments: ['--list-sdks'],
    pattern: /^(\d\S*) \[/gm,
    list: true,
    files: [{ path: 'sdk/*/dotnet.dll', name: /(?:^|\/)sdk\/(\d[^/]*)\/dotnet\.dll$/ }],
    packages: { brew: 'dotnet' },
  },
  {
    names: ['mono'],
    pattern: /^Mono JIT compiler version (\d\S*)/m,
    packages: packaged('mono', ['brew'], { apt: 'mono-runtime' }),
  },
  {
    names: ['R'],
    pattern: /^R version (\d\S*)/m,
    packages: { apt: 'r-base-core', dnf: 'R-core', apk: 'R', pacman: 'r', brew: 'r', winget: 'RProject.R' },
  },
  {
    names: ['Rscript'],
    pattern: /(?:\(R\)|front-end) version (\d\S*)/,
    packages: { apt: 'r-base-core', dnf: 'R-core', apk: 'R', pacman: 'r', brew: 'r' },
  },
  { names: ['ghc'], pattern: /Compilation System, version (\d\S*)/, packages: everywhere('ghc') },
  {
    names: ['erl', 'erlang'],
    arguments: [
      '-noshell',
      '-eval',
      '{ok, V} = file:read_file(filename:join([code:root_dir(), "releases", erlang:system_info(otp_release), ' +
        '"OTP_VERSION"])), io:put_chars(V), halt().',
    ],
    pattern: /^(\d\S*)\s*$/,
    files: [{ path: '../releases/*/OTP_VERSION', content: /^(\d\S*)/ }],
    packages: { apt: 'erlang-base', brew: 'erlang', dnf: 'erlang', apk: 'erlang', pacman: 'erlang' },
  },
  // The first line of the output is Erlang's.
  { names: ['elixir'], pattern: /^Elixir (\d\S*)/m, packages: everywhere('elixir') },
  {
    names: ['lua'],
    arguments: ['-v'],
    pattern: /^Lua (\d\S*)/m,
    packages: packaged('lua', ['dnf', 'pacman', 'brew']),
  },
  {
    names: ['ocaml'],
    arguments: ['-version'],
    pattern: /^The OCaml toplevel, version (\d\S*)/m,
    packages: everywhere('ocaml'),
  },
  { names: ['nim'], pattern: /^Nim Compiler Version (\d\S*)/m, packages: everywhere('nim') },
  {
    names: ['zig'],
    arguments: ['version'],
    pattern: bareVersion,
    packages: { brew: 'zig', pacman: 'zig', winget: 'zig.zig' },
  },
  { names: ['flutter'], pattern: /^Flutter (\d\S*)/m },
  {
    names: ['pwsh', 'powershell'],
    pattern: /^PowerShell (\d\S*)/m,
    packages: { winget: 'Microsoft.PowerShell' },
  },
  { names: ['tsc', 'typescript'], pattern: /^Version (\d\S*)/m },
];
