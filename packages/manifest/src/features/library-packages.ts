import type { SystemManager } from '../sections/package-managers.ts';

/** A library as a requirement names it: for programs, or for compilers. */
interface Library {
  soname?: string | undefined;
  /** Its name for pkg-config. */
  module?: string | undefined;
}

/**
 * Packages of apt, which does not find a package by what is in it. Each has the file in Debian 12, and its name for years:
 * a package whose name has the version of the library in it is left out.
 */
const ofApt: Readonly<Record<string, readonly string[]>> = {
  'libasound2-dev': ['alsa'],
  libatomic1: ['libatomic.so.1'],
  libcairo2: ['libcairo.so.2'],
  'libcairo2-dev': ['cairo', 'cairo-gobject'],
  'libcap-dev': ['libcap', 'libpsx'],
  'libcurl4-openssl-dev': ['libcurl'],
  'libdbus-1-3': ['libdbus-1.so.3'],
  'libdbus-1-dev': ['dbus-1'],
  'libdevmapper-dev': ['devmapper', 'devmapper-event'],
  libdrm2: ['libdrm.so.2'],
  'libedit-dev': ['libedit'],
  libegl1: ['libEGL.so.1'],
  'libelf-dev': ['libelf'],
  'libevent-dev': ['libevent', 'libevent_core', 'libevent_openssl', 'libevent_pthreads'],
  libexpat1: ['libexpat.so.1'],
  'libexpat1-dev': ['expat'],
  'libffi-dev': ['libffi'],
  libffi8: ['libffi.so.8'],
  'libfontconfig-dev': ['fontconfig'],
  libfontconfig1: ['libfontconfig.so.1'],
  libfreetype6: ['libfreetype.so.6'],
  'libfuse3-dev': ['fuse3'],
  libgbm1: ['libgbm.so.1'],
  'libgcc-s1': ['libgcc_s.so.1'],
  'libgit2-dev': ['libgit2'],
  libgl1: ['libGL.so.1'],
  'libglib2.0-dev': ['glib-2.0', 'gio-2.0', 'gio-unix-2.0', 'gmodule-2.0', 'gobject-2.0', 'gthread-2.0'],
  'libgmp-dev': ['gmp', 'gmpxx'],
  libgomp1: ['libgomp.so.1'],
  'libgpgme-dev': ['gpgme'],
  'libgtk-3-dev': ['gtk+-3.0', 'gdk-3.0'],
  'libicu-dev': ['icu-i18n', 'icu-io', 'icu-uc'],
  'liblzma-dev': ['liblzma'],
  'libmariadb-dev': ['libmariadb', 'mariadb'],
  'libncurses-dev': ['ncurses', 'ncursesw', 'tinfo'],
  libncurses6: ['libncurses.so.6'],
  'libpango1.0-dev': ['pango', 'pangocairo'],
  'libpcre2-dev': ['libpcre2-8', 'libpcre2-16', 'libpcre2-32'],
  'libpng-dev': ['libpng', 'libpng16'],
  'libpq-dev': ['libpq'],
  libpq5: ['libpq.so.5'],
  'libprotobuf-dev': ['protobuf', 'protobuf-lite'],
  'libreadline-dev': ['readline'],
  'libsdl2-dev': ['sdl2'],
  'libseccomp-dev': ['libseccomp'],
  'libsodium-dev': ['libsodium'],
  'libsqlite3-0': ['libsqlite3.so.0'],
  'libsqlite3-dev': ['sqlite3'],
  'libssh2-1-dev': ['libssh2'],
  'libssl-dev': ['openssl', 'libssl', 'libcrypto'],
  libssl3: ['libssl.so.3', 'libcrypto.so.3'],
  'libstdc++6': ['libstdc++.so.6'],
  'libsystemd-dev': ['libsystemd'],
  'libtiff-dev': ['libtiff-4'],
  libtinfo6: ['libtinfo.so.6'],
  'libudev-dev': ['libudev'],
  'libusb-1.0-0': ['libusb-1.0.so.0'],
  'libusb-1.0-0-dev': ['libusb-1.0'],
  'libvulkan-dev': ['vulkan'],
  libvulkan1: ['libvulkan.so.1'],
  'libwayland-dev': ['wayland-client', 'wayland-server', 'wayland-egl', 'wayland-scanner'],
  'libx11-6': ['libX11.so.6'],
  'libx11-dev': ['x11'],
  libxcb1: ['libxcb.so.1'],
  libxkbcommon0: ['libxkbcommon.so.0'],
  'libxml2-dev': ['libxml-2.0'],
  'libxslt1-dev': ['libxslt', 'libexslt'],
  'libyaml-dev': ['yaml-0.1'],
  'libzmq3-dev': ['libzmq'],
  'libzstd-dev': ['libzstd'],
  'uuid-dev': ['uuid'],
  zlib1g: ['libz.so.1'],
  'zlib1g-dev': ['zlib'],
};

/**
 * Returns the name by which a manager installs a library; `undefined` if none is known. Packages of RPM provide
 * `pkgconfig(NAME)` and `SONAME()(64bit)`, those of Alpine `pc:NAME` and `so:SONAME`. Sources: rpm.org, "Dependency
 * generators"; abuild, APKBUILD(5).
 * @param is64 whether programs of the machine are 64-bit
 */
export function libraryPackage(
  manager: SystemManager,
  { soname, module }: Library,
  is64: boolean,
): string | undefined {
  if (manager === 'apt') {
    const wanted = soname ?? module ?? '';
    return Object.keys(ofApt).find((name) => ofApt[name]?.includes(wanted));
  }
  if (manager === 'apk') return soname === undefined ? `pc:${module ?? ''}` : `so:${soname}`;
  if (manager !== 'dnf' && manager !== 'zypper') return undefined;
  if (soname === undefined) return `pkgconfig(${module ?? ''})`;
  return is64 ? `${soname}()(64bit)` : soname;
}
