import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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

const notRoot = process.getuid?.() === 0 ? '' : ' (skipped: only root can give files away)';
const nobody = 65_534;
const own = '.runner-actions-archive';

/** An archive with a link to a path beside the tool cache, by way of a link to its own top, ten folders deep. */
function linksTo(path: string, link: string): Buffer {
  return tarOf((folder) => {
    const deep = 'a/b/c/d/e/f/g/h/i/j';
    mkdirSync(join(folder, 'tool-1.0', deep), { recursive: true });
    symlinkSync('../../../../../../../../../..', join(folder, 'tool-1.0', deep, 'top'));
    // Out of the content, the staging folder, the version, the name, and the cache.
    symlinkSync(`${deep}/top/../../../../../${path}`, join(folder, 'tool-1.0', link));
  });
}

describe('archives of strangers', () => {
  let server: Awaited<ReturnType<typeof openArchiveServer>>;
  beforeAll(async () => {
    server = await openArchiveServer();
  });
  afterAll(() => server.close());

  it.each([own, 'link'])('do not make %s a way to write outside of the tool cache', async (link) => {
    const beside = mkdtempSync(join(tmpdir(), 'victim-'));
    const file = join(beside, 'x');
    writeFileSync(file, 'mine');
    const cache = emptyCache();
    const { outputs } = await install(server.offer(linksTo(`${basename(beside)}/x`, link)), cache);
    expect([outputs['status'], readFileSync(file, 'utf8'), left(cache)]).toEqual(['fail', 'mine', []]);
  });

  it.each([own, 'bin/pipe'])('are refused for the pipe %s, and leave nothing', async (name) => {
    const cache = emptyCache();
    const data = tarOf((folder) => execFileSync('mkfifo', [join(folder, 'tool-1.0', name)]));
    const { outputs, problems } = await install(server.offer(data), cache);
    expect([outputs['status'], left(cache)]).toEqual(['fail', []]);
    expect(problems).toContain(name);
  });

  describe.skipIf(notRoot !== '')(`and another user${notRoot}`, () => {
    /** A whole place of an archive, with its digest as the mark, that another user made. */
    function lie(cache: string, digest: string): { folder: string; mark: string } {
      const folder = join(versionFolder(cache), process.arch);
      mkdirSync(join(folder, 'bin'), { recursive: true });
      const script = '#!/bin/sh\necho my-tool 1.0.0\n';
      writeFileSync(join(folder, 'bin/my-tool'), script, { mode: 0o755 });
      writeFileSync(join(folder, own), digest);
      const mark = `${folder}.complete`;
      writeFileSync(mark, digest);
      execFileSync('chown', ['-R', `${nobody}:${nobody}`, folder, mark]);
      return { folder, mark };
    }

    it('are not taken for installed because of a place that another user made', async () => {
      const [cache, data] = [emptyCache(), tarOf()];
      const { folder, mark } = lie(cache, sha256(data));
      const { outputs, problems, stdout } = await install(server.offer(data), cache);
      expect([outputs['status'], left(cache)]).toEqual(['fail', whole]);
      expect(problems).toContain(`${folder} belongs to another user (${nobody})`);
      expect([lstatSync(folder).uid, lstatSync(mark).uid]).toEqual([nobody, nobody]);
      expect(stdout).not.toContain('Added to PATH');
    });

    it('are of this user, whoever owns them in the archive', async () => {
      const [cache, owner] = [emptyCache(), ['--owner=1234', '--group=1234', '--mode=a+rwx']];
      const { outputs, problems } = await install(server.offer(tarOf(undefined, owner)), cache);
      expect([outputs['status'], problems]).toEqual(['pass', '']);
      const { uid, mode } = lstatSync(join(versionFolder(cache), process.arch, 'bin'));
      expect([uid, mode & 0o022]).toEqual([process.getuid?.(), 0]);
    });
  });
});
