import { createHmac, randomUUID } from 'node:crypto';
import { type RealServer, startServer } from './servers.ts';

// The account that Azurite has, and its key. Source: Microsoft's page "Use the Azurite emulator for local Azure Storage development".
const account = 'devstoreaccount1';
const accountKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
/** A version whose texts to sign are the short ones. */
const version = '2019-12-12';

/** A container of blobs in memory. */
export interface Blobs extends RealServer {
  /** A signed address as GitHub's service gives: this blob only, for an hour. @param base another way to the server */
  sign(id: number, change?: { base?: string; expires?: Date }): string;
  /** How often a request was made whose line matches. */
  count(line: RegExp): number;
}

/** @param program azurite-blob */
export async function startAzurite(program: string): Promise<Blobs> {
  const flags = ['--inMemoryPersistence', '--skipApiVersionCheck', '--disableTelemetry'];
  const server = await startServer({
    command: [program, ...flags, '--blobHost', '127.0.0.1', '--blobPort', '0'],
    says: /successfully listens on (http:\S+)/,
  });
  const container = `caches-${randomUUID()}`;
  const made = await fetch(`${server.url}/${account}/${container}?restype=container&${signAccount()}`, {
    method: 'PUT',
  });
  if (!made.ok) throw new Error(`No container: ${made.status} ${await made.text()}`);
  return {
    ...server,
    sign: (id, { base = server.url, expires } = {}) =>
      `${base}/${account}/${container}/${id}?${signBlob(`/blob/${account}/${container}/${id}`, expires)}`,
    count: (line) =>
      server
        .log()
        .split('\n')
        .filter((text) => line.test(text)).length,
  };
}

/** Source: Microsoft's page "Create a service SAS". */
function signBlob(resource: string, expires = inAnHour()): URLSearchParams {
  const [permissions, expiry] = ['rcw', stamp(expires)];
  const identity = ['', '', '', version, 'b', ''];
  const headers = ['', '', '', '', ''];
  return new URLSearchParams({
    ...{ sv: version, sr: 'b', sp: permissions, se: expiry },
    sig: signatureOf([permissions, '', expiry, resource, ...identity, ...headers]),
  });
}

/** To make containers. Source: Microsoft's page "Create an account SAS". */
function signAccount(): URLSearchParams {
  const [permissions, services, types, expiry] = ['cw', 'b', 'c', stamp(inAnHour())];
  return new URLSearchParams({
    ...{ sv: version, ss: services, srt: types, sp: permissions, se: expiry },
    sig: signatureOf([account, permissions, services, types, '', expiry, '', '', version, '']),
  });
}

function signatureOf(lines: readonly string[]): string {
  return createHmac('sha256', Buffer.from(accountKey, 'base64')).update(lines.join('\n')).digest('base64');
}

const inAnHour = (): Date => new Date(Date.now() + 3_600_000);
const stamp = (date: Date): string => date.toISOString().replace(/\.\d+Z$/, 'Z');
