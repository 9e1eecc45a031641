// `npm run release:assemble -- --out DIR --repository OWNER/NAME --ref TAG` creates the repository of a release. With
// `--mirror`, it creates a repository for each action instead. See docs/release.md and docs/marketplace.md.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../actions.ts';
import { archiveLimit, assemble, assembleMirrors, localChanges, type Names } from './assemble.ts';
import { cliPrefix } from './cli-prefix.ts';
import { ownName } from './pages.ts';

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    repository: { type: 'string', default: ownName },
    ref: { type: 'string', default: 'v1' },
    mirror: { type: 'boolean', default: false },
    'mirror-prefix': { type: 'string', default: '' },
  },
});

function kilobytes(bytes: number): string {
  return `${Math.round(bytes / 1000)} kB`.padStart(8);
}

function main(): void {
  const { out, repository, ref, mirror, 'mirror-prefix': prefix } = values;
  if (out === undefined)
    throw new Error('The option --out is missing: --out DIR names the folder to create.');
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository))
    throw new Error(`--repository ${repository} does not have the form OWNER/NAME.`);
  if (!/^[A-Za-z\d](?:[\w-]|\.(?!\.|lock$|$))*$/.test(ref))
    throw new Error(
      `--ref ${ref} is not a valid name of a tag. Use letters, digits, dots, hyphens and underscores.`,
    );
  if (!/^[\w.-]*$/.test(prefix) || (prefix !== '' && !mirror))
    throw new Error(
      `--mirror-prefix ${prefix} needs --mirror, and may have letters, digits, dots, hyphens and underscores.`,
    );
  const changes = localChanges(root);
  if (changes.length > 0)
    console.warn(
      `Warning: the source has local changes, so nobody can build the same commits from it:\n${changes.join('\n')}`,
    );
  if (mirror) writeMirrors(resolve(out), { repository, ref }, prefix);
  else writeRelease(resolve(out), { repository, ref });
}

function writeMirrors(out: string, names: Names, prefix: string): void {
  const commits = assembleMirrors(root, out, names, prefix);
  console.log(`The repositories of the actions were written to ${out}:`);
  for (const [repository, commit] of Object.entries(commits))
    console.log(`${commit} ${repository}@${names.ref}`);
}

function writeRelease(out: string, names: Names): void {
  const { commits, tags, cli, archive, folders } = assemble(root, out, names);
  console.log(`${names.repository}@${names.ref} was written to ${out}. Sizes, gzipped:`);
  for (const [name, bytes] of Object.entries(folders)) console.log(`  ${kilobytes(bytes)}  ${name}`);
  console.log(`  ${kilobytes(archive)}  the whole archive (limit: ${kilobytes(archiveLimit).trim()})`);
  commits.forEach((name, index) =>
    console.log(
      `${name} ${index === 0 ? 'actions' : 'workflows'}${name === commits.at(-1) ? `, ${tags.join(', ')}` : ''}`,
    ),
  );
  if (cli !== undefined) console.log(`${cli} command, ${tags.map((tag) => `${cliPrefix}${tag}`).join(', ')}`);
  if (archive > archiveLimit)
    throw new Error(`The archive has ${archive} bytes gzipped, over the limit of ${archiveLimit}.`);
}

try {
  main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
