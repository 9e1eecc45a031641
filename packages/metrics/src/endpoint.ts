import { maskCredential, registerSecret, UserError } from '@runner-actions/core';

/** Where metrics go. The login of the address is only in `headers`. */
export interface Endpoint {
  url: URL;
  headers: Readonly<Record<string, string>>;
}

/**
 * Parses an address with an optional login: `https://user:password@metrics.example.com/base`. Masks the login.
 * @param input the name of the input, for errors
 * @throws UserError that does not quote the address, since it may contain a password
 */
export function parseEndpoint(input: string, text: string): Endpoint {
  const fail = (what: string): UserError =>
    new UserError(
      `The input ${input} ${what}. Write an address such as https://metrics.example.com or https://user:password@metrics.example.com.`,
    );
  if (!URL.canParse(text)) throw fail('is not an address');
  const url = new URL(text);
  const { username, password, protocol } = url;
  maskLogin(username, password);
  if (!['http:', 'https:'].includes(protocol)) throw fail('is not an address that begins with http');
  if (url.search !== '' || url.hash !== '') throw fail("has a '?' or a '#', which these servers do not use");
  if (/\/v1\/(?:metrics|traces)\/?$/.test(url.pathname))
    throw fail('ends in /v1/metrics or /v1/traces, which are added to it');
  let login: string;
  try {
    login = Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64');
  } catch {
    throw fail("has a '%' in its login that is not followed by a code; write it as %25");
  }
  [url.username, url.password] = ['', ''];
  if (login === asBase64(':')) return { url, headers: {} };
  registerSecret(login);
  return { url, headers: { authorization: `Basic ${login}` } };
}

/** Returns the address of `path` below the path of an endpoint. */
export function below({ url }: Endpoint, path: string): URL {
  const address = new URL(url);
  // `new URL(path, url)` would take a path that begins with `//` for another host.
  address.pathname = url.pathname.replace(/\/$/, '') + path;
  return address;
}

/** A user without a password is a token. */
function maskLogin(user: string, password: string): void {
  maskCredential(password === '' ? user : password);
}

/** Headers that belong to the request itself. */
const ownHeaders = new Set(
  'host connection content-length content-type content-encoding transfer-encoding upgrade expect te trailer'.split(
    ' ',
  ),
);

/**
 * Parses headers such as `api-key=SECRET,tenant=ci`. Masks each value. A value may be percent-encoded, which it must be if
 * it contains a comma. Source: OpenTelemetry, "OTLP exporter configuration", `OTEL_EXPORTER_OTLP_HEADERS`.
 * @param input the name of the input, for errors
 * @throws UserError that quotes no value
 */
export function parseHeaders(input: string, text: string): Record<string, string> {
  const items = text
    .split(/[,\n]/)
    .map((item) => item.trim())
    .filter((item) => item !== '');
  return Object.fromEntries(items.map((item, index) => parseHeader(input, item, index + 1)));
}

function parseHeader(input: string, item: string, place: number): [string, string] {
  const equals = item.indexOf('=');
  const [name, written] = [item.slice(0, equals).trim().toLowerCase(), item.slice(equals + 1).trim()];
  maskCredential(written);
  const value = decoded(written);
  // The first word may be a scheme, such as Bearer, which stands in other places too.
  for (const word of [value, ...value.split(' ').slice(1)]) maskCredential(word);
  const fail = (what: string): UserError =>
    new UserError(`The input ${input} ${what}. Write NAME=VALUE,NAME=VALUE, and %2C for a comma in a value.`);
  // Without a name, the item may be a secret.
  if (equals < 1 || !/^[\w!#$%&'*+.^`|~-]+$/.test(name))
    throw fail(`has no name of a header in item ${place}`);
  if (ownHeaders.has(name)) throw fail(`sets the header ${name}, which each request sets itself`);
  if (!/^[\x20-\x7e]*$/.test(value))
    throw fail(`has other than printable ASCII characters in the value of ${name}`);
  return [name, value];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function asBase64(text: string): string {
  return Buffer.from(text).toString('base64');
}
