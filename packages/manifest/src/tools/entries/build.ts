import { bareVersion, everywhere, onLinux, packaged, pythonPackage, type ToolEntry } from '../tool-entry.ts';

/** The package's name in parentheses may hold versions of its own. */
const gnuCompiler = /^(?:[\w.+-]+|GNU Fortran) \(.*\) (\d\S*)/;

/** Build tools, C and C++ compilers, and what goes with them. */
export const build: readonly ToolEntry[] = [
  // `bazel version` starts a server.
  { names: ['bazel'], pattern: /^bazel (\d\S*)/m, packages: { brew: 'bazel', winget: 'Bazel.Bazel' } },
  // Without a program in place of Bazel, it downloads one.
  {
    names: ['bazelisk'],
    environment: { USE_BAZEL_VERSION: '/bin/true' },
    arguments: ['version'],
    pattern: /^Bazelisk version: v?(\d\S*)/m,
    packages: { brew: 'bazelisk', winget: 'Bazel.Bazelisk' },
  },
  {
    names: ['cmake'],
    pattern: /^cmake3? version (\d\S*)/m,
    packages: everywhere('cmake', { winget: 'Kitware.CMake' }),
  },
  {
    names: ['ctest'],
    pattern: /^ctest3? version (\d\S*)/m,
    packages: everywhere('cmake', { winget: 'Kitware.CMake' }),
  },
  {
    names: ['ninja', 'ninja-build'],
    pattern: /^(\d+\.\d+(?:\.\d+)*)(?:\.git\S*)?$/m,
    packages: packaged('ninja', ['pacman', 'zypper', 'brew'], {
      apt: 'ninja-build',
      dnf: 'ninja-build',
      apk: 'ninja-build',
    }),
  },
  { names: ['meson'], pattern: bareVersion, packages: everywhere('meson') },
  { names: ['make', 'gmake'], pattern: /^GNU Make (\d\S*)/m, packages: everywhere('make') },
  // Clang answers `-dumpfullversion` too, and is `gcc` on macOS; its `--version` has no name before the parenthesis.
  { names: ['gcc'], pattern: gnuCompiler, packages: everywhere('gcc') },
  {
    names: ['g++'],
    pattern: gnuCompiler,
    packages: { apt: 'g++', dnf: 'gcc-c++', apk: 'g++', pacman: 'gcc', zypper: 'gcc-c++', brew: 'gcc' },
  },
  {
    names: ['gfortran'],
    pattern: gnuCompiler,
    packages: { apt: 'gfortran', dnf: 'gcc-gfortran', apk: 'gfortran', pacman: 'gcc-fortran', brew: 'gcc' },
  },
  {
    names: ['arm-none-eabi-gcc'],
    pattern: gnuCompiler,
    packages: { apt: 'gcc-arm-none-eabi', dnf: 'arm-none-eabi-gcc-cs', apk: 'gcc-arm-none-eabi' },
  },
  // Apple's numbers are not LLVM's, so its compiler is not taken for this one.
  {
    names: ['clang'],
    pattern: /^(?!Apple)(?:\w+ )?clang version (\d[\d.]*(?:git|-?rc\d+)?)/m,
    packages: everywhere('clang', { brew: 'llvm', winget: 'LLVM.LLVM' }),
  },
  {
    names: ['clang++'],
    pattern: /^(?!Apple)(?:\w+ )?clang version (\d[\d.]*(?:git|-?rc\d+)?)/m,
    packages: everywhere('clang', { brew: 'llvm', winget: 'LLVM.LLVM' }),
  },
  {
    names: ['lld', 'ld.lld'],
    command: 'ld.lld',
    pattern: /\bLLD (\d[\d.]*(?:git|-?rc\d+)?)/,
    packages: everywhere('lld'),
  },
  {
    names: ['clang-tidy'],
    pattern: /\bLLVM version (\d[\d.]*(?:git|-?rc\d+)?)/,
    packages: { apt: 'clang-tidy', dnf: 'clang-tools-extra', apk: 'clang-extra-tools', pacman: 'clang' },
  },
  {
    names: ['clang-format'],
    pattern: /\bclang-format version (\d[\d.]*(?:git|-?rc\d+)?)/,
    packages: {
      apt: 'clang-format',
      dnf: 'clang-tools-extra',
      apk: 'clang-extra-tools',
      brew: 'clang-format',
    },
  },
  { names: ['ld'], pattern: /^GNU (?:ld|gold) \(.*\) (\d\S*)/m, packages: everywhere('binutils') },
  { names: ['gdb'], pattern: /^GNU gdb \(.*\) (\d\S*)/m, packages: everywhere('gdb') },
  { names: ['ccache'], pattern: /^ccache version (\d\S*)/m, packages: everywhere('ccache') },
  {
    names: ['protoc', 'protobuf'],
    pattern: /^libprotoc (\d\S*)/m,
    packages: {
      apt: 'protobuf-compiler',
      dnf: 'protobuf-compiler',
      apk: 'protoc',
      pacman: 'protobuf',
      brew: 'protobuf',
    },
  },
  { names: ['doxygen'], pattern: /^(\d+\.\S+)(?: \([\da-f*]+\))?$/m, packages: everywhere('doxygen') },
  {
    names: ['valgrind'],
    pattern: /^valgrind-(\d\S*)/m,
    packages: onLinux('valgrind'),
  },
  { names: ['nasm'], pattern: /^NASM version (\d\S*)/m, packages: everywhere('nasm') },
  {
    names: ['autoconf'],
    pattern: /^autoconf \(GNU Autoconf\) (\d\S*)/m,
    packages: everywhere('autoconf'),
  },
  {
    names: ['automake'],
    pattern: /^automake \(GNU automake\) (\d\S*)/m,
    packages: everywhere('automake'),
  },
  {
    names: ['libtool'],
    pattern: /^libtool \(GNU libtool\) (\d\S*)/m,
    packages: everywhere('libtool', { apt: 'libtool-bin' }),
  },
  {
    names: ['pkg-config', 'pkgconf'],
    pattern: bareVersion,
    packages: {
      apt: 'pkg-config',
      dnf: 'pkgconf-pkg-config',
      apk: 'pkgconf',
      pacman: 'pkgconf',
      brew: 'pkgconf',
    },
  },
  { names: ['bison'], pattern: /^bison \(GNU Bison\) (\d\S*)/m, packages: everywhere('bison') },
  { names: ['flex'], pattern: /^flex (\d\S*)/m, packages: everywhere('flex') },
  {
    names: ['swig'],
    arguments: ['-version'],
    pattern: /^SWIG Version (\d\S*)/m,
    packages: everywhere('swig'),
  },
  {
    names: ['mvn', 'maven'],
    scheme: 'maven',
    arguments: ['-v'],
    pattern: /^Apache Maven (\d\S*)/m,
    files: [
      { path: '../lib/maven-core-*.jar', name: /\/maven-core-(\d+\.\d+\.\d[^/]*)\.jar$/ },
      // Debian's package has links without a version there.
      {
        path: '../../maven-repo/org/apache/maven/maven-core/*',
        name: /\/maven-core\/(\d+\.\d+\.\d[^/]*)$/,
      },
    ],
    packages: everywhere('maven'),
  },
  {
    names: ['gradle'],
    pattern: /^Gradle (\d\S*)/m,
    files: [{ path: '../lib/gradle-core-*.jar', name: /\/gradle-core-(\d[^/]*)\.jar$/ }],
    packages: packaged('gradle', ['apt', 'pacman', 'brew']),
  },
  {
    names: ['ant'],
    arguments: ['-version'],
    pattern: /\bAnt(?:\(TM\))? version (\d\S*)/,
    packages: packaged('ant', ['apt', 'dnf', 'zypper', 'brew']),
  },
  {
    names: ['conan'],
    scheme: 'pep440',
    pattern: /^Conan version (\d\S*)/m,
    files: pythonPackage('conan', 'conan'),
    packages: { brew: 'conan' },
  },
  {
    names: ['nvcc', 'cuda-toolkit'],
    pattern: /\brelease [\d.]+, V(\d\S*)/,
    packages: { apt: 'nvidia-cuda-toolkit' },
  },
];
