import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, type Server, startServer } from './start-server.ts';

export const secret = 'a-secret-that-no-log-may-show';

/** An S3 server with one bucket, stored in a temporary folder. */
export interface Bucket extends Server {
  name: string;
  /** The folder with the objects. Each object is a file with the object's key as its path. */
  folder: string;
  /** The environment variables for a client, which every S3 program reads. */
  env: Record<string, string>;
}

/**
 * Starts versitygw with a bucket. It stores the metadata of objects in separate files, because not every file system
 * has extended attributes.
 *
 * @param program path of `versitygw`
 */
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
