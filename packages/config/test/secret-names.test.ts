// A file of another repository must not choose which secret is sent to which destination.
import { describe, expect, it } from 'vitest';
import { checkConfig, loadConfig, printEffective } from '../src/index.ts';
import { filesOf } from './problems-of.ts';

const place = { repository: undefined, ref: undefined, path: 'a.yml' };
const base = 'org/.github:base.yml@v1';
const secret = 'RUNNER_ACTIONS_SECRET_ARC';
const arc = (...keys: string[]) =>
  `pools: { arc: { ${['runs-on: arc', 'kind: scale-set', ...keys].join(', ')} } }\n`;
const url = 'metrics-url: http://arc/metrics';
const name = (variable = secret) => `metrics-token-env: ${variable}`;

async function load(texts: Record<string, string>, environment?: string) {
  const given = environment === undefined ? undefined : { name: environment, mayBeMissing: false };
  const loaded = await loadConfig(filesOf(texts), place, given);
  if (loaded.kind !== 'read') throw new Error(JSON.stringify(loaded));
  const { ignored, tree, config } = loaded;
  return { ignored, tree, variable: config.pools?.['arc']?.['metrics-token-env'] };
}

describe('the name of a secret', () => {
  it.each([
    ['both in one file of this repository', { 'a.yml': arc(url, name()) }],
    [
      'in two files of this repository',
      { 'a.yml': `extends: ./b.yml\n${arc(name())}`, 'b.yml': 'pools: { arc: { metrics-url: http://x } }\n' },
    ],
    [
      'both in this repository, over a file of another repository with neither',
      { 'a.yml': `extends: ${base}\n${arc(url, name())}`, [base]: arc() },
    ],
    [
      'both in this repository, over a file of another repository with both',
      {
        'a.yml': `extends: ${base}\n${arc(url, name())}`,
        [base]: arc('metrics-url: http://evil', name('X')),
      },
    ],
  ])('is used: %s', async (_where, texts) => {
    expect(await load(texts)).toMatchObject({ variable: secret, ignored: [] });
  });

  it.each([
    'GITHUB_TOKEN',
    'ACTIONS_RUNTIME_TOKEN',
    'ACTIONS_ID_TOKEN_REQUEST_TOKEN',
    'AWS_SECRET_ACCESS_KEY',
    'runner_actions_secret_arc',
  ])('is ignored as %s, and the message shows the new name', async (variable) => {
    const { variable: read, ignored } = await load({ 'a.yml': arc(url, name(variable)) });
    expect(read).toBeUndefined();
    expect(ignored).toEqual([
      {
        ...{ file: 'a.yml', line: 1, column: expect.any(Number) as number },
        message: expect.stringContaining(`RUNNER_ACTIONS_SECRET_${variable}`) as string,
      },
    ]);
  });

  it.each([
    ['both', `extends: ${base}\n`, arc(url, name()), base],
    ['the name', `extends: ${base}\n${arc(url)}`, arc(name()), base],
    ['the destination', `extends: ${base}\n${arc(name())}`, arc(url), 'a.yml'],
    [
      'the destination in a base that is extended later',
      `extends: [./b.yml, '${base}']\n`,
      'pools: { arc: { metrics-url: http://evil } }\n',
      'b.yml',
    ],
  ])('is ignored when another repository sets %s', async (_what, own, foreign, at) => {
    const { variable, ignored } = await load({ 'a.yml': own, [base]: foreign, 'b.yml': arc(url, name()) });
    expect(variable).toBeUndefined();
    expect(ignored).toMatchObject([
      { file: at, message: expect.stringMatching(/another repository/) as string },
    ]);
  });

  it('is ignored in a file of this repository at an explicit ref, which may be a fork’s commit', async () => {
    const file = 'octo/app:base.yml@refs/pull/7/head';
    const texts = { 'a.yml': `extends: ${file}\n`, [file]: arc(url, name()) };
    expect((await load(texts)).variable).toBeUndefined();
  });

  it('is ignored when an environment of another repository changes the destination or the name', async () => {
    const change = (key: string) => `environments: { lab: { pools: { arc: { ${key} } } } }\n`;
    const own = `extends: ${base}\n${arc(url, name())}`;
    for (const key of ['metrics-url: http://evil', name('RUNNER_ACTIONS_SECRET_OTHER')]) {
      const texts = { 'a.yml': own, [base]: change(key) };
      expect((await load(texts, 'lab')).variable).toBeUndefined();
      expect((await load(texts)).variable).toBe(secret);
      const checked = await checkConfig(filesOf(texts), place);
      expect(checked).toMatchObject({ kind: 'read', ignored: [{ message: expect.any(String) as string }] });
    }
  });

  it('is missing in the printed configuration when it is ignored, and the check reports it once', async () => {
    const texts = { 'a.yml': `${arc(url, name('GITHUB_TOKEN'))}environments: { lab: {}, moon: {} }\n` };
    expect(printEffective((await load(texts)).tree)).not.toContain('GITHUB_TOKEN');
    expect(await checkConfig(filesOf(texts), place)).toMatchObject({ ignored: [{ line: 1 }] });
  });
});

describe('the names of the secrets of alerts', () => {
  const alerts = (...keys: string[]) => `fleet: { alerts: { ${keys.join(', ')} } }\n`;
  const webhook = 'webhook: RUNNER_ACTIONS_SECRET_URL';
  const key = 'signing-key: RUNNER_ACTIONS_SECRET_KEY';
  const read = async (texts: Record<string, string>) => {
    const loaded = await loadConfig(filesOf(texts), place, undefined);
    if (loaded.kind !== 'read') throw new Error(JSON.stringify(loaded));
    return { alerts: loaded.config.fleet?.alerts, messages: loaded.ignored.map(({ message }) => message) };
  };

  it('are used from a file of this repository', async () => {
    expect(await read({ 'a.yml': alerts(webhook, key) })).toEqual({
      alerts: { webhook: 'RUNNER_ACTIONS_SECRET_URL', 'signing-key': 'RUNNER_ACTIONS_SECRET_KEY' },
      messages: [],
    });
  });

  it('are ignored without the prefix, as the token of the job would be sent', async () => {
    const { alerts: left, messages } = await read({ 'a.yml': alerts('webhook: GITHUB_TOKEN', key) });
    expect(left).toEqual({ 'signing-key': 'RUNNER_ACTIONS_SECRET_KEY' });
    expect(messages).toEqual([expect.stringContaining('Rename it to RUNNER_ACTIONS_SECRET_GITHUB_TOKEN')]);
  });

  it('are ignored in a file of another repository', async () => {
    const texts = { 'a.yml': `extends: ${base}\n`, [base]: alerts(webhook, key, 'after: 1h') };
    const { alerts: left, messages } = await read(texts);
    expect(left).toEqual({ after: 3_600_000 });
    expect(messages).toHaveLength(2);
  });

  it('can be deleted with null without a message', async () => {
    const texts = { 'a.yml': `extends: ./b.yml\n${alerts('webhook: null')}`, 'b.yml': alerts(webhook) };
    expect(await read(texts)).toEqual({ alerts: {}, messages: [] });
  });
});
