import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';

export interface Bucket {
  /** `s3://…` */
  address: string;
  env: Record<string, string>;
  objects: Map<string, Buffer>;
}

/** Starts an S3 server with one bucket in memory until the test ends. It does not check signatures. */
export async function startBucket(): Promise<Bucket> {
  const objects = new Map<string, Buffer>();
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://s3');
    const name = decodeURIComponent(pathname).slice('/bucket/'.length);
    const found = objects.get(name);
    if (request.method === 'PUT') {
      const body = await buffer(request);
      const isTaken = request.headers['if-none-match'] === '*' && found !== undefined;
      if (!isTaken) objects.set(name, body);
      return response.writeHead(isTaken ? 412 : 200).end();
    }
    if (searchParams.has('list-type')) {
      const names = [...objects.keys()].filter((one) => one.startsWith(searchParams.get('prefix') ?? ''));
      const contents = names.map(
        (one) => `<Key>${one}</Key><LastModified>2026-01-01T00:00:00Z</LastModified>`,
      );
      return response.end(contents.map((one) => `<Contents>${one}</Contents>`).join(''));
    }
    return response.writeHead(found === undefined ? 404 : 200).end(found);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const keys = {
    AWS_ACCESS_KEY_ID: 'id',
    AWS_SECRET_ACCESS_KEY: 'a secret of the bucket',
    AWS_REGION: 'us-east-1',
  };
  const env = { ...keys, AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` };
  return { address: 's3://bucket/folder', env, objects };
}
