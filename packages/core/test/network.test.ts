import { describe, expect, it } from 'vitest';
import { describeNetworkError, prepareNetwork, proxyFor, redact } from '../src/index.ts';

describe('prepareNetwork', () => {
  it('prefers lower-case variables, and treats an empty variable as not set', () => {
    expect(
      prepareNetwork({
        http_proxy: 'http://a.test:1',
        HTTP_PROXY: 'http://b.test:1',
        https_proxy: ' ',
        HTTPS_PROXY: 'https://c.test',
        NO_PROXY: ' *.corp,10.0.0.1 ',
      }),
    ).toEqual({ http_proxy: 'http://a.test:1', https_proxy: 'https://c.test', no_proxy: '*.corp,10.0.0.1' });
    expect(prepareNetwork({ HTTP_PROXY: '', no_proxy: '' })).toEqual({});
  });

  it.each([
    ['proxy.corp.test:3128', 'http://proxy.corp.test:3128'],
    ['10.0.0.1:3128', 'http://10.0.0.1:3128'],
    ['us%40er:pa%3Ass@proxy.test', 'http://us%40er:pa%3Ass@proxy.test'],
  ])('reads %s as an HTTP address', (given, read) => {
    expect(prepareNetwork({ HTTPS_PROXY: given })).toEqual({ https_proxy: read });
  });

  it.each([
    'socks5://s3cret@127.0.0.1:1080',
    'http://[::1',
    'http://s3cret:%zz@proxy.test',
    'http://',
    'http://s3cret#@h:1',
    'http://us:12/s3cret@h:1',
    'http://%C3:%A4s3cret@h',
  ])('names the variable and hides its value for %s', (address) => {
    const reading = () => prepareNetwork({ HTTPS_PROXY: address });
    expect(reading).toThrow('HTTPS_PROXY is not the address of an HTTP proxy');
    expect(reading).not.toThrow('s3cret');
  });
});

describe('the password of a proxy', () => {
  it.each([
    ['http://user:plain-pa55@proxy.test:3128', ['plain-pa55']],
    ['user:no-scheme-pa55@proxy.test', ['no-scheme-pa55']],
    ['http://user:enc%40ded%2Fpa55@proxy.test', ['enc%40ded%2Fpa55', 'enc@ded/pa55']],
    // The parser of URLs encodes the quote, and the proxy's client prints what it returns.
    ['http://user:quo"ted-pa55@proxy.test', ['quo"ted-pa55', 'quo%22ted-pa55']],
    ['http://:no-user-pa55@proxy.test', ['no-user-pa55']],
  ])('is masked in every form for %s', (address, forms) => {
    prepareNetwork({ https_proxy: address });
    for (const form of forms) expect(redact(`proxy ${form}!`)).toBe('proxy ***!');
  });

  it('is masked when the address is refused', () => {
    expect(() => prepareNetwork({ https_proxy: 'http://user:refu#sed-pa55@proxy.test' })).toThrow();
    expect(redact('refu#sed-pa55')).toBe('***');
  });

  it('is not masked when it is so short that other words contain it', () => {
    prepareNetwork({ https_proxy: 'http://user:abc@proxy.test' });
    expect(redact('abc')).toBe('abc');
  });
});

describe('proxyFor', () => {
  const to = (address: string, no_proxy: string) =>
    proxyFor(new URL(address), { http_proxy: 'plain', https_proxy: 'secure', no_proxy });

  it('chooses the proxy by the scheme of the URL', () => {
    expect([to('http://a.test', ''), to('https://a.test', '')]).toEqual(['plain', 'secure']);
    expect(proxyFor(new URL('https://a.test'), { http_proxy: 'plain' })).toBeUndefined();
  });

  it.each([
    'corp.test',
    '.corp.test',
    '*.corp.test',
    'x.test, CORP.test',
    'x.test corp.test',
    'ghes.corp.test:443',
    '*',
  ])('uses no proxy for https://ghes.corp.test with no_proxy %s', (list) =>
    expect(to('https://ghes.corp.test/api/v3', list)).toBeUndefined(),
  );

  it.each(['orp.test', 'ghes.corp.test:8443', 'a.ghes.corp.test', 'test.', ',', '*:8443', '*.ghes.corp.tes'])(
    'uses the proxy for https://ghes.corp.test with no_proxy %s',
    (list) => expect(to('https://ghes.corp.test/api/v3', list)).toBe('secure'),
  );

  it.each([
    ['https://[2001:db8::1]/', '2001:db8::1'],
    ['https://[2001:db8::1]:8443/', '[2001:db8::1]:8443'],
    ['http://10.0.0.1:80/', '10.0.0.1:80'],
    ['http://localhost:3000/', ''],
    ['http://127.0.0.9/', ''],
    ['https://[::1]/', ''],
  ])('uses no proxy for %s with no_proxy %s', (address, list) => expect(to(address, list)).toBeUndefined());
});

describe('describeNetworkError', () => {
  it('says what to do when an unknown authority signed the certificate', () => {
    const node =
      'self-signed certificate; if the root CA is installed locally, try running Node.js with --use-system-ca';
    const fault = Object.assign(new Error(node), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
    expect(describeNetworkError(fault)).toBe(
      "self-signed certificate. If your own certificate authority signed it, set NODE_EXTRA_CA_CERTS to its PEM file in the runner's .env",
    );
  });

  it('returns the messages of all addresses that failed', () => {
    const faults = ['connect ECONNREFUSED ::1:80', 'connect ETIMEDOUT 10.0.0.1:80'].map(
      (text) => new Error(text),
    );
    expect(describeNetworkError(new AggregateError(faults))).toBe(
      'connect ECONNREFUSED ::1:80, connect ETIMEDOUT 10.0.0.1:80',
    );
  });

  it('does not change other messages', () => {
    expect(describeNetworkError(new Error('socket hang up'))).toBe('socket hang up');
    expect(describeNetworkError('text')).toBe('text');
    expect(describeNetworkError(undefined)).toBe('undefined');
  });
});
