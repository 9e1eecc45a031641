import { execFileSync } from 'node:child_process';
import { chmodSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/report-schema.ts';
import {
  emptyCache,
  install,
  left,
  openArchiveServer,
  sha256,
  tarOf,
  versionFolder,
  whole,
} from './archive-jobs.ts';

describe('archives in the tool cache', () => {
  let server: Awaited<ReturnType<typeof openArchiveServer>>;
  beforeAll(async () => {
    server = await openArchiveServer();
  });
  afterAll(() => server.close());
  const offer: typeof server.offer = (...values) => server.offer(...values);

  it('are downloaded, published and put on PATH, and then found without a download', async () => {
    const [cache, manifest] = [emptyCache(), offer(tarOf())];
    const first = await install(manifest, cache);
    expect([first.outputs['status'], first.problems, left(cache)]).toEqual(['pass', '', whole]);
    const before = server.requests();
    const second = await install(manifest, cache);
    expect([second.outputs['status'], server.requests() - before]).toEqual(['pass', 0]);
  });

  it('are recorded with the bytes and the digest of what was downloaded, refused ones too', async () => {
    const data = tarOf();
    const download = { bytes: data.length, sha256: sha256(data) };
    for (const manifest of [offer(data), offer(data, { digest: '0'.repeat(64) })]) {
      const { outputs, summary } = await install(manifest, emptyCache());
      const { installation } = JSON.parse(readFileSync(outputs['report'] ?? '', 'utf8')) as Report;
      expect(installation?.acts).toEqual([
        expect.objectContaining({ by: 'archive', exitCode: null, ...download }),
      ]);
      expect(summary).toContain(`${download.bytes} bytes, \`${download.sha256}\``);
    }
  });

  it.concurrent.each<[string, () => string, RegExp]>([
    [
      'another digest',
      () => offer(tarOf(), { digest: '0'.repeat(64) }),
      /its SHA-256 is [0-9a-f]{64}, not 0{64}/,
    ],
    [
      'a part of the archive',
      () => offer(tarOf().subarray(0, 100), { digest: sha256(tarOf()) }),
      /its SHA-256 is/,
    ],
    ['an archive that is broken, with its digest', () => offer(tarOf().subarray(0, 100)), /cannot be listed/],
    [
      'a name outside of its folder',
      () => offer(tarOf(undefined, ['--absolute-names', '--transform', 's,bin/my-tool$,../../../../evil,'])),
      /outside of its folder/,
    ],
    [
      'a link that leads outside',
      () => offer(tarOf((folder) => symlinkSync('../../../../..', join(folder, 'tool-1.0/up')))),
      /its link "up" leads outside/,
    ],
    [
      'an absolute link',
      () => offer(tarOf((folder) => symlinkSync('/etc', join(folder, 'tool-1.0/etc')))),
      /its link "etc"/,
    ],
    [
      'programs that may not be executed',
      () => offer(tarOf((folder) => chmodSync(join(folder, 'tool-1.0/bin/my-tool'), 0o644))),
      /it has no program in bin/,
    ],
    ['a content without the folder of `bin`', () => offer(tarOf(), { strip: 2 }), /it has no folder bin/],
    ['more folders to leave out than there are', () => offer(tarOf(), { strip: 3 }), /has not 3 folders/],
  ])('refuse %s, and leave nothing', async (_, make, problem) => {
    const cache = emptyCache();
    const { outputs, problems } = await install(make(), cache);
    expect(problems).toMatch(problem);
    expect([outputs['status'], left(cache)]).toEqual(['fail', []]);
  });

  it('are published once by two jobs at the same time, which both pass', async () => {
    const [cache, manifest] = [emptyCache(), offer(tarOf())];
    server.answerTogether(2);
    const jobs = await Promise.all([install(manifest, cache), install(manifest, cache)]);
    server.answerTogether(1);
    expect(jobs.map(({ outputs, problems }) => [outputs['status'], problems])).toEqual([
      ['pass', ''],
      ['pass', ''],
    ]);
    expect(left(cache)).toEqual(whole);
  });

  it('are marked as whole after a kill between the rename and the mark', async () => {
    const data = tarOf();
    const [cache, manifest] = [emptyCache(), offer(data)];
    const folder = join(versionFolder(cache), process.arch);
    mkdirSync(join(folder, 'bin'), { recursive: true });
    writeFileSync(join(folder, '.runner-actions-archive'), sha256(data));
    writeFileSync(join(folder, 'bin/my-tool'), '#!/bin/sh\necho my-tool 1.0.0\n', { mode: 0o755 });
    expect((await install(manifest, cache)).outputs['status']).toBe('pass');
    expect(left(cache)).toEqual(whole);
  });

  it('do not replace a folder that others began', async () => {
    const [cache, manifest] = [emptyCache(), offer(tarOf())];
    const file = join(versionFolder(cache), process.arch, 'theirs');
    mkdirSync(join(versionFolder(cache), process.arch), { recursive: true });
    writeFileSync(file, 'theirs');
    const { outputs, problems } = await install(manifest, cache);
    expect([outputs['status'], readFileSync(file, 'utf8')]).toEqual(['fail', 'theirs']);
    expect(problems).toContain('was not made by this action');
  });

  /** Makes the place of the archive as another program would, with an empty mark. */
  function madeByOthers(cache: string): { folder: string; mark: string } {
    const folder = join(versionFolder(cache), process.arch);
    mkdirSync(folder, { recursive: true });
    return { folder, mark: `${folder}.complete` };
  }

  it('are not taken for whole because of an empty folder with an empty mark', async () => {
    const [cache, manifest] = [emptyCache(), offer(tarOf())];
    writeFileSync(madeByOthers(cache).mark, '');
    const { outputs, problems } = await install(manifest, cache);
    expect([outputs['status'], left(cache)]).toEqual(['fail', whole]);
    expect(problems).toContain('is marked as whole, but it has no folder bin');
  });

  it('do not wait for a mark that is a pipe, nor replace it', async () => {
    const [cache, manifest] = [emptyCache(), offer(tarOf())];
    const { mark } = madeByOthers(cache);
    execFileSync('mkfifo', [mark]);
    const { outputs, problems } = await install(manifest, cache);
    expect([outputs['status'], lstatSync(mark).isFIFO()]).toEqual(['fail', true]);
    expect(problems).toContain(`${mark} is no small regular file`);
  });

  it('do not wait for a pipe in the place of the own mark', async () => {
    const [cache, manifest] = [emptyCache(), offer(tarOf())];
    const { folder } = madeByOthers(cache);
    execFileSync('mkfifo', [join(folder, '.runner-actions-archive')]);
    const { outputs, problems } = await install(manifest, cache);
    expect([outputs['status'], problems]).toEqual([
      'fail',
      expect.stringContaining('was not made by this action'),
    ]);
  });
});
