import { setDefaultAutoSelectFamilyAttemptTimeout } from 'node:net';
import { messageOf } from './errors.ts';
import { registerSecret } from './secrets.ts';

/** The proxy variables in lower case, as Node's clients read them. A missing key means that no proxy is set. */
export type ProxySettings = Partial<Record<'http_proxy' | 'https_proxy' | 'no_proxy', string>>;

/**
 * Milliseconds for each address of a host. Node's default is 250 ms, which is less than a round trip over a satellite or
 * a slow VPN.
 */
const addressTimeout = 1_000;

/**
 * Prepares this process for requests: sets the connection timeout for each address of a host, and reads the proxy
 * variables. A lower-case variable overrides an upper-case one. An address without a scheme gets `http://`, as in curl
 * and GitHub's runner. Masks the passwords of proxies: the proxy's client prints its address if DEBUG is set.
 * @throws Error that names the variable if it is not the address of an HTTP proxy. The error does not quote the value,
 * which may contain a password
 */
export function prepareNetwork(environment: NodeJS.ProcessEnv = process.env): ProxySettings {
  setDefaultAutoSelectFamilyAttemptTimeout(addressTimeout);
  const settings: ProxySettings = {};
  for (const name of ['http_proxy', 'https_proxy', 'no_proxy'] as const) {
    const variable = [name, name.toUpperCase()].find((each) => environment[each]?.trim());
    if (variable === undefined) continue;
    const value = environment[variable]?.trim() ?? '';
    settings[name] = name === 'no_proxy' ? value : proxyAddress(variable, value);
  }
  return settings;
}

function proxyAddress(variable: string, value: string): string {
  const address = value.includes('://') ? value : `http://${value}`;
  maskCredential(/^[^:]*:\/\/[^:@]*:(.*)@/s.exec(address)?.[1] ?? '');
  try {
    const { protocol, username, password, pathname, search, hash } = new URL(address);
    maskCredential(password);
    // Clients decode the user and the password for the login.
    [username, password].forEach(decodeURIComponent);
    // A raw '#', '?' or '/' in the password would cut the address.
    const isCut = !['', '/'].includes(pathname) || search !== '' || hash !== '';
    if (['http:', 'https:'].includes(protocol) && !isCut) return address;
  } catch {
    // It is not a URL.
  }
  throw new Error(
    `${variable} is not the address of an HTTP proxy, such as http://user:password@proxy.example.com:3128`,
  );
}

/** Characters. A mask for a shorter text would hide parts of unrelated words in every line. */
const shortestMasked = 4;

/** Masks a part of a login as it is written in an address or a header, and decoded as it is sent. */
export function maskCredential(written: string): void {
  const forms = [written];
  try {
    forms.push(decodeURIComponent(written));
  } catch {
    // It is not encoded.
  }
  for (const form of forms) if (form.length >= shortestMasked) registerSecret(form);
}

/**
 * Returns the address of the proxy for a URL. Requests to this machine and to hosts of `no_proxy` use no proxy. The items
 * of that list are separated by commas or white space. An item is a host (with `.`, `*.` or nothing before it), which
 * also matches its subdomains; a host with a port; or `*` for all hosts.
 * @returns `undefined` if the request uses no proxy
 */
export function proxyFor(url: URL, settings: ProxySettings): string | undefined {
  const host = url.hostname.toLowerCase().replace(/^\[|\]$/g, '');
  const port = url.port || (url.protocol === 'http:' ? '80' : '443');
  const isBypassed = bypassedHosts(settings).some(({ name, port: only = port }) => {
    return only === port && (name === '*' || `.${host}`.endsWith(`.${name}`));
  });
  if (isBypassed || isLoopback(host)) return undefined;
  return url.protocol === 'http:' ? settings.http_proxy : settings.https_proxy;
}

/**
 * Returns the settings for `setGlobalProxyFromEnv` of Node. Its clients then use no proxy for the hosts for which
 * `proxyFor` uses none. On their own, `fetch` and `http.request` disagree about subdomains and about brackets of IPv6
 * addresses, and both use the proxy for this machine. Neither understands `*` with a port,
 * and `http.request` understands no subdomains of an item with a port.
 */
export function proxySettingsForNode(settings: ProxySettings): ProxySettings {
  const hosts = bypassedHosts(settings);
  // `fetch` understands a `*` only alone.
  if (hosts.some(({ name, port }) => name === '*' && port === undefined))
    return { ...settings, no_proxy: '*' };
  const forms = hosts.flatMap(({ name, port }) => {
    const end = port === undefined ? '' : `:${port}`;
    if (name.includes(':')) return [`[${name}]${end}`, ...(end === '' ? [name] : [])];
    return [`${name}${end}`, `.${name}${end}`];
  });
  return { ...settings, no_proxy: [...forms, 'localhost', '127.0.0.1', '::1', '[::1]'].join(',') };
}

/** Parses the items of `no_proxy`. Names are in lower case, and without the start that stands for subdomains. */
function bypassedHosts({ no_proxy: list = '' }: ProxySettings): { name: string; port: string | undefined }[] {
  return list.split(/[\s,]+/).flatMap((item) => {
    // An IPv6 address has brackets only if a port follows.
    const [, inBrackets, plain, port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(item) ?? [];
    const name = (inBrackets ?? plain ?? item).toLowerCase().replace(/^\*?\./, '');
    return name === '' ? [] : [{ name, port }];
  });
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127(?:\.\d+){3}$/.test(host);
}

const untrustedIssuer = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

/**
 * Returns the message of a failed request. If several addresses of a host failed, Node's message is empty, and the result
 * lists the messages of all addresses. For a certificate of an unknown authority, the result says what to do.
 */
export function describeNetworkError(fault: unknown): string {
  const { code = '' } = (fault ?? {}) as { code?: string };
  if (fault instanceof AggregateError && fault.message === '') return fault.errors.map(messageOf).join(', ');
  if (!untrustedIssuer.has(code)) return messageOf(fault);
  // Node's own advice after the semicolon is for users who start Node themselves.
  const what = messageOf(fault).split(';', 1)[0];
  return `${what}. If your own certificate authority signed it, set NODE_EXTRA_CA_CERTS to its PEM file in the runner's .env`;
}
