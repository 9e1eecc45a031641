import { endianness } from 'node:os';
import { type MaybeUnknown, readKernelStart } from '@runner-actions/host';
import { type ListeningSocket, parseSockets } from './sockets.ts';

/** Bytes of one table: some 100,000 sockets. */
const limitBytes = 16 * 2 ** 20;

/** Reads the sockets that listen in the network of this process, without a process and without opening a port. */
export function readSockets(protocol: 'tcp' | 'udp'): MaybeUnknown<ListeningSocket[]> {
  if (process.platform !== 'linux') return { unknown: `ports cannot be read on ${process.platform}` };
  const tables = [`/proc/net/${protocol}`, `/proc/net/${protocol}6`].map((path) =>
    readKernelStart({}, path, limitBytes),
  );
  // Without IPv6, there is no second table.
  if (tables[0] === undefined) return { unknown: `/proc/net/${protocol} cannot be read` };
  if (tables.some((table) => (table?.length ?? 0) >= limitBytes))
    return { unknown: 'there are too many sockets' };
  return tables.flatMap((table) => parseSockets(table ?? '', protocol, endianness() === 'LE'));
}

/** Whether something takes TCP connections at an address; `undefined` if that is unknown. For systems without /proc. */
export async function acceptsConnections(
  port: number,
  address: string,
  signal: AbortSignal,
): Promise<boolean | undefined> {
  const { connect } = await import('node:net');
  return new Promise((resolve) => {
    const socket = connect({ port, host: address, signal });
    const finish = (answer: boolean | undefined): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(2_000, () => finish(undefined));
    socket.on('connect', () => finish(true));
    socket.on('error', ({ code }: NodeJS.ErrnoException) =>
      finish(code === 'ECONNREFUSED' ? false : undefined),
    );
  });
}
