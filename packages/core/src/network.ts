import { setDefaultAutoSelectFamilyAttemptTimeout } from 'node:net';
import { messageOf } from './errors.ts';

/** The proxy variables in lower case, as Node's clients read them. A missing key means that no proxy is set. */
export type ProxySettings = Partial<Record<'http_proxy' | 'https_proxy' | 'no_proxy', string>>;

/** Node waits 250 ms for each address of a host, which is less than a round trip over a satellite or a slow VPN. Milliseconds. */
const addressTimeout = 1_000;

/**
 * Prepares this process for requests: sets the time that each address of a host gets, and reads the proxy variables.
 * A lower-case variable wins over an upper-case one. An address without a scheme gets `http://`, as in curl and GitHub's runner.
 * @throws Error that names the variable where it is not the address of an HTTP proxy. It does not quote the value, which may hold a password.
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
  try {
    const { protocol, username, password } = new URL(address);
    // Clients decode both for the login.
    decodeURIComponent(username + password);
    if (['http:', 'https:'].includes(protocol)) return address;
  } catch {
    // It is not a URL.
  }
  throw new Error(
    `${variable} is not the address of an HTTP proxy, such as http://user:password@proxy.example.com:3128`,
  );
}

/**
 * Returns the address of the proxy for a URL, or `undefined` where the request goes straight: to this machine, and to hosts of `no_proxy`.
 * That list is separated by commas or white space; each item is a host (with `.`, `*.` or nothing before it) and stands for its
 * subdomains as well, a host with a port, or `*` for all.
 */
export function proxyFor(url: URL, settings: ProxySettings): string | undefined {
  const host = url.hostname.toLowerCase().replace(/^\[|\]$/g, '');
  const port = url.port || (url.protocol === 'http:' ? '80' : '443');
  const isBypassed = (settings.no_proxy ?? '').split(/[\s,]+/).some((item) => {
    // An IPv6 address has brackets only where a port follows.
    const [, inBrackets, plain, itemPort = port] = /^(?:\[([^\]]*)\]|([^:]*))(?::(\d+))?$/.exec(item) ?? [];
    const name = (inBrackets ?? plain ?? item).toLowerCase().replace(/^\*?\./, '');
    return name === '*' || (name !== '' && itemPort === port && `.${host}`.endsWith(`.${name}`));
  });
  if (isBypassed || isLoopback(host)) return undefined;
  return url.protocol === 'http:' ? settings.http_proxy : settings.https_proxy;
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
 * Returns the message of a failed request. Node leaves it empty where several addresses of a host failed: then it is theirs. A certificate
 * of an unknown authority gets advice.
 */
export function explainNetworkFault(fault: unknown): string {
  const { code = '' } = fault as { code?: string };
  if (fault instanceof AggregateError && fault.message === '') return fault.errors.map(messageOf).join(', ');
  if (!untrustedIssuer.has(code)) return messageOf(fault);
  // Node's own advice after the semicolon is for who starts Node by hand.
  const what = messageOf(fault).split(';', 1)[0];
  return `${what}. If your own certificate authority signed it, set NODE_EXTRA_CA_CERTS to its PEM file in the runner's .env`;
}
