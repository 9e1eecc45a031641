import { createHmac, randomUUID } from 'node:crypto';
import { type Server, startServer } from './start-server.ts';

// The account that Azurite creates, and its key. Source: Microsoft's page "Use the Azurite emulator for local Azure
// Storage development".
const account = 'devstoreaccount1';
const accountKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';
/** A version of the protocol with few fields in the text to sign. */
const version = '2019-12-12';

/** An Azurite server with one container, in memory. */
export interface Blobs extends Server {
  /**
   * Returns a signed URL as GitHub's service does: for one blob, valid for an hour.
   *
   * @param change a proxy's URL, another expiry
   */
  sign(id: number, change?: { base?: string; expires?: Date }): string;
  /** Returns the number of log lines that match. The log has one line per request. */
  count(line: RegExp): number;
}

/** Starts Azurite and creates a container. @param program path of `azurite-blob` */
export async function startAzurite(program: string): Promise<Blobs> {
  const flags = ['--inMemoryPersistence', '--skipApiVersionCheck', '--disableTelemetry'];
  const server = await startServer({
    command: [program, ...flags, '--blobHost', '127.0.0.1', '--blobPort', '0'],
    addressPattern: /successfully listens on (http:\S+)/,
  });
  const container = `caches-${randomUUID()}`;
  const made = await fetch(`${server.url}/${account}/${container}?restype=container&${signAccount()}`, {
    method: 'PUT',
  });
  if (!made.ok) throw new Error(`Azurite did not create the container: ${made.status} ${await made.text()}`);
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

/** Returns the query that allows access to one blob. Source: Microsoft's page "Create a service SAS". */
function signBlob(resource: string, expires = inAnHour()): URLSearchParams {
  const [permissions, expiry] = ['rcw', stamp(expires)];
  const identity = ['', '', '', version, 'b', ''];
  const headers = ['', '', '', '', ''];
  return new URLSearchParams({
    ...{ sv: version, sr: 'b', sp: permissions, se: expiry },
    sig: signatureOf([permissions, '', expiry, resource, ...identity, ...headers]),
  });
}

/** Returns the query that allows creating containers. Source: Microsoft's page "Create an account SAS". */
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
