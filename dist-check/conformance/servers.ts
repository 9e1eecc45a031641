import { spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A real server on 127.0.0.1, for the tests of one file. */
export interface RealServer {
  url: string;
  /** What it has printed, which may come after what it answered. */
  log(): string;
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** Program and arguments. */
  command: readonly string[];
  env?: Record<string, string>;
  /** Where it says its address; without it the address is `port`'s, and it is ready when it takes connections. */
  says?: RegExp;
  port?: number;
}

/** How long a server may take until it answers; a limit for what hangs. */
const patience = 300_000;

/**
 * Starts a server and waits until it answers. It runs under a keeper, which ends it when this process stops it or is gone.
 * @throws Error with what it printed when it ends or stays silent
 */
export async function startServer({ command, env, says, port }: ServerOptions): Promise<RealServer> {
  const keeper = spawn(process.execPath, [join(import.meta.dirname, 'keeper.ts'), ...command], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const ended = once(keeper, 'close');
  let log = '';
  for (const stream of [keeper.stdout, keeper.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (log += text));
  const stop = async (): Promise<void> => {
    keeper.stdin.end();
    await ended;
  };
  const until = performance.now() + patience;
  while (performance.now() < until && keeper.exitCode === null) {
    const said = says?.exec(log)?.[1];
    if (said !== undefined) return { url: said, log: () => log, stop };
    if (port !== undefined && (await takesConnections(port)))
      return { url: `http://127.0.0.1:${port}`, log: () => log, stop };
    await sleep(50);
  }
  await stop();
  throw new Error(`${command.join(' ')} did not start: ${log}`);
}

async function takesConnections(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  }).finally(() => socket.destroy()) as Promise<boolean>;
}

/**
 * A port that nobody has now, for servers that do not say which one they took. Below those that the system gives to whoever asks
 * for any: else another process could get it before the server does.
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
