import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../../actions.ts';
import { type Lock, lockedPackages } from '../../supply-chain/lock.ts';

const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock;

/** Runs the command against a registry that answers each path with JSON, or with 405. */
async function run(answers: Record<string, unknown>, env: Record<string, string>) {
  const server = createServer((request, response) => {
    const answer = answers[request.url ?? ''];
    request.resume();
    response.writeHead(answer === undefined ? 405 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const registry = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const npmEnv = {
    npm_config_registry: registry,
    npm_config_cache: mkdtempSync(join(tmpdir(), 'npm-cache-')),
  };
  const options = { env: { ...process.env, ...npmEnv, ...env } };
  try {
    return await new Promise<{ failed: boolean; output: string }>((resolve) => {
      const script = join(root, 'dist-check/supply-chain/cli.ts');
      execFile(process.execPath, [script], options, (error, output) =>
        resolve({ failed: error !== null, output }),
      );
    });
  } finally {
    server.close();
  }
}

const ages = Object.groupBy(lockedPackages(lock), ({ name }) => `/${name.replace('/', '%2f')}`);

it.concurrent(
  'reports what npm and the registry say, and on GitHub also a check without an answer',
  async () => {
    const answers: Record<string, unknown> = Object.fromEntries(
      Object.entries(ages).map(([path, packages = []]) => {
        const time = path === '/yaml' ? new Date().toISOString() : '2020-01-01T00:00:00Z';
        const versions = packages.map(({ name, version = '' }) => [version, { name, version }] as const);
        const times = versions.map(([version]) => [version, time]);
        return [
          path,
          {
            name: packages[0]?.name,
            versions: Object.fromEntries(versions),
            time: Object.fromEntries(times),
          },
        ];
      }),
    );
    const advisory = {
      id: 1,
      url: 'https://example.com/1',
      title: 'Bad',
      severity: 'low',
      vulnerable_versions: '*',
    };
    answers['/-/npm/v1/security/advisories/bulk'] = { yaml: [advisory] };
    const { failed, output } = await run(answers, { GITHUB_ACTIONS: 'true' });
    expect(output).toContain(
      'known vulnerabilities: FAILED\n  yaml (in bundles): low: Bad: https://example.com/1\n',
    );
    expect(output).toMatch(/age of versions: FAILED\n {2}yaml@[\d.]+ is 0\.0 days old, less than 7\n/);
    expect(output).toMatch(/signatures of the registry: FAILED: .*\w/);
    expect(failed).toBe(true);
  },
);

it.concurrent('skips each check and says why if the registry does not answer', async () => {
  const { failed, output } = await run({}, { GITHUB_ACTIONS: '' });
  for (const name of ['known vulnerabilities', 'signatures of the registry', 'age of versions'])
    expect(output).toMatch(new RegExp(`^${name}: skipped: .*\\w`, 'm'));
  expect(failed).toBe(false);
});
