import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDeadline } from '@runner-actions/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openS3 } from '../../../src/levels/shared/s3-store.ts';

/** Starts an S3 server that returns this text for every request. */
async function answering(status: number, text: string) {
  const server = createServer((_request, response) => response.writeHead(status).end(text));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const keys = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'key', AWS_REGION: 'us-east-1' };
  const environment = { ...keys, AWS_ENDPOINT_URL: `http://127.0.0.1:${port}` };
  return openS3('s3://bucket/folder', environment, startDeadline(200_000));
}

const entry =
  '<Contents><Key>folder/a.pack</Key><LastModified>2026-01-01T00:00:00Z</LastModified></Contents>';

describe('responses of an S3 server', () => {
  it('lists only complete elements of a listing', async () => {
    const store = await answering(200, `${entry}<Contents><Key>folder/b.pack</Key></Contents>${entry}`);
    expect((await store.list('')).map(({ name }) => name)).toEqual(['a.pack', 'a.pack']);
  });

  it('lists nothing, in short time, for 4 MB of unclosed elements', async () => {
    const store = await answering(200, '<Contents>'.repeat(400_000));
    expect(await store.list('')).toEqual([]);
  });

  it('reports an error response, also one of 20 kB', async () => {
    const short = await answering(403, '<Error><Code>AccessDenied</Code><Message>No.</Message></Error>');
    await expect(short.list('')).rejects.toThrow('S3 answered 403 AccessDenied No');
    const long = await answering(403, '<Code></Code><Message>'.repeat(900));
    await expect(long.list('')).rejects.toThrow('S3 answered 403');
  });

  it('fetches no object that is larger than the limit', async () => {
    const store = await answering(200, 'x'.repeat(101));
    const file = join(mkdtempSync(join(tmpdir(), 's3-')), 'file');
    await store.get('a.pack', file, 101);
    expect(readFileSync(file, 'utf8')).toHaveLength(101);
    await expect(store.get('a.pack', file, 100)).rejects.toThrow('more than 100 bytes');
  });
});
