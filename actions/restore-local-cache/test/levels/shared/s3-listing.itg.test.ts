import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDeadline } from '@runner-actions/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openS3 } from '../../../src/levels/shared/s3-store.ts';

/** Starts an HTTP server. @returns its address */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Starts an S3 server that returns this text for every request. */
async function answering(status: number, text: string, headers: Record<string, string> = {}) {
  const address = await serve((_request, response) => response.writeHead(status, headers).end(text));
  const keys = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'key', AWS_SESSION_TOKEN: 'session' };
  const environment = { ...keys, AWS_REGION: 'us-east-1', AWS_ENDPOINT_URL: address };
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

describe('a redirect of an S3 server', () => {
  it.each([301, 302, 307, 308])(
    'reaches no other host, and the error says what to set: %i',
    async (status) => {
      const received: IncomingHttpHeaders[] = [];
      const other = await serve(({ headers }, response) => {
        received.push(headers);
        response.end();
      });
      const store = await answering(status, '', { location: `${other}/bucket` });
      const file = join(mkdtempSync(join(tmpdir(), 's3-')), 'file');
      writeFileSync(file, 'pack');
      const requests = [store.list(''), store.has('a.pack'), store.put(file, 'a.pack', true)];
      const results = await Promise.allSettled(requests);
      expect(received).toEqual([]);
      const advice = `S3 answered ${status}. It redirects to ${other}, and a signed request follows no redirect: set AWS_ENDPOINT_URL`;
      for (const result of results)
        expect(result).toMatchObject({ reason: { message: expect.stringContaining(advice) as string } });
    },
  );

  it('names the region of the bucket if the server does', async () => {
    const text = '<Error><Code>PermanentRedirect</Code><Message>Use the endpoint.</Message></Error>';
    const store = await answering(301, text, { 'x-amz-bucket-region': 'eu-west-1' });
    await expect(store.list('')).rejects.toThrow(
      'S3 answered 301 PermanentRedirect Use the endpoint. The bucket is in another region: set AWS_REGION to eu-west-1',
    );
  });

  it('is reported if it names no address', async () => {
    await expect((await answering(307, '')).list('')).rejects.toThrow('an address that it does not name');
  });
});
