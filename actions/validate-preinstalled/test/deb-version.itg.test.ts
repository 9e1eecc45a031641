import { execFileSync, spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareDebVersions, parseDebVersion } from '../src/deb-version.ts';

const hasDpkg = spawnSync('dpkg', ['--version']).status === 0;

it.runIf(hasDpkg)('compareDebVersions orders versions as dpkg does', () => {
  const part = fc.string({ unit: fc.constantFrom('0', '1', '9', '.', '~', '+', 'a', 'Z'), maxLength: 6 });
  const version = fc.tuple(fc.constantFrom('', '0:', '1:'), part, fc.constantFrom('', '-1', '-1~b', '-0'));
  const texts = version.map(([epoch, upstream, revision]) => `${epoch}1${upstream}${revision}`);
  const law = fc.property(texts, texts, (one, other) => {
    const [a, b] = [parseDebVersion(one), parseDebVersion(other)];
    const order = a && b ? compareDebVersions(a, b) : Number.NaN;
    expect(order).not.toBeNaN();
    const operator = order < 0 ? 'lt' : order > 0 ? 'gt' : 'eq';
    execFileSync('dpkg', ['--compare-versions', one, operator, other], { stdio: 'ignore' });
  });
  fc.assert(law, { numRuns: 300 });
});
