// Generates slice.json from GitHub's OpenAPI description. With `--check`, reports the differences instead of writing.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSlice, type Json } from './convert.ts';
import { differences } from './differences.ts';
import { type Edition, operations } from './operations.ts';

/** The package has 385 MB when unpacked. This script downloads it on demand, so that it is not a dependency. */
const version = '23.0.2';
const file = new URL('slice.json', import.meta.url);

function download(): Record<Edition, Json> {
  const directory = mkdtempSync(join(tmpdir(), 'openapi-'));
  try {
    const options = { cwd: directory, encoding: 'utf8' } as const;
    const packed = execFileSync('npm', ['pack', '--silent', `@octokit/openapi@${version}`], options);
    const read = (edition: Edition): Json => {
      const member = `package/generated/${edition}.json`;
      execFileSync('tar', ['-xzf', packed.trim(), member], options);
      return JSON.parse(readFileSync(join(directory, member), 'utf8')) as Json;
    };
    return { 'api.github.com': read('api.github.com'), ghec: read('ghec') };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const slice = buildSlice(download(), operations, version);
if (process.argv.includes('--check')) {
  const found = differences(JSON.parse(readFileSync(file, 'utf8')) as Json, slice as unknown as Json);
  for (const line of found.slice(0, 50)) console.error(line);
  console.log(
    found.length === 0
      ? 'slice.json is up to date'
      : `slice.json has ${found.length} differences; run slice.ts`,
  );
  process.exitCode = found.length === 0 ? 0 : 1;
} else {
  writeFileSync(file, `${JSON.stringify(slice, undefined, 1)}\n`);
  console.log(`slice.json: ${operations.length} operations of @octokit/openapi ${version}`);
}
