/** A library that the loader's cache lists. */
export interface CachedLibrary {
  soname: string;
  /** ABI and architecture, such as `libc6,x86-64`. */
  flags: readonly string[];
  path: string;
}

/** Reads the output of `ldconfig -p`: lines such as `libz.so.1 (libc6,x86-64) => /lib/x86_64-linux-gnu/libz.so.1`. */
export function parseLoaderCache(output: string): CachedLibrary[] {
  return output.split('\n').flatMap((line) => {
    const [left = '', path] = line.trim().split(' => ', 2);
    const open = left.lastIndexOf(' (');
    if (path === undefined || open === -1 || !left.endsWith(')')) return [];
    const flags = left
      .slice(open + 2, -1)
      .split(',')
      .map((flag) => flag.trim());
    return [{ soname: left.slice(0, open), flags, path }];
  });
}

/** Words of `ldconfig` for architectures (glibc, `elf/cache.c`). Without a word, a library is for 32 bits. */
const words: Partial<Record<NodeJS.Architecture, string>> = {
  x64: 'x86-64',
  arm64: 'AArch64',
  ppc64: '64bit',
  s390x: '64bit',
  riscv64: 'double-float',
};
const known = new Set([...Object.values(words), 'x32', 'hard-float', 'soft-float', 'N32', 'IA-64']);

/** Whether programs of the architecture can load the library. */
export function isFor({ flags }: CachedLibrary, architecture: NodeJS.Architecture): boolean {
  const word = words[architecture];
  if (word !== undefined) return flags.includes(word);
  return architecture === 'arm' ? flags.includes('hard-float') : !flags.some((flag) => known.has(flag));
}
