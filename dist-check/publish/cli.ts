// The steps of a release. `.github/workflows/release.yml` runs them; docs/release.md explains them.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cliPrefix } from '../release/cli-prefix.ts';
import { git } from '../release/git.ts';
import { readVersion } from '../release/version.ts';
import { releaseNotes, releaseProblems } from './check.ts';
import { bundledSbom } from './sbom.ts';
import { hasCli, moveMajor, pushVersion, type Target } from './tags.ts';
import { createVersion } from './version.ts';

// The job that publishes installs no packages, so nothing here imports one.
const root = join(import.meta.dirname, '../..');

const usage = `node dist-check/publish/cli.ts COMMAND

  version            turns the changesets into a version; commit the result
  check              fails if the source cannot be released, else prints the version
  notes              prints what changed in the version, as Markdown
  sbom               prints the software bill of materials of the bundles
  push --from DIR    signs the tags of the release in DIR, of the command and of its source, and pushes them
  move --to VERSION  moves the tags of the major version, v1 and cli-v1; --back to an older version

'push' and 'move' need --remote URL, --key FILE (a private SSH key), and --signer 'NAME <EMAIL>'. The variable
RELEASE_TOKEN has the token for the remote.`;

function main(): void {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      ...{ from: { type: 'string' }, to: { type: 'string' }, back: { type: 'boolean' } },
      ...{ remote: { type: 'string' }, key: { type: 'string' }, signer: { type: 'string' } },
      help: { type: 'boolean' },
    },
  });
  const required = (name: 'from' | 'to' | 'remote' | 'key' | 'signer'): string => {
    const value = values[name];
    if (value === undefined) throw new Error(`The option --${name} is missing.\n\n${usage}`);
    return value;
  };
  const target = (): Target => {
    const signer = /^(.+) <(\S+@\S+)>$/.exec(required('signer'));
    if (signer === null) throw new Error("--signer has the form 'NAME <EMAIL>'.");
    const [, name = '', email = ''] = signer;
    const token = process.env['RELEASE_TOKEN'];
    return { remote: required('remote'), token, signer: { key: required('key'), name, email } };
  };
  const version = (): string => (values.to ?? readVersion(root)).replace(/^v/, '');
  const commands: Record<string, () => string> = {
    version: () => `The version is ${createVersion(root)}. Commit the changes.`,
    check: checkedVersion,
    notes: () => releaseNotes(root, version()),
    sbom: () => bundledSbom(root, git(root, ['show', '--no-patch', '--format=%cI', 'HEAD'])).trimEnd(),
    push: () => {
      pushVersion(target(), version(), { release: required('from'), source: root });
      return `v${version()} is pushed.`;
    },
    move: () => {
      required('to');
      const [remote, back] = [target(), values.back === true];
      const move = (prefix: string): string => {
        const before = moveMajor(remote, version(), { back, prefix });
        const [major, now, old] = [version().split('.')[0] ?? '', version(), before].map((one) =>
          one === undefined ? 'none' : `${prefix}v${one}`,
        );
        return `${major} is ${now} now; before: ${old}.`;
      };
      const first = move('');
      // Versions before the first one with the command have none.
      return hasCli(remote, version()) ? `${first}\n${move(cliPrefix)}` : first;
    },
  };
  const command = values.help === true ? () => usage : commands[positionals[0] ?? ''];
  if (command === undefined) throw new Error(`Name a command.\n\n${usage}`);
  console.log(command());
}

function checkedVersion(): string {
  const problems = releaseProblems(root);
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return readVersion(root);
}

try {
  main();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
