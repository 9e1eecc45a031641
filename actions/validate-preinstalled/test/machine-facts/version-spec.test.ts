import { describe, expect, it } from 'vitest';
import type { LanguageManager, PackageRequirement } from '@runner-actions/manifest';
import { installRemedy } from '../../src/machine-facts/packages/install-command.ts';
import { packageWithRange } from '../../src/machine-facts/packages/version-spec.ts';
import { requirementsOf } from '../kinds/check-kind.ts';

async function rangeOf(manager: LanguageManager, version: string) {
  const [requirement] = await requirementsOf('packages', [{ [manager]: 'x', version }]);
  return (requirement as PackageRequirement).ranges[manager];
}

describe('a package with its range, as its manager takes it', () => {
  it.each<[LanguageManager, string, string]>([
    ['pip', '>=2, <3', 'x>=2,<3'],
    ['pip', '2', 'x==2.*'],
    ['pip', '==2.1', 'x==2.1'],
    ['pip', '~=3.9', 'x>=3.9,==3.*'],
    ['pip', '!=3.10.*', 'x!=3.10.*'],
    ['pip', '1 || 3', 'x'],
    ['pip', 'latest', 'x'],
    ['pipx', '>=2', 'x>=2'],
    ['npm', '>=1.2 <3', 'x@>=1.2 <3'],
    ['npm', '1 || 3', 'x@1 || 3'],
    ['npm', '^1.2', 'x@>=1.2 1'],
    ['npm', '!=1.2.3', 'x'],
    ['gem', '>=7', 'x:>= 7'],
    ['gem', '7.1', 'x:~> 7.1.0'],
    ['gem', '=7.1.2', 'x:7.1.2'],
    ['gem', '>=7, <8', 'x'],
    ['cargo', '>=1.2, <2', 'x@>=1.2, <2'],
    ['cargo', '1.2', 'x@~1.2'],
    ['cargo', '=1.2.3', 'x@=1.2.3'],
    ['cargo', '!=1.2.3', 'x'],
    ['go', '>=1.2', 'x@latest'],
    ['go', '1.2', 'x@v1.2'],
    ['go', '=1.2.3', 'x@v1.2.3'],
    ['go', '>=1 <2', 'x@<v2'],
  ])('%s %s: %s', async (manager, version, expected) => {
    expect(packageWithRange(manager, 'x', await rangeOf(manager, version))).toBe(expected);
  });

  it('is installed again by pipx, whose upgrade takes no range', async () => {
    const range = await rangeOf('pipx', '<2');
    expect(installRemedy('pipx', ['x'], { upgrade: true, range }).command).toEqual([
      'pipx',
      'install',
      '--force',
    ]);
    expect(installRemedy('pipx', ['x'], { upgrade: true }).command).toEqual(['pipx', 'upgrade']);
  });
});
