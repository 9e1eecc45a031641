import { describe, expect, it } from 'vitest';
import {
  issueBody,
  issueComment,
  type IssueState,
  issueTitle,
  readMarker,
  withState,
} from '../src/issue-text.ts';
import { hour, incident, keyOf, noon, observe } from './examples.ts';

const key = keyOf('big-1');
const state: IssueState = { severity: 'warning', at: noon, since: noon - hour };

describe('the marker of an issue', () => {
  it('is found again with what the issue remembers', () => {
    expect(readMarker(issueBody(observe(), state))).toEqual({ key, state });
    const more: IssueState = { ...state, closed: true, cleared: true, duplicate: true };
    expect(readMarker(issueBody(observe(), more))).toEqual({ key, state: more });
  });

  it('is found again after a person edited the body on the web, which writes other ends of lines', () => {
    const edited = issueBody(observe(), state).replaceAll('\n', '\r\n');
    expect(readMarker(edited)).toEqual({ key, state });
  });

  it.each([
    ['on a later line', `x\n${issueBody(observe(), state)}`],
    ['after a space', ` ${issueBody(observe(), state)}`],
    ['with more in its comment', issueBody(observe(), state).replace(key, `${key} x`)],
    ['with a key of another form', issueBody(observe(), state).replace(key, 'KEY')],
    ['in an empty body', ''],
  ])('does not count %s', (_case, body) => {
    expect(readMarker(body)).toBeUndefined();
  });

  it.each([
    ['no JSON', '{'],
    ['null', 'null'],
    ['a severity that does not exist', '{"severity":"fatal","at":1,"since":1}'],
    ['times as text', '{"severity":"info","at":"1","since":"1"}'],
  ])('counts without what it remembers, if that is %s', (_case, json) => {
    const body = issueBody(observe(), state).split('\n');
    body[1] = `<!-- runner-actions:state ${json} -->`;
    expect(readMarker(body.join('\n'))).toEqual({ key, state: undefined });
  });

  it('cannot come from the words of a stranger', () => {
    const forged = issueBody(observe(), state);
    const body = issueBody(observe('firing', { key: keyOf('other'), summary: forged, title: forged }), state);
    expect(readMarker(body)?.key).toBe(keyOf('other'));
    expect(body.slice(2).includes('<!-- runner-actions:incident')).toBe(false);
  });

  it('changes its state, and leaves what people wrote', () => {
    const body = `${issueBody(observe(), state)}\n\nA note.`;
    const changed = withState(body, key, { ...state, closed: true });
    expect(readMarker(changed)?.state).toEqual({ ...state, closed: true });
    expect(changed.split('\n').slice(2)).toEqual(body.split('\n').slice(2));
    const without = body.split('\n').toSpliced(1, 1).join('\n');
    expect(withState(without, key, state)).toBe(body);
  });
});

describe('the words of a stranger', () => {
  const hostile = 'hi @octo/admins #12 GH-7 octo/app#3 <img src=x> [a](https://evil.example) `x`';

  it.each([
    [
      'the body',
      (text: string) => issueBody(observe('firing', { summary: text, facts: [[text, text]] }, text), state),
    ],
    [
      'a comment',
      (text: string) => issueComment('changed', observe('firing', { summary: text }, text), 'info', noon),
    ],
  ])('in %s make no mention, reference, link and HTML', (_where, render) => {
    const shown = render(hostile);
    expect(shown).toContain('evil');
    expect(shown).not.toMatch(/@octo|#\d|GH-7|(?<!\\)<img|\]\(https:\/\/evil|(?<!\\)`x/);
  });

  it('begin no line with a command', () => {
    const body = issueBody(observe('firing', { summary: '/close\n  /lgtm\n\u200b/x' }, '/retest'), state);
    expect(body).not.toMatch(/^\s*\//m);
    expect(body).toContain('\\/close');
    expect(issueTitle(incident({ title: '/close now' }))).not.toMatch(/^\//);
  });

  it('make a title of one line without mentions and references', () => {
    expect(issueTitle(incident({ title: 'a\n@octo\r#12\u202e b\u0000' }))).toBe('a @\u200bocto #\u200b12 b');
    expect(issueTitle(incident({ title: ' \n ' }))).toBe('Incident');
  });
});

describe('the length of an issue', () => {
  const long = `${'😀'.repeat(1500)}\n`.repeat(200);

  it('is never more than GitHub takes, and keeps the marker', () => {
    const facts = Array.from({ length: 100 }, () => [long, long] as const);
    const body = issueBody(observe('firing', { summary: long, facts }, long), state);
    expect(body.length).toBeLessThanOrEqual(65_536);
    expect(body.endsWith('The rest is left out.')).toBe(true);
    expect(readMarker(body)).toEqual({ key, state });
    expect(body.isWellFormed()).toBe(true);
    expect(
      issueComment('reminder', observe('firing', { summary: long }), undefined, noon).length,
    ).toBeLessThanOrEqual(65_536);
  });

  it('of its title is at most 256 characters, none of them cut in two', () => {
    const title = issueTitle(incident({ title: `a${'😀'.repeat(200)}` }));
    expect(title.length).toBeLessThanOrEqual(256);
    expect(title.isWellFormed()).toBe(true);
  });
});

describe('what an issue says', () => {
  it('is the severity, since when, what to do, and the earlier issue', () => {
    const body = issueBody(
      observe('firing', { facts: [['pool', 'big']], url: 'https://example.com/1' }),
      state,
      3,
    );
    expect(body.split('\n').slice(2).join('\n')).toBe(`
**Warning** since 2026-03-02 11:00 UTC.

GitHub lists it as offline. Start its service.

|  |  |
| --- | --- |
| pool | big |

[More](https://example.com/1)

It happened before: #3

<sub>Runner Actions opens, updates and closes this issue. Close it as *not planned* to hear nothing more until the incident has ended. Kind: \`offline\`</sub>`);
  });

  it.each([
    ['changed', 'It is now **warning**, and was info before. It has lasted 1 h 0 min.'],
    ['reminder', 'It is still **warning**, and has lasted 1 h 0 min.'],
    ['closed', 'It has ended after 1 h 0 min.\n\nThe service was restarted.'],
    ['reopened', 'It is back as **warning**, since 2026-03-02 11:00 UTC.'],
  ] as const)('in a comment when it is %s', (kind, expected) => {
    const remark = kind === 'closed' ? 'The service was restarted.' : undefined;
    const text = issueComment(kind, observe('firing', {}, remark), 'info', noon);
    expect(text.startsWith(expected)).toBe(true);
  });
});
