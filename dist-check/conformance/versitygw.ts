import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type RealServer, startServer } from './servers.ts';

export const secret = 'a-secret-that-no-log-may-show';

/** A bucket that lies in a folder of this machine. */
export interface Bucket extends RealServer {
  name: string;
  /** Where its objects are, as files of their names. */
  folder: string;
  /** The variables that every S3 program reads. */
  env: Record<string, string>;
}

/** S3 over a temporary folder. What belongs to objects besides is kept in files, since not every file system has attributes. */
export async function startVersity(program: string): Promise<Bucket> {
  const root = mkdtempSync(join(tmpdir(), 's3-'));
  const [objects, metadata, name] = [join(root, 'objects'), join(root, 'metadata'), 'ci-cache'];
  for (const folder of [objects, metadata, join(objects, name)]) mkdirSync(folder);
  const port = await freePort();
  const server = await startServer({
    command: [program, '--port', `127.0.0.1:${port}`, 'posix', '--sidecar', metadata, objects],
    env: { ROOT_ACCESS_KEY: 'access', ROOT_SECRET_KEY: secret },
    port,
  });
  return {
    ...server,
    name,
    folder: join(objects, name),
    env: {
      AWS_ENDPOINT_URL: server.url,
      AWS_ACCESS_KEY_ID: 'access',
      AWS_SECRET_ACCESS_KEY: secret,
    },
  };
}
