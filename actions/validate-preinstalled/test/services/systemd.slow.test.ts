// Checks services of a systemd that runs, with the command as a user starts it.
import { execPath } from 'node:process';
import { dirname, resolve } from 'node:path';
import { startSystemd, systemdMissing } from '@runner-actions/testing/systemd';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../../../..');
const missing = systemdMissing();

const units = {
  'good.service': '[Service]\nExecStart=/bin/sleep infinity\n[Install]\nWantedBy=multi-user.target\n',
  'off.service': '[Service]\nExecStart=/bin/sleep infinity\n[Install]\nWantedBy=multi-user.target\n',
  'many@.service': '[Service]\nExecStart=/bin/sleep infinity\n[Install]\nWantedBy=multi-user.target\n',
  'good.timer': '[Timer]\nOnCalendar=daily\n[Install]\nWantedBy=timers.target\n',
  'broken.service': '[Service]\nExecStart=/bin/false\n',
  'late.service': '[Service]\nType=notify\nExecStart=/bin/sleep infinity\n',
  'unreadable.service': '[Service\n',
};

const cases: [string, object, string][] = [
  ['good', {}, 'pass: active, enabled'],
  ['good.timer', { enabled: true }, 'pass: active, enabled'],
  ['many@1', { active: true, enabled: true }, 'pass: active, enabled'],
  ['many@2', {}, 'fail: inactive'],
  ['off', { active: false, enabled: false }, 'pass: inactive, disabled'],
  ['off.service', { enabled: true }, 'fail: disabled'],
  ['broken', {}, 'fail: failed (exit-code)'],
  ['late', {}, 'fail: activating'],
  ['masked', {}, 'fail: masked'],
  ['unreadable', {}, 'fail: systemd cannot read its unit file'],
  ['nowhere', {}, 'fail: no such service'],
  ['nothing', { active: false }, 'pass: no such service'],
  ['systemd-journald', {}, 'pass: active, static'],
  ['systemd-journald.socket', {}, 'pass: active, static'],
];

interface Found {
  name: string;
  status: string;
  found: string;
}

it.skipIf(missing !== undefined)(
  `services of a real systemd${missing === undefined ? '' : ` (${missing})`}`,
  async () => {
    const machine = await startSystemd([root, dirname(execPath)]);
    try {
      const sh = (script: string, input?: string) => machine.run(['bash', '-ec', script], input);
      for (const [name, text] of Object.entries(units))
        expect(sh(`cat > /etc/systemd/system/${name}`, text).status, name).toBe(0);
      sh('ln -s /dev/null /etc/systemd/system/masked.service; systemctl daemon-reload');
      sh('systemctl enable --now good.service good.timer many@1.service');
      sh('systemctl start --no-block late.service');
      sh('systemctl start broken.service; systemctl --wait is-failed broken.service');
      const services = Object.fromEntries(cases.map(([name, spec]) => [name, spec]));
      const manifest = JSON.stringify({ version: 1, services });
      sh('cat > /run/requirements.yml', manifest);
      const cli = [execPath, resolve(root, 'packages/cli/dist/cli.js'), 'manifest', 'check'];
      const { stdout, stderr } = machine.run([...cli, '--machine', '--json', '/run/requirements.yml']);
      const { manifests } = JSON.parse(stdout) as { manifests: { results: Found[] }[] };
      expect(
        manifests[0]?.results.map(({ name, status, found }) => [name, `${status}: ${found}`]),
        stderr,
      ).toEqual(cases.map(([name, , said]) => [name, said]));
    } finally {
      await machine.end();
    }
  },
  90_000,
);
