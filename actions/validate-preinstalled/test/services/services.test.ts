import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ServiceRequirement } from '@runner-actions/manifest';
import { describe, expect, it } from 'vitest';
import { judgeService } from '../../src/services/service.ts';
import { readOpenrcService, serviceManager } from '../../src/services/services-io.ts';
import { openrcCommands, parseUnits, systemdCommands, unitName } from '../../src/services/systemd.ts';
import { checkKind, requirementsOf } from '../kinds/check-kind.ts';

// Documented, not recorded: systemctl(1) and org.freedesktop.systemd1(5) describe these lines and words.
const shown = `Id=docker.service
Names=docker.service
LoadState=loaded
ActiveState=active
UnitFileState=enabled
Result=success

Id=cron.service
Names=crond.service cron.service
LoadState=loaded
ActiveState=inactive
UnitFileState=disabled
Result=success

Id=db.service
Names=db.service
LoadState=loaded
ActiveState=failed
UnitFileState=enabled
Result=exit-code

Id=off.service
Names=off.service
LoadState=masked
ActiveState=inactive
UnitFileState=masked
Result=success

Id=late.service
Names=late.service
LoadState=loaded
ActiveState=activating
UnitFileState=static
Result=success

Id=torn.service
Names=torn.service
LoadState=error
ActiveState=inactive
UnitFileState=bad
Result=success

Id=gone.service
Names=gone.service
LoadState=not-found
ActiveState=inactive
UnitFileState=
Result=success
`;

async function judge(name: string, spec: object) {
  const [requirement] = await requirementsOf('services', { [name]: spec });
  const unit = parseUnits(shown).get(unitName(name));
  if (unit === undefined) throw new Error(`no unit ${name}`);
  return judgeService(requirement as ServiceRequirement, unit, systemdCommands(unit.name));
}

describe('services of systemd', () => {
  it.each([
    ['docker', {}, 'pass', 'active, enabled', undefined],
    ['docker', { active: false }, 'fail', 'active', /systemctl stop docker\.service/],
    ['docker', { enabled: false }, 'fail', 'enabled', /systemctl disable/],
    ['crond', {}, 'fail', 'inactive', /sudo systemctl start cron\.service/],
    ['cron', { enabled: true }, 'fail', 'disabled', /sudo systemctl enable cron\.service/],
    ['cron', { active: false, enabled: false }, 'pass', 'inactive, disabled', undefined],
    ['db', { active: true }, 'fail', 'failed (exit-code)', /journalctl -u db\.service/],
    ['off', {}, 'fail', 'masked', /unmask/],
    ['off', { enabled: true }, 'fail', 'masked', /enable/],
    ['late', {}, 'fail', 'activating', /start/],
    ['late', { enabled: true }, 'fail', 'static', /enable/],
    ['torn', {}, 'fail', 'systemd cannot read its unit file', /systemd-analyze verify torn\.service/],
    ['gone', {}, 'fail', 'no such service', /Install the package that brings gone\.service/],
    ['gone', { enabled: true }, 'fail', 'no such service', /Install/],
    ['gone', { active: false }, 'pass', 'no such service', undefined],
  ])('judges %s with %j: %s, %s', async (name, spec, status, found, advice) => {
    const finding = await judge(name, spec);
    expect([finding.status, finding.found]).toEqual([status, found]);
    if (advice !== undefined) expect(finding.advice).toMatch(advice);
  });

  it('takes a name without a suffix for a service', () => {
    expect(['docker', 'docker.socket', 'getty@tty1'].map(unitName)).toEqual([
      'docker.service',
      'docker.socket',
      'getty@tty1.service',
    ]);
  });

  it.each(['-x', 'a b', ''])('refuses the name %j', async (name) => {
    await expect(checkKind('services', { [name]: {} })).rejects.toThrow('the name of a service');
  });
});

describe('the manager of services', () => {
  const root = (...files: string[]) => {
    const folder = mkdtempSync(join(tmpdir(), 'root-'));
    for (const file of files) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), 'tini\n');
    }
    return folder;
  };

  it('is found by its own folder; without one it is unknown, and the first process is named', () => {
    expect(serviceManager(root('run/systemd/system/x'), 'linux')).toBe('systemd');
    expect(serviceManager(root('run/openrc/softlevel'), 'linux')).toBe('openrc');
    expect(serviceManager(root('proc/1/comm'), 'linux')).toEqual({
      unknown: expect.stringContaining('tini'),
    });
    expect(serviceManager('/', 'darwin')).toEqual({ unknown: 'services cannot be read on darwin' });
  });

  it.each([
    ['started', { state: 'active', enabled: true }, 'pass'],
    ['failed', { state: 'failed', enabled: true }, 'fail'],
    ['', { state: 'inactive', enabled: true }, 'fail'],
  ])('reads a service of OpenRC that is %j', async (mark, expected, status) => {
    const folder = root('etc/init.d/sshd', 'run/openrc/x', 'etc/runlevels/boot/x', 'etc/runlevels/default/x');
    symlinkSync('/etc/init.d/sshd', join(folder, 'etc/runlevels/default/sshd'));
    if (mark !== '') {
      mkdirSync(join(folder, 'run/openrc', mark));
      writeFileSync(join(folder, 'run/openrc', mark, 'sshd'), '');
    }
    const service = readOpenrcService('sshd', folder);
    expect(service).toMatchObject({ exists: true, ...expected });
    const [requirement] = await requirementsOf('services', { sshd: {} });
    const finding = judgeService(requirement as ServiceRequirement, service, openrcCommands('sshd'));
    expect(finding.status).toBe(status);
  });
});
