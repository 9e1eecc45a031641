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

  it('names the permissions that GitHub accepts', () => {
    const headers = { 'x-accepted-github-permissions': 'administration=read' };
    const { failure } = classify('/x', { status: 403, headers, message: '' }, now);
    expect(failure.message).toContain('administration=read');
    expect(failure.acceptedPermissions).toBe('administration=read');
  });
});
