import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CacheEntry } from './entries.ts';

/** How the transfer of a blob fails. */
export type BlobFault = 'truncate' | 'stall' | 'break-once' | 'garbage';

const headers = { 'x-ms-request-id': '1', etag: '"1"' };

/**
 * Answers a request as Azure's blob store does. Supports the requests that the toolkit and our own client send.
 * Source: Microsoft's page "Put Block".
 */
export function answerBlobRequest(
  request: IncomingMessage,
  response: ServerResponse,
  entry: CacheEntry | undefined,
  { body, fault, afterFault }: { body: Buffer; fault: BlobFault | undefined; afterFault: () => void },
): void {
  if (entry === undefined) return void response.writeHead(404).end();
  const query = new URL(request.url ?? '/', 'http://x').searchParams;
  const common = { ...headers, 'last-modified': new Date().toUTCString() };
  if (request.method === 'PUT') {
    put(entry, query, body, request.headers['x-ms-blob-type']);
    return void response.writeHead(201, common).end();
  }
  if (request.method === 'HEAD')
    return void response.writeHead(200, { ...common, 'content-length': entry.body.length }).end();
  const [, rangeStart] = /^bytes=(\d+)-/.exec(request.headers.range ?? '') ?? [];
  const start = Number(rangeStart ?? 0);
  const part = fault === 'garbage' ? Buffer.alloc(entry.body.length, 'x') : entry.body.subarray(start);
  const range = { 'content-range': `bytes ${start}-${entry.body.length - 1}/${entry.body.length}` };
  response.writeHead(rangeStart === undefined ? 200 : 206, {
    ...common,
    'content-length': part.length,
    ...(rangeStart === undefined ? {} : range),
  });
  if (fault === 'stall') return void response.write(part.subarray(0, 1));
  if (fault === 'truncate' || fault === 'break-once') {
    if (fault === 'break-once') afterFault();
    response.write(part.subarray(0, Math.floor(part.length / 2)), () => response.destroy());
    return;
  }
  response.end(part);
}

function put(
  entry: CacheEntry,
  query: URLSearchParams,
  body: Buffer,
  type: string | string[] | undefined,
): void {
  const kind = query.get('comp');
  if (kind === 'block') entry.blocks.set(query.get('blockid') ?? '', body);
  else if (kind === 'blocklist') {
    const ids = [...body.toString().matchAll(/<Latest>([^<]*)<\/Latest>/g)].map(([, id]) => id ?? '');
    entry.body = Buffer.concat(ids.map((id) => entry.blocks.get(id) ?? Buffer.alloc(0)));
  } else if (type === 'BlockBlob') entry.body = body;
  else throw new Error('The upload of a blob has no header x-ms-blob-type: BlockBlob');
}
