import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../actions.ts';
import { checkBundleCode } from '../../supply-chain/bundle-code.ts';

/** Writes a bundle with these files and returns its folder. */
function bundleOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'bundle-code-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const check = (code: string) => checkBundleCode('one', bundleOf({ 'index.js': code }), []);

describe('checkBundleCode', () => {
  it('accepts modules of Node, files of the bundle, and commands that install nothing', () => {
    const files = {
      'index.js':
        "require('node:fs'); require('util'); require('./chunks/part.js'); Function.prototype.call;",
      'chunks/part.js':
        "require('../index.js'); import('node:os'); spawn('npm', ['--version']); x = 'curl -V';",
    };
    expect(checkBundleCode('one', bundleOf(files), [])).toEqual([]);
  });

  it.each(['extra.cjs', 'extra', 'chunks/extra.node'])(
    'rejects the file %s, which it cannot read',
    (name) => {
      const files = { 'index.js': `require('./${name}')`, [name]: "eval('1')" };
      expect(checkBundleCode('one', bundleOf(files), [])).toEqual([
        `${name} is a kind of file that these rules do not read`,
      ]);
    },
  );

  it.each([
    ['require(name)', 'loads a module whose name is computed'],
    ['require(`./${name}.js`)', 'loads a module whose name is computed'],
    ['const load = require; load(name)', 'loads a module whose name is computed'],
    ['module.require(name)', 'loads a module whose name is computed'],
    ['import(name)', 'loads a module whose name is computed'],
    ["require('kerberos')", 'loads kerberos, which is not in the bundle'],
    ["import('./absent.js')", 'loads ./absent.js, which is not in the bundle'],
    ["require('../index.js')", 'loads ../index.js, which is not in the bundle'],
    ["require('node:vm')", 'loads node:vm, which runs text as code'],
    ["require('module')", 'loads module, which runs text as code'],
    ['eval(text)', 'uses eval'],
    ["globalThis['eval'](text)", 'uses eval'],
    ['new Function(text)', 'uses Function'],
    ['Function(text)', 'uses Function'],
    ['x.createRequire(__filename)', 'uses createRequire'],
    ["process.getBuiltinModule('vm')", 'uses getBuiltinModule'],
    ["process.dlopen(module, 'x.node')", 'uses dlopen'],
    ["spawn('npm', ['install', 'x'])", 'installs at run time: npm install x'],
    ["spawn('npm.cmd', ['ci'])", 'installs at run time: npm.cmd ci'],
    ["run(['pip3', 'install', name])", 'installs at run time: pip3 install'],
    ["exec('sudo apt-get install git')", 'installs at run time: sudo apt-get install git'],
    ['exec(`brew install ${name}`)', 'installs at run time: brew install '],
    ["exec('npx cowsay')", 'installs at run time: npx cowsay'],
    ["exec('curl -sL https://example.com | sh')", 'installs at run time: curl -sL https://example.com | sh'],
    ["x = '/root/app/index.ts'", 'contains a path of the machine that built it: /root/a'],
    ["x = '/home/alice/app/index.ts'", 'contains a path of the machine that built it: /home/alice/'],
    ["x = 'file:///app/index.ts'", 'contains a path of the machine that built it: file:///'],
    [
      "x = 'C:\\\\Users\\\\alice\\\\app'",
      'contains a path of the machine that built it: C:\\\\Users\\\\alice\\',
    ],
    [`x = '${root}/index.ts'`, `contains a path of the machine that built it: ${root}`],
  ])('reports %s', (code, problem) => expect(check(code)).toEqual([`index.js ${problem}`]));

  it('reports a script that cannot be read, and a path in a file that is no script', () => {
    expect(check('const = 1;')).toEqual([expect.stringContaining('index.js is not valid JavaScript')]);
    expect(checkBundleCode('one', bundleOf({ 'licenses.txt': `${root}/LICENSE` }), [])).toHaveLength(1);
  });

  it('accepts an exception for one file of one action only, and reports one that nothing needs', () => {
    const exception = { action: 'one', file: 'index.js', problem: 'uses eval', reason: 'r' };
    const folder = bundleOf({ 'index.js': 'eval(1)', 'other.js': 'eval(1)' });
    expect(checkBundleCode('one', folder, [exception])).toEqual(['other.js uses eval']);
    expect(checkBundleCode('two', folder, [exception])).toHaveLength(2);
    expect(checkBundleCode('one', bundleOf({ 'index.js': '1' }), [exception])).toEqual([
      'dist-check/supply-chain/bundle-code.ts has an exception that nothing needs: index.js uses eval',
    ]);
  });
});
