// `npm run release:assemble -- --out DIR --repository OWNER/NAME --ref TAG`: what a release holds; see docs/release.md.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../actions.ts';
import { archiveLimit, assemble } from './assemble.ts';
import { ownName } from './pages.ts';

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    repository: { type: 'string', default: ownName },
    ref: { type: 'string', default: 'v1' },
  },
});

function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1000)} kB`.padStart(8);
}

function main(): void {
  const { out, repository, ref } = values;
  if (out === undefined) throw new Error('Say where to: --out DIR');
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) throw new Error(`--repository ${repository} is not OWNER/NAME`);
  if (!/^[\w.-]+$/.test(ref)) throw new Error(`--ref ${ref} is not a tag's name`);
  const { commits, archive, folders } = assemble(root, resolve(out), { repository, ref });
  console.log(`${repository}@${ref} is in ${resolve(out)}; gzipped:`);
  for (const [name, bytes] of Object.entries(folders)) console.log(`  ${kilobytes(bytes)}  ${name}`);
  console.log(`  ${kilobytes(archive)}  all of it, of at most ${kilobytes(archiveLimit).trim()}`);
  commits.forEach((name, index) =>
    console.log(
      `${name} ${index === 0 ? 'actions' : 'workflows'}${name === commits.at(-1) ? `, ${ref}` : ''}`,
    ),
  );
  if (archive > archiveLimit) throw new Error('The archive is too large.');
}

try {
  main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
