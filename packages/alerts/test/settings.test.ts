import { redact } from '@runner-actions/core';
import { describe, expect, it } from 'vitest';
import { defaultPolicy } from '../src/policy.ts';
import { alertSettings } from '../src/settings.ts';

const names = { webhook: 'RUNNER_ACTIONS_SECRET_URL', 'signing-key': 'RUNNER_ACTIONS_SECRET_KEY' };
const address = 'https://hooks.example.com/services/T0/very-secret';
const environment = {
  RUNNER_ACTIONS_SECRET_URL: ` ${address}\n`,
  RUNNER_ACTIONS_SECRET_KEY: 'key-of-alerts',
};

describe('the settings of alerts', () => {
  it('without a configuration are issues with the default label and the default times', () => {
    expect(alertSettings(undefined, environment)).toEqual({
      ...{ policy: defaultPolicy, labels: ['runner-actions-fleet'], webhook: undefined },
      ...{ alertmanager: undefined, publicNames: false, warnings: [] },
    });
  });

  it('come from the configuration, with secrets from the environment', () => {
    const quiet = { from: 0, to: 60, zone: 'UTC' };
    const alerts = { ...names, labels: ['a', 'b'], after: 0, 'reopen-within': 0, 'public-names': true };
    const settings = alertSettings({ alerts, 'quiet-hours': quiet }, environment);
    expect(settings.policy).toMatchObject({ after: 0, reopenWithin: 0, quietHours: quiet });
    expect(settings).toMatchObject({ labels: ['a', 'b'], publicNames: true, warnings: [] });
    expect(settings.webhook).toEqual({ url: new URL(address), signingKey: 'key-of-alerts' });
  });

  it('mask the address, its path and the key', () => {
    alertSettings({ alerts: names }, environment);
    for (const secret of [address, '/services/T0/very-secret', 'key-of-alerts'])
      expect(redact(`x ${secret}`)).not.toContain(secret);
  });

  it('can turn issues off', () => {
    expect(alertSettings({ alerts: { issues: false } }, {}).labels).toBeUndefined();
  });

  it.each([
    ['the variable is empty', { ...environment, RUNNER_ACTIONS_SECRET_URL: ' ' }, /URL, which is empty/],
    [
      'the key is empty, since nothing unsigned may be sent',
      { RUNNER_ACTIONS_SECRET_URL: address },
      /KEY, which is empty/,
    ],
    ['it is no address', { ...environment, RUNNER_ACTIONS_SECRET_URL: 'hook-of-mine' }, /holds no address/],
    ['it is a file', { ...environment, RUNNER_ACTIONS_SECRET_URL: 'file:///etc/passwd' }, /holds no address/],
    ['it has a login', { ...environment, RUNNER_ACTIONS_SECRET_URL: 'https://u:p@h/x' }, /holds no address/],
  ])('use no webhook when %s, and say what to do without the value', (_case, variables, warning) => {
    const { webhook, warnings } = alertSettings({ alerts: names }, variables);
    expect(webhook).toBeUndefined();
    expect(warnings).toEqual([expect.stringMatching(warning)]);
    expect(warnings.join()).not.toMatch(/hook-of-mine|passwd|u:p|hooks\.example/);
  });
});
