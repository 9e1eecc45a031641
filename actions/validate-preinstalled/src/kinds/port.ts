import { isUnknown } from '@runner-actions/host';
import type { PortRequirement } from '@runner-actions/manifest';
import { findUser } from '../accounts/accounts-io.ts';
import { type ListeningSocket, socketsAt } from '../network/sockets.ts';
import { acceptsConnections, readSockets } from '../network/sockets-io.ts';
import type { Finding, Kind, Machine } from './kind.ts';

/**
 * A port of this machine. Whether it is free is read too, and not tried: to bind it would open it for a moment, and
 * could take it from another job that is about to use it.
 */
export const port = {
  async check(requirement, machine) {
    const { port, protocol = 'tcp', address } = requirement.spec;
    const wanted = requirement.spec.is ?? 'listening';
    if (process.platform !== 'linux') return checkByConnection(requirement, machine, wanted);
    const sockets = await machine.once(`sockets ${protocol}`, async () => readSockets(protocol));
    if (isUnknown(sockets)) return { status: 'error', found: sockets.unknown, wanted };
    const [socket] = socketsAt(sockets, port, address);
    if (wanted === 'free')
      return socket === undefined
        ? { status: 'pass', found: 'free', wanted }
        : taken(socket, requirement, wanted, machine);
    if (socket !== undefined) return { status: 'pass', found: `listening on ${socket.address}`, wanted };
    return notListening(requirement, sockets, wanted);
  },
} satisfies Kind<PortRequirement>;

async function taken(
  { address, uid }: ListeningSocket,
  { spec: { port, protocol = 'tcp' } }: PortRequirement,
  wanted: string,
  machine: Machine,
): Promise<Finding> {
  const user = await findUser(String(uid), machine);
  const name = user === undefined || isUnknown(user) ? `the user with the id ${uid}` : user.name;
  const flags = protocol === 'tcp' ? '-ltnp' : '-lunp';
  return {
    ...{ status: 'fail', found: `taken on ${address} by a process of ${name}`, wanted },
    advice: `Find it with 'sudo ss ${flags} sport = :${port}', and stop it.`,
  };
}

function notListening(
  { spec: { port } }: PortRequirement,
  sockets: readonly ListeningSocket[],
  wanted: string,
): Finding {
  const elsewhere = sockets.filter((one) => one.port === port).map(({ address }) => address);
  const found =
    elsewhere.length === 0 ? 'nothing listens' : `listening on ${elsewhere.slice(0, 5).join(', ')} only`;
  const advice =
    'Start the service. In a job in a container, services have addresses of their own: use their names.';
  return { status: 'fail', found, wanted, advice };
}

async function checkByConnection(
  { spec: { port, protocol = 'tcp', address } }: PortRequirement,
  { deadline }: Machine,
  wanted: string,
): Promise<Finding> {
  if (protocol === 'udp')
    return { status: 'error', found: `UDP ports cannot be read on ${process.platform}`, wanted };
  const tried = address === undefined ? ['127.0.0.1', '::1'] : [address];
  const answers = await Promise.all(tried.map((one) => acceptsConnections(port, one, deadline.signal)));
  const listens = answers.includes(true);
  if (!listens && answers[0] === undefined) return { status: 'error', found: 'no answer', wanted };
  const found = listens ? 'listening' : 'nothing listens';
  if (listens === (wanted === 'listening')) return { status: 'pass', found, wanted };
  return {
    status: 'fail',
    found,
    wanted,
    advice: listens ? 'Stop what listens there.' : 'Start the service.',
  };
}
