import { askHelper, messageOf } from '@runner-actions/core';
import {
  endProcesses,
  type HostProcess,
  listProcesses,
  type MaybeUnknown,
  runningHelpers,
} from '@runner-actions/host';
import type { ProcessTable } from './processes.ts';

/**
 * The processes of this machine. On Linux only: elsewhere, or without `/proc`, the list is unknown. A helper process lists
 * them, because reading the environment of one that waits for a dead file system may block.
 * @param temp `_temp`, where helpers of Runner Actions are recorded
 */
export function machineProcesses(temp: string): ProcessTable {
  return {
    list: async (deadline) => {
      if (process.platform !== 'linux') return listProcesses();
      try {
        return (await askHelper('list-processes', {}, deadline)) as MaybeUnknown<HostProcess[]>;
      } catch (error) {
        return { unknown: `Processes cannot be listed: ${messageOf(error)}` };
      }
    },
    helpers: () => runningHelpers(temp),
    end: endProcesses,
  };
}
