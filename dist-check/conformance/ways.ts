import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** An address that leads to a real server, and goes wrong on the way. */
export interface Way {
  url: string;
  /** How often it went wrong. */
  count(): number;
  stop(): Promise<void>;
}

/** Passes what it is given on, or keeps it. */
type Pass = (part: Buffer, go: () => void, ends: Ends) => void;

interface Ends {
  client: Socket;
  server: Socket;
}

/** Breaks off once, after some bytes of answers. */
export function breakingWay(to: string, after: number): Promise<Way> {
  let passed = 0;
  let count = 0;
  return openWay(to, {
    count: () => count,
    answer(part, go, { client }) {
      passed += part.length;
      if (count > 0 || passed < after) return go();
      count += 1;
      client.destroy();
    },
  });
}

/** Lets requests that begin so wait until there are `together`, and then go on at once. */
export function gatedWay(to: string, begin: string, together: number): Promise<Way> {
  const waiting: (() => void)[] = [];
  let count = 0;
  return openWay(to, {
    count: () => count,
    ask(part, go) {
      if (count > 0 || !part.subarray(0, begin.length).equals(Buffer.from(begin))) return go();
      waiting.push(go);
      if (waiting.length < together) return;
      count += 1;
      for (const one of waiting) one();
    },
  });
}

const straight: Pass = (_part, go) => go();

async function openWay(
  to: string,
  { ask = straight, answer = straight, count }: { ask?: Pass; answer?: Pass; count: () => number },
): Promise<Way> {
  const open = new Set<Socket>();
  const { hostname, port } = new URL(to);
  const listener = createServer((client) => {
    const ends: Ends = { client, server: connect(Number(port), hostname) };
    const both = [ends.client, ends.server];
    for (const socket of both) {
      open.add(socket);
      // Either end breaks off: so does the other. What is wrong shows at the client.
      socket.on('error', () => undefined).on('close', () => both.forEach((one) => one.destroy()));
    }
    carry(ends.client, ends.server, (part, go) => ask(part, go, ends));
    carry(ends.server, ends.client, (part, go) => answer(part, go, ends));
  }).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    url: `http://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    count,
    async stop() {
      for (const socket of open) socket.destroy();
      listener.close();
      await once(listener, 'close');
    },
  };
}

/** One part after the other, as fast as the far end takes them. */
function carry(from: Socket, to: Socket, pass: (part: Buffer, go: () => void) => void): void {
  from.on('data', (part: Buffer) => {
    from.pause();
    pass(part, () => {
      if (to.write(part)) from.resume();
      else to.once('drain', () => from.resume());
    });
  });
  from.on('end', () => to.end());
}
