/** A socket that takes connections or packets. */
export interface ListeningSocket {
  /** As written by `net.SocketAddress`, without a zone. */
  address: string;
  port: number;
  /** The user that opened it. */
  uid: number;
}

/**
 * Parses the tables /proc/net/tcp, tcp6, udp and udp6. Source: the kernel's Documentation/networking/proc_net_tcp.rst.
 * Keeps sockets that listen (0A), and for UDP those that are bound and not connected (07).
 * @param littleEndian whether the words of an address are in that order, as on x64 and arm64
 */
export function parseSockets(text: string, protocol: 'tcp' | 'udp', littleEndian = true): ListeningSocket[] {
  const wanted = protocol === 'tcp' ? '0A' : '07';
  return text.split('\n').flatMap((line) => {
    const [, local = '', , state, , , , uid = ''] = line.trim().split(/\s+/);
    const [, digits, port] = /^([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4})$/.exec(local) ?? [];
    if (digits === undefined || port === undefined || state !== wanted) return [];
    return [
      {
        address: addressOf(digits, littleEndian),
        port: Number.parseInt(port, 16),
        uid: /^\d+$/.test(uid) ? Number(uid) : -1,
      },
    ];
  });
}

/** Converts the hexadecimal words of an address. Each word of four bytes is in the order of the processor. */
function addressOf(digits: string, littleEndian: boolean): string {
  const bytes = Buffer.from(digits, 'hex');
  if (littleEndian) bytes.swap32();
  if (bytes.length === 4) return bytes.join('.');
  const isMapped = bytes.subarray(0, 10).every((byte) => byte === 0) && bytes.readUInt16BE(10) === 0xff_ff;
  if (isMapped) return bytes.subarray(12).join('.');
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  return normalAddress(groups.join(':'));
}

/** Returns an address in its shortest form, so that equal ones have equal texts. */
export function normalAddress(address: string): string {
  return address.includes(':') ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
}

/** Returns the sockets that take what is sent to a port at an address of this machine. */
export function socketsAt(
  sockets: readonly ListeningSocket[],
  port: number,
  address: string | undefined,
): ListeningSocket[] {
  const wanted = address === undefined ? undefined : normalAddress(address);
  const everywhere = wanted?.includes(':') === true ? ['::'] : ['0.0.0.0', '::'];
  return sockets.filter((one) => {
    if (one.port !== port) return false;
    // To bind to all addresses fails if one of them is taken.
    if (wanted === undefined || wanted === '0.0.0.0' || wanted === '::') return true;
    return one.address === wanted || everywhere.includes(one.address);
  });
}
