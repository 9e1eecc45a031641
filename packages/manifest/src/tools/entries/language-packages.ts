import { everywhere, nodePackage, packaged, pythonPackage, type ToolEntry } from '../tool-entry.ts';

/** Package managers, formatters and test runners of a language. */
export const languagePackages: readonly ToolEntry[] = [
  {
    names: ['npm'],
    pattern: /^(\d+\.\S*)/m,
    files: nodePackage('npm'),
    packages: packaged('npm', ['apt', 'apk', 'pacman']),
  },
  {
    names: ['pnpm'],
    pattern: /^(\d+\.\S*)/m,
    files: nodePackage('pnpm'),
    packages: { brew: 'pnpm', pacman: 'pnpm' },
  },
  {
    names: ['yarn'],
    pattern: /^(\d+\.\S*)/m,
    files: nodePackage('yarn'),
    packages: { brew: 'yarn', apk: 'yarn', pacman: 'yarn' },
  },
  {
    names: ['pip', 'pip3'],
    scheme: 'pep440',
    pattern: /^pip (\d\S*) from /m,
    files: pythonPackage('pip', 'pip'),
    packages: { apt: 'python3-pip', dnf: 'python3-pip', apk: 'py3-pip', pacman: 'python-pip' },
  },
  {
    names: ['pipx'],
    scheme: 'pep440',
    pattern: /^(\d+\.\S*)/m,
    files: pythonPackage('pipx', 'pipx'),
    packages: { apt: 'pipx', dnf: 'pipx', apk: 'pipx', pacman: 'python-pipx', brew: 'pipx' },
  },
  {
    names: ['poetry'],
    scheme: 'pep440',
    pattern: /^Poetry \(version (\d[^)\s]*)\)/m,
    files: pythonPackage('poetry', 'poetry'),
    packages: {
      apt: 'python3-poetry',
      dnf: 'poetry',
      apk: 'poetry',
      pacman: 'python-poetry',
      brew: 'poetry',
    },
  },
  {
    names: ['uv'],
    scheme: 'pep440',
    pattern: /^uv (\d\S*)/m,
    packages: { brew: 'uv', pacman: 'uv', winget: 'astral-sh.uv' },
  },
  {
    names: ['ruff'],
    scheme: 'pep440',
    pattern: /^ruff (\d\S*)/m,
    packages: { brew: 'ruff', pacman: 'ruff', apk: 'ruff' },
  },
  {
    names: ['mypy'],
    scheme: 'pep440',
    pattern: /^mypy (\d\S*)/m,
    files: pythonPackage('mypy', 'mypy'),
    packages: packaged('mypy', ['apt', 'pacman', 'brew']),
  },
  {
    names: ['pytest'],
    scheme: 'pep440',
    pattern: /^(?:This is )?pytest (?:version )?(\d[^\s,]*)/m,
    files: pythonPackage('pytest', 'pytest'),
    packages: {
      apt: 'python3-pytest',
      dnf: 'python3-pytest',
      apk: 'py3-pytest',
      pacman: 'python-pytest',
      brew: 'pytest',
    },
  },
  {
    names: ['black'],
    scheme: 'pep440',
    pattern: /^black, (?:version )?(\d\S*)/m,
    files: pythonPackage('black', 'black'),
    packages: packaged('black', ['apt', 'brew']),
  },
  {
    names: ['tox'],
    scheme: 'pep440',
    pattern: /^(\d\S*) from /m,
    files: pythonPackage('tox', 'tox'),
    packages: packaged('tox', ['apt', 'brew']),
  },
  {
    names: ['pre-commit'],
    scheme: 'pep440',
    pattern: /^pre-commit (\d\S*)/m,
    files: pythonPackage('pre_commit', 'pre_commit'),
    packages: packaged('pre-commit', ['apt', 'dnf', 'pacman', 'brew']),
  },
  {
    names: ['conda'],
    pattern: /^conda (\d\S*)/m,
    files: [{ path: '../conda-meta/conda-*.json', name: /\/conda-(\d[\w.]*)-[^/-]+\.json$/ }],
    packages: { dnf: 'conda' },
  },
  {
    names: ['gem'],
    scheme: 'gem',
    pattern: /^(\d+\.\S*)/m,
    packages: packaged('ruby', ['apt', 'brew'], { dnf: 'rubygems' }),
  },
  {
    names: ['bundle', 'bundler'],
    scheme: 'gem',
    pattern: /^(?:Bundler version )?(\d+\.\S*)/m,
    packages: { apt: 'bundler', dnf: 'rubygem-bundler', apk: 'ruby-bundler', brew: 'ruby' },
  },
  {
    names: ['composer'],
    pattern: /^Composer (?:version )?(\d\S*)/m,
    packages: packaged('composer', ['apt', 'dnf', 'apk', 'pacman', 'brew']),
  },
  {
    names: ['cabal'],
    pattern: /^cabal-install version (\d\S*)/m,
    packages: { apt: 'cabal-install', dnf: 'cabal-install', apk: 'cabal', brew: 'cabal-install' },
  },
  {
    names: ['stack'],
    pattern: /^Version (\d[^\s,]*)/m,
    packages: { apt: 'haskell-stack', brew: 'haskell-stack' },
  },
  // The first line of the output is Erlang's.
  { names: ['mix'], pattern: /^Mix (\d\S*)/m, packages: everywhere('elixir') },
  {
    names: ['opam'],
    pattern: /^(\d\S*)/m,
    packages: packaged('opam', ['apt', 'dnf', 'apk', 'pacman', 'brew']),
  },
];
