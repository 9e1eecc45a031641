// `npm run release:assemble -- --out DIR --repository OWNER/NAME --ref TAG` creates the repository of a release. See
// docs/release.md.
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
  if (out === undefined)
    throw new Error('The option --out is missing: --out DIR names the folder to create.');
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository))
    throw new Error(`--repository ${repository} does not have the form OWNER/NAME.`);
  if (!/^[\w.-]+$/.test(ref))
    throw new Error(
      `--ref ${ref} is not a valid name of a tag. Use letters, digits, dots, hyphens and underscores.`,
    );
  const { commits, archive, folders } = assemble(root, resolve(out), { repository, ref });
  console.log(`${repository}@${ref} was written to ${resolve(out)}. Sizes, gzipped:`);
  for (const [name, bytes] of Object.entries(folders)) console.log(`  ${kilobytes(bytes)}  ${name}`);
  console.log(`  ${kilobytes(archive)}  the whole archive (limit: ${kilobytes(archiveLimit).trim()})`);
  commits.forEach((name, index) =>
    console.log(
      `${name} ${index === 0 ? 'actions' : 'workflows'}${name === commits.at(-1) ? `, ${ref}` : ''}`,
    ),
  );
  if (archive > archiveLimit)
    throw new Error(`The archive has ${archive} bytes gzipped, over the limit of ${archiveLimit}.`);
}

try {
  main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
