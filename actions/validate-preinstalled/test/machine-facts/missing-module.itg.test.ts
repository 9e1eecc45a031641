import { chmodSync, existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkKind } from '../kinds/check-kind.ts';

const notDebian = existsSync('/etc/debian_version') ? '' : ' (skipped: needs a system with apt)';

describe.skipIf(notDebian !== '')(`a library that pkg-config does not know${notDebian}`, () => {
  // The first is recorded of pkgconf 1.8.1, and the third has its form. The second is documented: pkg.c of pkg-config 0.29.
  it.each([
    ["Package 'libusb-1.0', required by 'virtual:world', not found", ['libusb-1.0-0-dev']],
    ["No package 'libusb-1.0' found", ['libusb-1.0-0-dev']],
    ["Package 'libudev', required by 'libusb-1.0', not found", undefined],
  ])('is installed by its package only if it lacks itself: %s', async (said, packages) => {
    const folder = mkdtempSync(join(tmpdir(), 'path-'));
    writeFileSync(join(folder, 'pkg-config'), `#!/bin/sh\necho "${said}" >&2\nexit 1\n`);
    chmodSync(join(folder, 'pkg-config'), 0o755);
    const finding = await checkKind('libraries', [{ 'pkg-config': 'libusb-1.0' }], { PATH: folder });
    expect([finding.status, finding.remedy?.packages]).toEqual(['fail', packages]);
  });
});
