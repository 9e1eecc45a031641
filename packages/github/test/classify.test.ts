import { registerSecret } from '@runner-actions/core';
import { describe, expect, it } from 'vitest';
import { classify } from '../src/classify.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const of = (status: number, headers: Record<string, string> = {}, message = '') => {
  const { failure, retryAfter } = classify('/x', { status, headers, message }, now);
  return { kind: failure.kind, retryAfter };
};
const reset = (seconds: number) => String(now / 1000 + seconds);

describe('classify', () => {
  it('keeps the first line of a message, whatever ends it', () => {
    const { failure } = classify('/x', { status: 422, headers: {}, message: 'Invalid\r\n::error::x' }, now);
    expect(failure.message).toBe('/x: 422 Invalid');
  });

  it('does not show a token that the server sends back', () => {
    registerSecret('ghs_Ab_secret');
    const message = 'token ghs_Ab_secret is bad';
    const { failure } = classify('/x', { status: 422, headers: {}, message }, now);
    expect(failure.message).toMatch(/^\/x: 422 token \S+ is bad$/);
    expect(failure.message).not.toContain('secret');
  });

  it.each([
    [401, {}, { kind: 'unauthorized', retryAfter: undefined }],
    [403, {}, { kind: 'forbidden', retryAfter: undefined }],
    [404, {}, { kind: 'not-found', retryAfter: undefined }],
    [422, {}, { kind: 'rejected', retryAfter: undefined }],
    [502, {}, { kind: 'server-error', retryAfter: 500 }],
    [503, { 'retry-after': '2' }, { kind: 'server-error', retryAfter: 2000 }],
    [429, { 'retry-after': '3' }, { kind: 'rate-limited', retryAfter: 3000 }],
    [
      403,
      { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset(2400) },
      { kind: 'rate-limited', retryAfter: 2_400_000 },
    ],
    [429, {}, { kind: 'rate-limited', retryAfter: 60_000 }],
  ])('classifies status %d with headers %o', (status, headers, expected) =>
    expect(of(status, headers as Record<string, string>)).toEqual(expected),
  );

  it('computes the wait until the reset with the server’s clock, not with this machine’s', () => {
    const headers = {
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': reset(7200 + 60),
      date: new Date(now + 7_200_000).toUTCString(),
    };
    expect(of(403, headers).retryAfter).toBe(60_000);
  });

  it('recognizes a secondary rate limit by its message', () => {
    expect(of(403, {}, 'You have exceeded a secondary rate limit')).toEqual({
      kind: 'rate-limited',
      retryAfter: 60_000,
    });
  });

  it.each([
    [
      'an invalid token',
      401,
      {},
      'Bad credentials - https://docs.github.com/rest',
      '401 the token is invalid or has expired; use another token; GitHub says: Bad credentials',
    ],
    [
      'a token that lives too long',
      403,
      {},
      "The 'octo' organization forbids access via a fine-grained personal access tokens if the token's lifetime is greater than 366 days.",
      "403 the lifetime of the token is longer than the organization permits; create a token that expires sooner; GitHub says: The 'octo' organization forbids access via a fine-grained personal access tokens if the token's lifetime is greater than 366 days",
    ],
    [
      'single sign-on',
      403,
      { 'x-github-sso': 'required; url=https://github.com/orgs/octo/sso?authorization_request=SECRET' },
      'Resource protected by organization SAML enforcement. You must grant your OAuth token access to this organization.',
      '403 the owner of the token must authorize it for the single sign-on of the organization at https://github.com/orgs/octo/sso; GitHub says: Resource protected by organization SAML enforcement. You must grant your OAuth token access to this organization',
    ],
    [
      'an IP allow list',
      403,
      {},
      'Although you appear to have the correct authorization credentials, the `octo` organization has an IP allow list enabled, and your IP address is not permitted to access this resource.',
      "403 the organization's IP allow list lacks the address of this machine; add it, or use a machine that is on the list; GitHub says: Although you appear to have the correct authorization credentials, the `octo` organization has an IP allow list enabled, and your IP address is not permitted to access this resource",
    ],
    [
      'a missing permission',
      403,
      { 'x-accepted-github-permissions': 'actions=write' },
      'Resource not accessible by integration',
      '403 the token lacks a permission; GitHub accepts: actions=write; GitHub says: Resource not accessible by integration',
    ],
    [
      'a reason that is not the token',
      403,
      {},
      'Sorry. Your account was suspended',
      '403 GitHub refused the request; GitHub says: Sorry. Your account was suspended',
    ],
    [
      'a page of a proxy',
      403,
      {},
      '<!doctype html><p>blocked</p>',
      '403 GitHub refused the request; the response is a web page, which a proxy may have sent',
    ],
    [
      'a proxy that requires a login',
      407,
      {},
      '',
      '407 the proxy requires a user and a password; add them to its address in HTTPS_PROXY',
    ],
    ['a missing page', 404, {}, 'Not Found', '404 not found, or not visible to the token'],
    [
      'a conflict',
      409,
      {},
      'Cannot cancel a workflow run that is completed.',
      '409 Cannot cancel a workflow run that is completed',
    ],
  ] as [string, number, Record<string, string>, string, string][])(
    'shows the remedy and GitHub’s own sentence for %s',
    (_name, status, headers, message, expected) => {
      const { failure } = classify('/x', { status, headers, message }, now);
      expect(failure.message).toBe(`/x: ${expected}`);
    },
  );

  it('shows one line of at most 300 characters without control characters', () => {
    const message = `\u001b[31mred ${'x'.repeat(900)}\n::error::x`;
    const { failure } = classify('/x', { status: 403, headers: {}, message }, now);
    expect(failure.message).toMatch(/GitHub says: {2}\[31mred x+$/);
    expect(failure.message.length).toBeLessThan(400);
  });

  it('shows no page of the single sign-on that is not an address', () => {
    const headers = { 'x-github-sso': 'required; url=javascript:alert(1)' };
    const { failure } = classify('/x', { status: 403, headers, message: '' }, now);
    expect(failure.message).toMatch(/for the single sign-on of the organization$/);
  });

  it('names the permissions that GitHub accepts', () => {
    const headers = { 'x-accepted-github-permissions': 'administration=read' };
    const { failure } = classify('/x', { status: 403, headers, message: '' }, now);
    expect(failure.message).toContain('administration=read');
    expect(failure.acceptedPermissions).toBe('administration=read');
  });
});
