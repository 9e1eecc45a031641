import { redact, UserError } from '@runner-actions/core';
import { describe, expect, it } from 'vitest';
import { groupPath, parseEndpoint, parseHeaders, textfileName } from '../src/index.ts';
import { below } from '../src/endpoint.ts';

const asBase64 = (text: string) => Buffer.from(text).toString('base64');

describe('parseEndpoint', () => {
  it('takes the login out of the address, and masks it', () => {
    const { url, headers } = parseEndpoint(
      'pushgateway',
      'https://ci:p%40ss%2Fmasked@metrics.test:9091/base/',
    );
    expect(url.href).toBe('https://metrics.test:9091/base/');
    expect(headers).toEqual({ authorization: `Basic ${asBase64('ci:p@ss/masked')}` });
    const echo = `p%40ss%2Fmasked p@ss/masked ${asBase64('ci:p@ss/masked')}`;
    expect(redact(echo)).toBe('*** *** ***');
  });

  it('masks a user without a password, which is a token', () => {
    const { headers } = parseEndpoint('pushgateway', 'https://tokenwithoutpassword@metrics.test');
    expect(headers).toEqual({ authorization: `Basic ${asBase64('tokenwithoutpassword:')}` });
    expect(redact('tokenwithoutpassword')).toBe('***');
  });

  it('needs no login', () => {
    expect(parseEndpoint('pushgateway', 'http://127.0.0.1:9091').headers).toEqual({});
  });

  it.each([
    ['metrics.test', 'is not an address'],
    ['metrics.test:9091', 'begins with http'],
    ['ftp://ci:secretpart@metrics.test', 'begins with http'],
    ['https://ci:secretpart@metrics.test/?a=b', "has a '?'"],
    ['https://ci:secret#part@metrics.test', 'is not an address'],
    ['https://ci:secretpart%zz@metrics.test', "has a '%'"],
    ['https://ci:secretpart@metrics.test/v1/metrics', 'which are added'],
  ])('refuses %s without quoting it', (text, message) => {
    const parse = () => parseEndpoint('pushgateway', text);
    expect(parse).toThrow(UserError);
    expect(parse).toThrow(/^The input pushgateway /);
    expect(parse).toThrow(message);
    expect(parse).not.toThrow(/secret/);
  });
});

describe('below', () => {
  it.each([
    ['https://m.test', 'https://m.test/v1/metrics'],
    ['https://m.test/', 'https://m.test/v1/metrics'],
    ['https://m.test/otlp', 'https://m.test/otlp/v1/metrics'],
    ['https://m.test/otlp/', 'https://m.test/otlp/v1/metrics'],
    ['https://m.test//other.test', 'https://m.test//other.test/v1/metrics'],
  ])('adds a path to %s', (text, expected) => {
    expect(below(parseEndpoint('otlp-endpoint', text), '/v1/metrics').href).toBe(expected);
  });
});

describe('parseHeaders', () => {
  it('parses names and values, decodes, and masks each value', () => {
    expect(
      parseHeaders(
        'otlp-headers',
        'API-Key=one/masked==, x-tenant=two%2Cmasked\nauthorization=Bearer%20three-masked,',
      ),
    ).toEqual({ 'api-key': 'one/masked==', 'x-tenant': 'two,masked', authorization: 'Bearer three-masked' });
    expect(redact('one/masked== two%2Cmasked two,masked three-masked')).toBe('*** *** *** ***');
    // A scheme is no secret, and stands in other lines too.
    expect(redact('Bearer x')).toBe('Bearer x');
  });

  it('keeps a value that only looks encoded', () => {
    expect(parseHeaders('otlp-headers', 'a=100%x')).toEqual({ a: '100%x' });
  });

  it.each([
    ['justhiddenvalue', 'has no name of a header in item 1'],
    ['a=b,=hiddenvalue', 'has no name of a header in item 2'],
    ['a b=hiddenvalue', 'has no name of a header in item 1'],
    ['Host=hiddenvalue', 'sets the header host'],
    ['a=hiddenvalue%0d%0Ab: c', 'printable ASCII'],
    ['a=hiddenvalueé', 'printable ASCII'],
  ])('refuses %s without quoting the value', (text, message) => {
    const parse = () => parseHeaders('otlp-headers', text);
    expect(parse).toThrow(UserError);
    expect(parse).toThrow(message);
    expect(parse).not.toThrow(/hiddenvalue/);
  });
});

describe('groupPath', () => {
  it('writes values in base64 that is safe in an address, job first and the others by name', () => {
    expect(groupPath({ job: 'build', workflow: 'CI ?>', repository: 'octo/app', empty: '' })).toBe(
      '/metrics/job@base64/YnVpbGQ/empty@base64/=/repository@base64/b2N0by9hcHA/workflow@base64/Q0kgPz4',
    );
  });
});

describe('textfileName', () => {
  it.each([
    ['lab-1', 'lab-1.prom'],
    ['../../etc/x', '%2e%2e%2f%2e%2e%2fetc%2fx.prom'],
    ['a b', 'a%20b.prom'],
    ['a%20b', 'a%2520b.prom'],
    ['é', '%c3%a9.prom'],
  ])('turns %s into %s', (name, file) => expect(textfileName(name)).toBe(file));

  it('keeps long names apart and within 255 bytes', () => {
    const names = ['a', 'b'].map((end) => textfileName('é'.repeat(100) + end));
    expect(new Set(names).size).toBe(2);
    for (const name of names)
      expect(Buffer.byteLength(`.${name}.4194304.0123456789ab.tmp`)).toBeLessThan(255);
  });
});
