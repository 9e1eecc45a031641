import { describe, expect, it } from 'vitest';
import { libraryPackage, type SystemManager } from '../../src/index.ts';

describe('the package of a library', () => {
  it.each<[SystemManager, string, string | undefined]>([
    ['apt', 'libssl.so.3', 'libssl3'],
    ['apt', 'libno-such.so.1', undefined],
    ['apk', 'libssl.so.3', 'so:libssl.so.3'],
    ['dnf', 'libssl.so.3', 'libssl.so.3()(64bit)'],
    ['zypper', 'libssl.so.3', 'libssl.so.3()(64bit)'],
    ['pacman', 'libssl.so.3', undefined],
    ['brew', 'libssl.so.3', undefined],
  ])('of %s for programs that need %s is %s', (manager, soname, name) => {
    expect(libraryPackage(manager, { soname }, true)).toBe(name);
  });

  it.each<[SystemManager, string, string | undefined]>([
    ['apt', 'openssl', 'libssl-dev'],
    ['apt', 'gtk+-3.0', 'libgtk-3-dev'],
    ['apt', 'no-such', undefined],
    ['apk', 'openssl', 'pc:openssl'],
    ['dnf', 'openssl', 'pkgconfig(openssl)'],
    ['zypper', 'openssl', 'pkgconfig(openssl)'],
    ['pacman', 'openssl', undefined],
  ])('of %s for compilers that need %s is %s', (manager, module, name) => {
    expect(libraryPackage(manager, { module }, true)).toBe(name);
  });

  it('of RPM is not marked where programs are not 64-bit', () => {
    expect(libraryPackage('dnf', { soname: 'libz.so.1' }, false)).toBe('libz.so.1');
  });
});
