import { spawn } from 'node:child_process';
import { existsSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findProcessesOf } from './processes-below.ts';
import { type CleanMachine, makeCleanMachine, noCleanMachine } from './clean-machine.ts';

const manifestOf = (...packages: string[]): string =>
  `version: 1\npackages: [{ apt: [${packages.join(', ')}] }]\n`;

describe.skipIf(noCleanMachine !== '')(`mode: install on a clean Debian${noCleanMachine}`, () => {
  let machine: CleanMachine;
  beforeAll(() => {
    machine = makeCleanMachine();
  });
  // Several installations take a few seconds each.
  const history = (): number => {
    const file = join(machine.root, 'var/log/apt/history.log');
    return existsSync(file) ? readFileSync(file, 'utf8').split('Start-Date').length - 1 : 0;
  };
  const install = (manifest: string, options = {}) => machine.start(manifest, options).ended;
  afterAll(() => expect(findProcessesOf(machine.root)).toEqual([]));

  it('does nothing offline but tell why', async () => {
    const { outputs, output } = await install(manifestOf('jq'), { offline: true });
    expect(outputs['status']).toBe('fail');
    expect(output).toContain(
      'apt-get says: Unable to locate package jq, and its lists of packages could not be fetched',
    );
  });

  it('installs a tool and packages, fetches the lists once, and calls nothing the second time', async () => {
    const manifest = "version: 1\ntools: { jq: '>=1.6' }\npackages: [{ apt: [xxd, libjq1] }]\n";
    const first = await install(manifest);
    expect(first.outputs).toMatchObject({ status: 'pass', passed: '3' });
    expect(first.output.match(/::group::apt-get/g)).toHaveLength(2);
    const before = history();
    const second = await install(manifest);
    expect([second.outputs['status'], history() - before]).toEqual(['pass', 0]);
    expect(second.output).not.toContain('::group::apt-get');
    // The lists are new now.
    expect((await install(manifestOf('bc'))).output.match(/::group::apt-get/g)).toHaveLength(1);
  });

  it('makes a check green by the very command that it advises', async () => {
    const { output } = await install(manifestOf('patch'), { mode: 'check' });
    const command = /Install it: ([^\n]+)/.exec(output)?.[1]?.trim() ?? '';
    expect(machine.run(command.split(' ')).code).toBe(0);
    expect((await install(manifestOf('patch'), { mode: 'check' })).outputs['status']).toBe('pass');
  });

  it('completes a package that is only unpacked', async () => {
    machine.run(['sh', '-c', 'cd /tmp && apt-get download less && dpkg --unpack less_*.deb']);
    const { outputs, output } = await install(manifestOf('less'));
    expect(output).toContain('::group::dpkg --configure -a');
    expect(outputs['status']).toBe('pass');
  });

  it('completes what a kill in the middle of dpkg left', async () => {
    const started = machine.start(manifestOf('gawk'));
    await new Promise<void>((resolve) => {
      const watcher = watch(join(machine.root, 'var/lib/dpkg/info'), (_, name) => {
        if (name?.startsWith('gawk.') !== true) return;
        watcher.close();
        started.kill();
        resolve();
      });
    });
    await started.ended;
    const { outputs, output } = await install(manifestOf('gawk', 'file'));
    expect([outputs['status'], output]).toEqual(['pass', expect.any(String)]);
  });

  it('waits for another apt', async () => {
    const hold = `import fcntl,sys
f=open('${join(machine.root, 'var/lib/dpkg/lock-frontend')}','w'); fcntl.lockf(f,fcntl.LOCK_EX); print('held',flush=True); sys.stdin.read()`;
    const holder = spawn('python3', ['-c', hold]);
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    const { ended } = machine.start(manifestOf('time'));
    await expect
      .poll(() => findProcessesOf(machine.root).some((one) => one.startsWith('apt-get -o DPkg')))
      .toBe(true);
    holder.stdin.end();
    expect((await ended).outputs['status']).toBe('pass');
  });

  it('refuses without root and sudo before any change, and works with a sudo that asks nothing', async () => {
    machine.run(['useradd', '--uid', '4242', 'ci']);
    const before = history();
    const refused = await install(manifestOf('tree'), { user: 4242 });
    expect(refused.output).toContain('`sudo -n true` does not work (ENOENT)');
    expect(refused.output).toContain('sudo apt-get -o DPkg::Lock::Timeout=300 install -y --no-remove tree');
    expect([refused.outputs['status'], history() - before]).toEqual(['fail', 0]);
    await install(manifestOf('sudo'));
    writeFileSync(join(machine.root, 'etc/sudoers.d/ci'), 'ci ALL=(ALL) NOPASSWD: ALL\n', { mode: 0o440 });
    expect((await install(manifestOf('tree'), { user: 4242 })).outputs['status']).toBe('pass');
  });

  it('installs nothing where the policy forbids it', async () => {
    machine.run(['mkdir', '-p', '/etc/runner-actions']);
    const policy = join(machine.root, 'etc/runner-actions/policy.yml');
    writeFileSync(policy, 'version: 1\ninstall: forbidden\n');
    const { outputs, output } = await install(manifestOf('dc'));
    writeFileSync(policy, 'version: 1\ninstall: allowed\n');
    expect(output).toContain('/etc/runner-actions/policy.yml says `install: forbidden`');
    expect([outputs['status'], (await install(manifestOf('dc'))).outputs['status']]).toEqual([
      'fail',
      'pass',
    ]);
  });

  it('installs the others if apt does not know a package, once it has fetched its lists', async () => {
    machine.run(['sh', '-c', 'rm -rf /var/lib/apt/lists/*']);
    const { outputs, output } = await install('version: 1\npackages: [{ apt: [nosuchpkg-x, tree] }]\n');
    expect(outputs).toMatchObject({ status: 'fail', passed: '1' });
    expect(outputs['missing']).toBe('["nosuchpkg-x"]');
    expect(output).toContain('its installation failed: apt-get says: Unable to locate package nosuchpkg-x');
  });

  it('installs a library by the package that has it, so that the loader finds it', async () => {
    const { outputs } = await install('version: 1\nlibraries: [{ soname: libexpat.so.1 }]\n');
    expect(outputs).toMatchObject({ status: 'pass', passed: '1' });
  });
});
