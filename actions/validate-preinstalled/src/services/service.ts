import type { ServiceRequirement } from '@runner-actions/manifest';
import type { Finding } from '../kinds/kind.ts';

/** What a service manager says of a service. */
export interface Service {
  /** Full name, such as `docker.service`. */
  name: string;
  exists: boolean;
  /** Whether the manager cannot use its file, so that it cannot start. */
  isUnreadable: boolean;
  /** For example `active`, `inactive`, `failed` or `activating`. */
  state: string;
  /** Why it failed, in the manager's word; '' if it did not. */
  result: string;
  /** Whether it starts with the machine; `undefined` if that is not a question, as for a unit that was generated. */
  enabled: boolean | undefined;
  /** The manager's word for that, such as `enabled`, `static` or `masked`. */
  enabledState: string;
}

/** Commands that change a service, in the words of its manager. */
export interface ServiceCommands {
  start: string;
  stop: string;
  enable: string;
  disable: string;
  explain: string;
}

/** Compares a service with what is wanted. */
export function judgeService(
  { spec }: ServiceRequirement,
  service: Service,
  commands: ServiceCommands,
): Finding {
  const active = spec.active ?? (spec.enabled === undefined ? true : undefined);
  const wanted = [
    active === undefined ? '' : active ? 'active' : 'not active',
    spec.enabled === undefined ? '' : spec.enabled ? 'enabled' : 'not enabled',
  ]
    .filter((part) => part !== '')
    .join(', ');
  const { name, state, enabled, enabledState } = service;
  const fail = (found: string, advice: string): Finding => ({ status: 'fail', found, wanted, advice });
  if (!service.exists) {
    const isUnwanted = active !== true && spec.enabled !== true;
    return isUnwanted
      ? { status: 'pass', found: 'no such service', wanted }
      : fail('no such service', `Install the package that brings ${name}.`);
  }
  const masked = enabledState.startsWith('masked');
  if (active === true && state !== 'active') {
    if (service.isUnreadable)
      return fail('systemd cannot read its unit file', `Run 'systemd-analyze verify ${name}'.`);
    if (masked) return fail('masked', `Run 'sudo systemctl unmask ${name}', then '${commands.start}'.`);
    const why = state === 'failed' ? `failed (${service.result || 'unknown reason'})` : state;
    const first = state === 'failed' ? `See '${commands.explain}'. ` : '';
    return fail(why, `${first}Run '${commands.start}'.`);
  }
  if (active === false && ['active', 'activating', 'reloading'].includes(state))
    return fail(state, `Run '${commands.stop}'.`);
  if (spec.enabled === true && enabled !== true)
    return fail(enabledState || 'not enabled', `Run '${commands.enable}'.`);
  if (spec.enabled === false && enabled === true) return fail('enabled', `Run '${commands.disable}'.`);
  const found = [state, enabledState].filter((part) => part !== '').join(', ');
  return { status: 'pass', found, wanted };
}
