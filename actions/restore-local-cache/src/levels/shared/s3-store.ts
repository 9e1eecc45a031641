import { createWriteStream, openAsBlob } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { type Deadline, registerSecret } from '@runner-actions/core';
import { readBoundedText, getStream, maxReasonBytes, readShortText } from '../http-responses.ts';
import type { Listed, ObjectStore } from './object-store.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** How many pages of a listing are read, 1000 names each. */
const maxListingPages = 20;

/** A bucket, and how to sign and send requests to it. */
interface Bucket {
  /** The address of an object. The address of the bucket for an empty name. */
  urlOf(name: string): string;
  /** The prefix of all names. Empty: no prefix. */
  folder: string;
  send(url: string, init?: RequestInit): Promise<Response>;
  /** For downloads that may be large. */
  open(url: string, headers: Record<string, string>): Promise<IncomingMessage>;
}

/**
 * Opens a bucket of S3 or of a compatible service. Endpoint, region and credentials come from the standard variables
 * `AWS_*`. Objects appear atomically; `If-None-Match` lets the first of two savers win.
 * @throws Error if there are no credentials: runs of forks have no secrets, and must not fail because of that
 */
export async function openS3(
  address: string,
  environment: Environment,
  deadline: Deadline,
): Promise<ObjectStore> {
  const [name = '', ...path] = address.slice('s3://'.length).split('/');
  const folder = path.filter(Boolean).join('/');
  const client = await createClient(address, environment);
  const base = `${endpointOf(environment).replace(/\/$/, '')}/${name}`;
  const bucket: Bucket = {
    urlOf: (object) =>
      [base, ...`${folder}/${object}`.split('/').filter(Boolean).map(encodeURIComponent)].join('/'),
    folder,
    // A signature is valid for one address only, and `fetch` would send the session token to whichever host is named.
    send: (url, init = {}) => client.fetch(url, { ...init, redirect: 'manual', signal: deadline.signal }),
    open: async (url, headers) => {
      const signed = await client.sign(url, { headers });
      return getStream(url, Object.fromEntries(signed.headers), deadline.signal);
    },
  };
  return {
    title: `the bucket ${name}`,
    list: (prefix) => list(bucket, base, prefix),
    has: (object) => has(bucket, object),
    get: (object, file, most, cut) => get(bucket, object, file, { most, cut }),
    put: (file, object, replace) => put(bucket, file, object, replace),
  };
}

function regionOf(environment: Environment): string {
  return environment['AWS_REGION'] || environment['AWS_DEFAULT_REGION'] || 'us-east-1';
}

function endpointOf(environment: Environment): string {
  const given = environment['AWS_ENDPOINT_URL_S3'] || environment['AWS_ENDPOINT_URL'];
  return given || `https://s3.${regionOf(environment)}.amazonaws.com`;
}

async function createClient(address: string, environment: Environment) {
  const { AwsClient } = await import('aws4fetch');
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = environment;
  if (!accessKeyId || !secretAccessKey) {
    throw new Error(
      `there are no credentials for ${address}: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the step's 'env'`,
    );
  }
  const sessionToken = environment['AWS_SESSION_TOKEN'] || undefined;
  for (const secret of [secretAccessKey, sessionToken ?? '']) registerSecret(secret);
  const session = sessionToken === undefined ? {} : { sessionToken };
  const region = regionOf(environment);
  return new AwsClient({ accessKeyId, secretAccessKey, ...session, service: 's3', region, retries: 2 });
}

/** Limit for a page of a listing, in bytes: 1000 names of at most 1,024 bytes, with their attributes. */
const listingLimit = 8 << 20;

async function list({ folder, send }: Bucket, base: string, prefix: string): Promise<Listed[]> {
  const found: Listed[] = [];
  let token = '';
  for (let page = 0; page < maxListingPages; page += 1) {
    const start = [folder, prefix].filter(Boolean).join('/');
    const query = new URLSearchParams({ 'list-type': '2', prefix: start });
    if (token !== '') query.set('continuation-token', token);
    const text = await readBoundedText(await expectOk(await send(`${base}?${query}`)), listingLimit);
    found.push(...parseListing(text, folder));
    token = decodeXml(xmlElements(text, 'NextContinuationToken')[0] ?? '');
    if (token === '') break;
  }
  return found;
}

async function has({ urlOf, send }: Bucket, name: string): Promise<boolean> {
  const response = await send(urlOf(name), { method: 'HEAD' });
  if (response.status === 404) return false;
  // A response to HEAD has no body, so it has no error message.
  if (!response.ok) await expectOk(await send(urlOf(name), { headers: { range: 'bytes=0-0' } }));
  return true;
}

async function get(
  { urlOf, open }: Bucket,
  name: string,
  file: string,
  { most, cut = false }: { most: number; cut?: boolean | undefined },
): Promise<void> {
  const headers: Record<string, string> = cut ? { range: `bytes=0-${most - 1}` } : {};
  const message = await open(urlOf(name), headers);
  const { statusCode: status = 0 } = message;
  if (status >= 300) throw responseError(status, await readShortText(message));
  const length = Number(message.headers['content-length'] ?? Number.NaN);
  let got = 0;
  message.on('data', (part: Buffer) => {
    got += part.length;
    if (got > most)
      message.destroy(new Error(`it has more than ${most} bytes, which do not fit on the disk`));
  });
  await pipeline(message, createWriteStream(file, { flags: 'wx', mode: 0o600 }));
  if (got !== length && !Number.isNaN(length)) throw new Error(`only ${got} of ${length} bytes arrived`);
}

async function put(
  { urlOf, send }: Bucket,
  file: string,
  name: string,
  replace = false,
): Promise<'saved' | 'exists'> {
  const headers: Record<string, string> = { 'content-type': 'application/octet-stream' };
  if (!replace) headers['if-none-match'] = '*';
  const response = await send(urlOf(name), { method: 'PUT', headers, body: await openAsBlob(file) });
  if ([409, 412].includes(response.status)) return 'exists';
  await expectOk(response);
  return 'saved';
}

async function expectOk(response: Response): Promise<Response> {
  if (response.ok) return response;
  const text = await readBoundedText(response, maxReasonBytes, true);
  const isRedirect = response.status >= 300 && response.status < 400;
  throw responseError(response.status, text, isRedirect ? redirectAdvice(response) : '');
}

function responseError(status: number, text: string, advice = ''): Error {
  const [code = ''] = xmlElements(text, 'Code');
  const [message = ''] = xmlElements(text, 'Message');
  return new Error(`S3 answered ${status} ${code} ${message.replace(/\.$/, '')}`.trim() + advice);
}

/** Returns what to set after a redirect. Amazon redirects to the region of the bucket, and names it in a header. */
function redirectAdvice({ url, headers }: Response): string {
  const region = /^[a-z\d-]{1,40}$/.exec(headers.get('x-amz-bucket-region') ?? '')?.[0];
  if (region !== undefined)
    return `. The bucket is in another region: set AWS_REGION to ${region} in the step's 'env', and AWS_ENDPOINT_URL, if it is set, to the endpoint of that region`;
  const location = headers.get('location');
  const isNamed = location !== null && URL.canParse(location, url);
  const target = isNamed ? new URL(location, url).origin : 'an address that it does not name';
  return `. It redirects to ${target}, and a signed request follows no redirect: set AWS_ENDPOINT_URL, and AWS_REGION if the region differs, to the service that holds the bucket in the step's 'env'`;
}

const entities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Returns the content of each element with that name, in one pass from start to end. */
function xmlElements(xml: string, name: string): string[] {
  const [, ...opened] = xml.split(`<${name}>`);
  return opened
    .map((rest) => rest.split(`</${name}>`, 2))
    .flatMap(([text = '', ...more]) => (more.length === 0 ? [] : [text]));
}

/** Decodes XML entities: the folder name may contain escaped characters. */
function decodeXml(xml: string): string {
  return xml.replaceAll(
    /&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi,
    (all, hex?: string, decimal?: string, name = '') => {
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return Number.isNaN(code) ? (entities[name] ?? all) : String.fromCodePoint(code);
    },
  );
}

/** Returns the packs in a page of ListObjectsV2. Other objects are left out. */
function parseListing(text: string, folder: string): Listed[] {
  const start = folder === '' ? 0 : folder.length + 1;
  return xmlElements(text, 'Contents').flatMap((content) => {
    const name = decodeXml(xmlElements(content, 'Key')[0] ?? '');
    const modified = Date.parse(xmlElements(content, 'LastModified')[0] ?? '');
    if (Number.isNaN(modified) || !name.endsWith('.pack')) return [];
    return [{ name: name.slice(start), modified }];
  });
}
