import { type Deadline, registerSecret } from '@runner-actions/core';
import { request, ServiceError } from './http.ts';
import { readBoundedText } from '../http-responses.ts';
import { uploadBlob, uploadChunks } from './upload.ts';

/** GitHub's cache service, with the protocol version that the runner offers. */
export interface CacheService {
  /** Finds the entry for the first key that has one, the exact key before prefixes, and its download URL. */
  lookUp(
    keys: readonly string[],
    version: string,
    deadline: Deadline,
  ): Promise<{ key: string; url: string } | undefined>;
  /** Reserves a place for an entry before it is packed. `exists`: there is nothing to save. */
  reserve(key: string, version: string, deadline: Deadline): Promise<Reservation | 'exists'>;
}

interface Reservation {
  upload(file: string, deadline: Deadline): Promise<void>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Opens the cache service. `undefined` if the runner offers none.
 * Sources: `@actions/cache` 6.3: `config.ts` for which protocol, `cacheTwirpClient.ts` and `cacheHttpClient.ts` for
 * both.
 */
export function openCacheService(environment: Environment, serverUrl: string): CacheService | undefined {
  const token = environment['ACTIONS_RUNTIME_TOKEN'] || undefined;
  if (token !== undefined) registerSecret(token);
  const authorization: Headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const headers = { ...authorization, 'content-type': 'application/json' };
  const results = environment['ACTIONS_RESULTS_URL'] || undefined;
  const usesV2 = (environment['ACTIONS_CACHE_SERVICE_V2'] ?? '') !== '' && !isEnterpriseServer(serverUrl);
  const known = token === undefined ? undefined : results;
  if (usesV2) return known === undefined ? undefined : openServiceV2(new URL(known).origin, headers);
  // act sets an address that is enough, and no token.
  const first = environment['ACTIONS_CACHE_URL'] || known;
  return first === undefined
    ? undefined
    : openServiceV1(`${first.replace(/\/$/, '')}/_apis/artifactcache`, headers);
}

function isEnterpriseServer(serverUrl: string): boolean {
  const { hostname } = new URL(serverUrl);
  return !['github.com', '.ghe.com', '.localhost'].some(
    (name) => hostname === name || hostname.endsWith(name),
  );
}

type Headers = Record<string, string>;

function openServiceV2(origin: string, headers: Headers): CacheService {
  const service = `${origin}/twirp/github.actions.results.api.v1.CacheService`;
  const call = async (method: string, body: object, deadline: Deadline, accept: number[] = []) => {
    const init = { method: 'POST', headers, body: JSON.stringify(body) };
    const response = await request(`${service}/${method}`, init, deadline, accept);
    return { status: response.status, reply: (await readJson(response)) as Record<string, unknown> };
  };
  return {
    async lookUp([key = '', ...restoreKeys], version, deadline) {
      const body = { key, restore_keys: restoreKeys, version };
      const { reply } = await call('GetCacheEntryDownloadURL', body, deadline);
      if (reply['ok'] !== true) return undefined;
      return {
        key: withRequestedCase(String(reply['matched_key']), key),
        url: String(reply['signed_download_url']),
      };
    },
    async reserve(key, version, deadline) {
      const { status, reply } = await call('CreateCacheEntry', { key, version }, deadline, [409]);
      if (status === 409) return 'exists';
      if (reply['ok'] !== true)
        throw new ServiceError(
          String(reply['message'] || 'the service did not reserve the entry and gave no reason'),
        );
      const url = String(reply['signed_upload_url']);
      return {
        async upload(file, within) {
          const size = await uploadBlob(url, file, within);
          const body = { key, version, size_bytes: String(size) };
          const done = await call('FinalizeCacheEntryUpload', body, within);
          if (done.reply['ok'] !== true)
            throw new ServiceError(
              String(done.reply['message'] || 'the service did not accept the upload and gave no reason'),
            );
        },
      };
    },
  };
}

function openServiceV1(service: string, headers: Headers): CacheService {
  const accept = { ...headers, accept: 'application/json;api-version=6.0-preview.1' };
  const post = (path: string, body: object, deadline: Deadline, statuses: number[] = []) =>
    request(
      `${service}/${path}`,
      { method: 'POST', headers: accept, body: JSON.stringify(body) },
      deadline,
      statuses,
    );
  return {
    async lookUp(keys, version, deadline) {
      const query = `keys=${encodeURIComponent(keys.join(','))}&version=${version}`;
      const response = await request(`${service}/cache?${query}`, { headers: accept }, deadline);
      if (response.status === 204) return undefined;
      const reply = (await readJson(response)) as Record<string, unknown>;
      const found = withRequestedCase(String(reply['cacheKey']), keys[0] ?? '');
      return { key: found, url: String(reply['archiveLocation']) };
    },
    async reserve(key, version, deadline) {
      const response = await post('caches', { key, version }, deadline, [400, 409]);
      if (response.status === 409) return 'exists';
      const reply = (await readJson(response)) as Record<string, unknown>;
      const id = reply['cacheId'];
      // The first protocol returns 400 too if the key exists.
      if (response.status === 400 && /already exist/i.test(JSON.stringify(reply))) return 'exists';
      if (typeof id !== 'number')
        throw new ServiceError(`${response.status} ${JSON.stringify(reply).slice(0, 300)}`);
      return {
        async upload(file, within) {
          const size = await uploadChunks(`${service}/caches/${id}`, file, accept, within);
          await post(`caches/${id}`, { size }, within);
        },
      };
    },
  };
}

/** Some services return keys in lower case. Source: `@actions/cache` 6.3, `isExactKeyMatch` of `actions/cache`. */
function withRequestedCase(found: string, key: string): string {
  return found.localeCompare(key, undefined, { sensitivity: 'accent' }) === 0 ? key : found;
}

/** Limit for a reply, in bytes. It contains only addresses and keys. */
const maxReplyBytes = 1 << 20;

async function readJson(response: Response): Promise<unknown> {
  const text = await readBoundedText(response, maxReplyBytes);
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ServiceError(`${response.status}, not JSON: ${text.slice(0, 100).replaceAll(/\s+/g, ' ')}`);
  }
}
