import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A running server on 127.0.0.1. */
export interface Server {
  url: string;
  /** Returns what the server has printed. A line can appear later than the response that it describes. */
  log(): string;
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** Program and arguments. */
  command: readonly string[];
  env?: Record<string, string>;
  /**
   * Matches the output that contains the server's URL, as the first group. The server is ready when it has printed
   * this.
   */
  addressPattern?: RegExp;
  /** Without `addressPattern`: the port of the server. The server is ready when it accepts connections on it. */
  port?: number;
}

/** Milliseconds until a server must be ready. The limit only catches servers that hang. */
const startTimeout = 300_000;

/**
 * Starts a server and waits until it is ready. A supervisor process ends the server when `stop` is called or this
 * process ends.
 *
 * @throws Error with the server's output if it ends or is not ready in time
 */
export async function startServer({ command, env, addressPattern, port }: ServerOptions): Promise<Server> {
  const supervisor = spawn(process.execPath, [join(import.meta.dirname, 'supervisor.ts'), ...command], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const ended = once(supervisor, 'close');
  let log = '';
  for (const stream of [supervisor.stdout, supervisor.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (log += text));
  const stop = async (): Promise<void> => {
    supervisor.stdin.end();
    await ended;
  };
  const until = performance.now() + startTimeout;
  while (performance.now() < until && supervisor.exitCode === null) {
    const url = addressPattern?.exec(log)?.[1];
    if (url !== undefined) return { url, log: () => log, stop };
    if (port !== undefined && (await acceptsConnections(port)))
      return { url: `http://127.0.0.1:${port}`, log: () => log, stop };
    await sleep(50);
  }
  await stop();
  throw new Error(`${command.join(' ')} did not start: ${log}`);
}

async function acceptsConnections(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  }).finally(() => socket.destroy()) as Promise<boolean>;
}

/**
 * Returns a port that is free now, for servers that cannot choose one themselves. It is below the range from which the
 * system assigns ports, so that the system cannot assign it to another process before the server starts.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_768);
    const server = createServer().listen(port, '127.0.0.1');
    try {
      await once(server, 'listening');
    } catch {
      continue;
    }
    server.close();
    await once(server, 'close');
    return port;
  }
}
