import { describe, expect, it } from 'vitest';
import { read, readOne } from './read.ts';

describe('global.json', () => {
  it.each([
    [undefined, '>=8.0.110 <8.0.200'],
    ['disable', '8.0.110'],
    ['patch', '>=8.0.110 <8.0.200'],
    ['latestPatch', '>=8.0.110 <8.0.200'],
    ['feature', '>=8.0.110 <8.1'],
    ['latestFeature', '>=8.0.110 <8.1'],
    ['minor', '>=8.0.110 <9'],
    ['latestMinor', '>=8.0.110 <9'],
    ['major', '>=8.0.110'],
    ['latestMajor', '>=8.0.110'],
    ['LATESTPATCH', '>=8.0.110 <8.0.200'],
  ])('rollForward %s allows SDKs %s', (rollForward, range) => {
    const text = JSON.stringify({ sdk: { version: '8.0.110', rollForward } });
    expect(readOne('global.json', text)).toBe(`dotnet ${range}`);
  });

  it('reads comments and a preview, and says what .NET itself does not read', () => {
    const text = `{
  // the SDK
  "sdk": {
    "version": "10.0.100-rc.1.25420.111",
    "allowPrerelease": true, /* by default */
    "rollForward": "latestMajor",
    "paths": [".dotnet", "$host$"],
    "errorMessage": "run ./restore.sh"
  },
  "tools": { "dotnet": "10.0.100", "jdk": "latest" },
  "msbuild-sdks": { "Acme.Sdk": "1.0.0" }
}`;
    expect(read('global.json', text)).toEqual({
      stated: ['4:16 sdks dotnet >=10.0.100-rc.1.25420.111'],
      notRead: [
        '7:5 sdk.paths | folders with SDKs of their own, which are not searched',
        '10:3 tools | is read by the scripts of Arcade, not by .NET',
        '11:3 msbuild-sdks | are packages that a build downloads',
      ],
      problem: undefined,
    });
  });

  it.each([
    ['{"sdk":{"version":"8.0"}}', 'is no version of an SDK; three numbers are needed'],
    ['{"sdk":{"version":"8.0.1xx"}}', 'is no version of an SDK; three numbers are needed'],
    ['{"sdk":{"version":"8.0.110","rollForward":"newest"}}', 'is no policy of .NET'],
    ['{"sdk":{"version":"8.0.110","rollForward":"latestDisable"}}', 'is no policy of .NET'],
    ['{"sdk":{"version":"8.0.110","rollForward":"latest"}}', 'is no policy of .NET'],
    ['{"sdk":{"allowPrerelease":false}}', 'names no version, so each SDK will do'],
    ['[]', 'expected a JSON object'],
    ['{"sdk":{"version":{}}}', 'expected a version in quotes'],
  ])('%s', (text, expected) => {
    expect(readOne('global.json', text)).toBe(expected);
  });
});

describe('package.json', () => {
  it('reads engines, packageManager, devEngines and volta', () => {
    const text = `{
  "engines": { "node": ">= 18", "npm": "9 - 10", "pnpm": "*", "vscode": "^1.80.0" },
  "packageManager": "pnpm@9.1.0+sha512.67f5879916a9293e5cf059c23853d571beaf4f753c707f40cb22bed5fb1578c6aad3b6c4107ccb3ba0b35be003eb621a16471ac836c87beb53f9d54bb4612724",
  "devEngines": {
    "runtime": { "name": "node", "version": ">20", "onFail": "warn" },
    "packageManager": [{ "name": "npm" }, { "name": "pnpm" }],
    "os": { "name": "linux" }
  },
  "volta": { "node": "20.11.0", "yarn": "1.22.19", "extends": "../package.json" },
  "dependencies": { "node": "1.0.0" }
}`;
    expect(read('package.json', text)).toEqual({
      stated: [
        '2:24 tools node >=18',
        '2:40 tools npm >=9 <11',
        '2:58 tools pnpm latest',
        '3:21 tools pnpm 9.1.0',
        '5:45 tools node >=21 warn',
        '9:22 tools node 20.11.0',
        '9:41 tools yarn 1.22.19',
      ],
      notRead: [
        '2:73 vscode ^1.80.0 | is no program that is known; say it in the manifest if it is one',
        '6:5 packageManager npm, pnpm | has choices, one of which is enough',
        '7:5 devEngines.os | is about the machine; say it under system in the manifest',
        '9:63 ../package.json | is another file, which is not read',
      ],
      problem: undefined,
    });
  });

  it.each([
    ['{"packageManager":"yarn@4"}', 'yarn 4'],
    ['{"packageManager":"yarn@https://example.org/y.tgz"}', 'is an address, which does not tell a version'],
    ['{"packageManager":"pnpm"}', 'is no name with a version, such as pnpm@9.1.0'],
    ['{"packageManager":"vlt@1.0.0"}', 'is no package manager that is known'],
    ['{"engines":{"node":"lts"}}', expect.stringMatching(/^moves/)],
    ['{"engines":{"node":18}}', 'is no range in quotes'],
    ['{"engines":["node >= 18"]}', 'is no map of names and ranges'],
    ['{"devEngines":{"runtime":{"name":"node"}}}', 'node latest'],
    ['{"devEngines":{"runtime":[{"name":"bun","version":"^1"}]}}', 'bun ^1'],
    ['{"devEngines":{"runtime":{"name":"node","onFail":"ignore"}}}', 'asks to be ignored'],
    ['{"devEngines":{"runtime":{"name":"workerd"}}}', 'is no program that is known'],
    ['{"devEngines":{"runtime":{}}}', 'names no program'],
    ['{"volta":{"pip":"1"}}', 'is no program that Volta knows'],
    ['{"engines":{"node":"16"},"engines":{"node":"20"}}', 'node 20'],
    ['{"__proto__":{"engines":{"npm":"1"}},"engines":{"node":"20"}}', 'node 20'],
    ['{"engines":{"__proto__":"1"}}', expect.stringMatching(/^is no program/)],
  ])('%s', (text, expected) => {
    expect(readOne('package.json', text)).toEqual(expected);
  });

  it.each([
    ['{\n  "a": 1,\n}', 3, 1],
    ['{\n  // c\n}', 2, 3],
    ['{"engines":\n{"node" "20"}}', 2, 9],
    ['', 1, 1],
    ['{} {}', 1, 4],
  ])('%j is a problem at its place', (text, line, column) => {
    expect(read('package.json', text).problem).toMatchObject({ line, column });
  });
});
