import { isUnknown } from '@runner-actions/host';
import type { ServiceRequirement } from '@runner-actions/manifest';
import { judgeService } from '../services/service.ts';
import { findUnit, readOpenrcService, serviceManager } from '../services/services-io.ts';
import { openrcCommands, systemdCommands, unitName } from '../services/systemd.ts';
import type { Kind } from './kind.ts';

/** A service that runs, or that starts with the machine. */
export const service = {
  async check(requirement, machine) {
    const manager = serviceManager();
    const wanted = 'an answer of the service manager';
    if (isUnknown(manager)) return { status: 'error', found: manager.unknown, wanted };
    if (manager === 'openrc') {
      const name = requirement.name.replace(/\.service$/, '');
      return judgeService(requirement, readOpenrcService(name), openrcCommands(name));
    }
    const name = unitName(requirement.name);
    const found = await findUnit(name, machine);
    if (isUnknown(found)) return { status: 'error', found: found.unknown, wanted };
    return judgeService(requirement, found, systemdCommands(name));
  },
} satisfies Kind<ServiceRequirement>;
