import { createServer } from 'node:net';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { launchJob } from '@runner-actions/testing';
import { expect, it } from 'vitest';

const action = resolve(import.meta.dirname, '..');

it.skipIf(process.platform !== 'linux')(
  'validate-preinstalled checks what is beside tools and packages, and annotates each fault at its place',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'beside-'));
    writeFileSync(join(folder, 'settings'), 'a = 1\n', { mode: 0o644 });
    const server = createServer(() => undefined);
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as { port: number };
    const manifest = `version: 1
files:
  - { path: ${folder}, type: directory, access: [read, write] }
  - { path: $PLACE/settings, mode: 0644, line: a = 1 }
  - { path: $PLACE/settings, mode: 0600 }
user: { groups: no-such-group }
users: { no-such-user: {}, root: { uid: 0 } }
groups: { root: { gid: 1 } }
ports:
  - { port: ${port} }
  - { port: ${port}, is: free }
kernel:
  parameters: { kernel.ostype: Linux, vm.no_such_parameter: 1 }
  limits: { nofile: '>=1' }
mounts: [{ path: /proc, type: proc }, { path: ${folder} }]
docker: {}
`;
    const env = { PLACE: folder, DOCKER_HOST: `unix://${folder}/none` };
    const job = await launchJob({ env, steps: [{ action, with: { manifest, 'on-failure': 'warn' } }] });
    server.close();
    const [step] = job.steps;
    const report = JSON.parse(readFileSync(step?.outputs['report'] ?? '', 'utf8')) as {
      results: { status: string; kind: string; name: string; line: number }[];
    };
    const seen = report.results.map(({ status, kind, name, line }) => `${status} ${line} ${kind} ${name}`);
    expect(seen).toEqual([
      `pass 3 file ${folder}`,
      'pass 4 file $PLACE/settings',
      'fail 5 file $PLACE/settings',
      'fail 6 membership no-such-group',
      'fail 7 user no-such-user',
      'pass 7 user root',
      'fail 8 group root',
      `pass 10 port ${port}/tcp`,
      `fail 11 port ${port}/tcp`,
      'pass 13 parameter kernel.ostype',
      'fail 13 parameter vm.no_such_parameter',
      'pass 14 limit nofile',
      'pass 15 mount /proc',
      `fail 15 mount ${folder}`,
      'fail 16 engine docker',
    ]);
    expect(step?.summary).toContain('8 fail');
  },
);
