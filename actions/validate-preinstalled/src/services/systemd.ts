import type { Service, ServiceCommands } from './service.ts';

/** What `systemctl show` is asked for. Source: systemctl(1), org.freedesktop.systemd1(5). */
export const properties = 'Id,Names,LoadState,ActiveState,UnitFileState,Result';

/** Returns the name of a unit with its suffix. Source: systemctl(1), a name without one is that of a service. */
export function unitName(name: string): string {
  const suffix = /\.(?:service|socket|target|timer|mount|path|slice|device|swap|automount|scope)$/;
  return suffix.test(name) ? name : `${name}.service`;
}

/** Source: systemctl(1), the table of `is-enabled`: with these, it exits with 0 and something starts the unit. */
const started = ['enabled', 'enabled-runtime', 'alias', 'generated'];
const neverEnabled = ['static', 'indirect', 'transient'];

/**
 * Parses the output of `systemctl show`: for each unit lines `NAME=value`, with an empty line between units.
 * @returns the units by all their names
 */
export function parseUnits(output: string): Map<string, Service> {
  const units = new Map<string, Service>();
  for (const block of output.split('\n\n')) {
    const values = new Map(
      block.split('\n').map((line) => {
        const at = line.indexOf('=');
        return [line.slice(0, Math.max(0, at)), line.slice(at + 1)] as const;
      }),
    );
    const name = values.get('Id');
    if (name === undefined) continue;
    const enabledState = values.get('UnitFileState') ?? '';
    const load = values.get('LoadState') ?? '';
    const service: Service = {
      name,
      exists: load !== 'not-found',
      isUnreadable: ['bad-setting', 'error'].includes(load),
      state: values.get('ActiveState') ?? 'unknown',
      result: values.get('Result') === 'success' ? '' : (values.get('Result') ?? ''),
      enabled: neverEnabled.includes(enabledState) ? undefined : started.includes(enabledState),
      enabledState,
    };
    for (const one of [name, ...(values.get('Names') ?? '').split(' ')])
      if (one !== '') units.set(one, service);
  }
  return units;
}

export const systemdCommands = (name: string): ServiceCommands => ({
  start: `sudo systemctl start ${name}`,
  stop: `sudo systemctl stop ${name}`,
  enable: `sudo systemctl enable ${name}`,
  disable: `sudo systemctl disable ${name}`,
  explain: `journalctl -u ${name}`,
});

export const openrcCommands = (name: string): ServiceCommands => ({
  start: `sudo rc-service ${name} start`,
  stop: `sudo rc-service ${name} stop`,
  enable: `sudo rc-update add ${name}`,
  disable: `sudo rc-update del ${name}`,
  explain: `rc-service ${name} status`,
});
