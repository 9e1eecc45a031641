import { messageOf } from '@runner-actions/core';
import { type ContainerEngine, EngineError, isUnknown, openEngine } from '@runner-actions/host';
import type { EngineRequirement } from '@runner-actions/manifest';
import { findGroup, ownUser } from '../accounts/accounts-io.ts';
import { explainMembership } from '../accounts/membership.ts';
import { membershipOf } from '../accounts/membership-io.ts';
import type { Finding, Machine } from '../kinds/kind.ts';
import { lookAtPath, remoteMountOf } from '../paths/ask-path-io.ts';
import { unusedRootlessSocket } from './engine-address-io.ts';

type Fault = Pick<Finding, 'status' | 'found' | 'advice'>;

/** Milliseconds between two tries. */
const pause = 500;

/** Failures that end by themselves, when the engine starts. */
const mayChange = ['ENOENT', 'ENOTDIR', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE'];

/**
 * Connects to an engine. If it may still be starting, as a sidecar does, tries again.
 * @param wait milliseconds
 */
export async function connect(
  requirement: EngineRequirement,
  { socket, from }: { socket: string; from: string },
  machine: Machine,
): Promise<ContainerEngine | Fault> {
  const { wait = 0 } = requirement.spec;
  const mount = remoteMountOf(socket, machine.job.workspace);
  if (mount !== undefined)
    return {
      status: 'error',
      found: `${socket} is on ${mount.mountPoint} (${mount.type}), which is not asked`,
    };
  const limit = machine.deadline.limit(wait);
  for (;;) {
    try {
      return await openEngine(socket, machine.deadline);
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      const { code = '', status = 0 } = error;
      const isStarting = mayChange.includes(code) || status >= 500;
      if (isStarting && limit.remaining() > pause) {
        await new Promise((resolve) => setTimeout(resolve, pause));
        continue;
      }
      const fault = await explain(error, requirement.name, `${socket} (${from})`, socket, machine);
      const waited =
        isStarting && wait > 0 ? `${fault.found}, after ${Math.round(wait / 1000)} s` : fault.found;
      return { ...fault, found: waited };
    }
  }
}

const startCommand = {
  docker: "Start it: 'sudo systemctl start docker'. As a sidecar it may come late: 'wait' gives it time.",
  podman: "Start it: 'systemctl --user enable --now podman.socket', or as root without '--user'.",
};

async function explain(
  error: EngineError,
  name: EngineRequirement['name'],
  place: string,
  socket: string,
  machine: Machine,
): Promise<Fault> {
  const { code = '' } = error;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    const other = name === 'docker' ? await unusedRootlessSocket(socket, machine) : undefined;
    if (other === undefined)
      return {
        status: 'fail',
        found: `no socket at ${place}`,
        advice: `Install ${name}, unless it is there. ${startCommand[name]}`,
      };
    const advice = `Set DOCKER_HOST=unix://${other}, or run 'docker context use rootless'.`;
    return { status: 'fail', found: `no socket at ${place}, but a rootless engine at ${other}`, advice };
  }
  if (code === 'ECONNREFUSED')
    return {
      status: 'fail',
      found: `nothing answers at ${place}: the daemon is not running`,
      advice: startCommand[name],
    };
  if (code === 'EACCES' || code === 'EPERM') return explainAccess(place, socket, machine);
  return { status: 'error', found: `${place}: ${messageOf(error)}`, advice: startCommand[name] };
}

async function explainAccess(place: string, socket: string, machine: Machine): Promise<Fault> {
  const user = await ownUser(machine);
  const facts = await lookAtPath(socket, machine);
  const group = 'gid' in facts ? await findGroup(String(facts.gid), machine) : undefined;
  const found = `${user.name} may not use ${place}`;
  if (group === undefined || isUnknown(group))
    return { status: 'fail', found, advice: `Give ${user.name} access to ${socket}.` };
  const { membership } = await membershipOf(group, machine);
  if (membership === 'in')
    return { status: 'fail', found, advice: `Give the group ${group.name} the right to write ${socket}.` };
  const why = explainMembership(membership, user, group);
  return { status: 'fail', found: `${found}: ${why.found}`, advice: why.advice };
}
