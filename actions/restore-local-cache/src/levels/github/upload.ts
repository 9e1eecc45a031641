import { openAsBlob } from 'node:fs';
import type { Deadline } from '@runner-actions/core';
import { request } from './http.ts';

const blockBytes = 64 << 20;
const parallelParts = 4;

/**
 * Uploads a file to a signed address of Azure Blob Storage: up to 64 MiB in one request, larger files in blocks with a
 * block list. Source: Microsoft's pages "Put Blob", "Put Block" and "Put Block List".
 * @returns the size in bytes
 */
export async function uploadBlob(url: string, file: string, deadline: Deadline): Promise<number> {
  const content = await openAsBlob(file);
  if (content.size <= blockBytes) {
    const headers = { 'x-ms-blob-type': 'BlockBlob', 'content-type': 'application/octet-stream' };
    await request(url, { method: 'PUT', headers, body: content }, deadline);
    return content.size;
  }
  const separator = url.includes('?') ? '&' : '?';
  const ids = await uploadInParts(content, (part, index) => {
    const id = Buffer.from(String(index).padStart(8, '0')).toString('base64');
    const address = `${url}${separator}comp=block&blockid=${encodeURIComponent(id)}`;
    return { id, sent: request(address, { method: 'PUT', body: part }, deadline) };
  });
  const list = `<?xml version="1.0" encoding="utf-8"?><BlockList>${ids.map((id) => `<Latest>${id}</Latest>`).join('')}</BlockList>`;
  const headers = { 'content-type': 'application/xml' };
  await request(`${url}${separator}comp=blocklist`, { method: 'PUT', headers, body: list }, deadline);
  return content.size;
}

/** Uploads a file in chunks with content ranges, for the first protocol. @returns the size in bytes */
export async function uploadChunks(
  url: string,
  file: string,
  headers: Record<string, string>,
  deadline: Deadline,
): Promise<number> {
  const content = await openAsBlob(file);
  await uploadInParts(content, (part, index) => {
    const from = index * blockBytes;
    const range = `bytes ${from}-${from + part.size - 1}/*`;
    const sent = request(
      url,
      {
        method: 'PATCH',
        headers: { ...headers, 'content-type': 'application/octet-stream', 'content-range': range },
        body: part,
      },
      deadline,
    );
    return { id: range, sent };
  });
  return content.size;
}

/** Sends a few parts in parallel. @returns the ids of the parts, in order */
async function uploadInParts(
  content: Blob,
  send: (part: Blob, index: number) => { id: string; sent: Promise<Response> },
): Promise<string[]> {
  const count = Math.max(1, Math.ceil(content.size / blockBytes));
  const ids: string[] = [];
  for (let first = 0; first < count; first += parallelParts) {
    const indexes = Array.from(
      { length: Math.min(parallelParts, count - first) },
      (_, offset) => first + offset,
    );
    const some = indexes.map((index) =>
      send(content.slice(index * blockBytes, (index + 1) * blockBytes), index),
    );
    await Promise.all(some.map(({ sent }) => sent.then((response) => response.arrayBuffer())));
    ids.push(...some.map(({ id }) => id));
  }
  return ids;
}
