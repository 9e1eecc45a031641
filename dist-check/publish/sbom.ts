import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The parts of a CycloneDX document that are used here. */
interface Sbom {
  serialNumber?: string;
  metadata: { timestamp?: string; component: { 'bom-ref': string; name: string } };
  components: { group?: string; name: string; version: string; 'bom-ref': string }[];
  dependencies: { ref: string; dependsOn?: string[] }[];
}

/**
 * Returns the software bill of materials of a release, as CycloneDX in JSON. It is npm's own for the actions and the command, without
 * what no bundle contains. The same source gives the same text.
 * @param date when the source was committed, ISO 8601
 * @throws Error if npm does not list a package that a bundle contains
 */
export function bundledSbom(root: string, date: string): string {
  const workspaces = bundlesIn(root).map((path) => `--workspace=${path}`);
  // With `--omit dev`, npm leaves out packages that the tools of this project use too.
  const text = execFileSync(
    'npm',
    ['sbom', '--sbom-format=cyclonedx', '--package-lock-only', ...workspaces],
    {
      ...{ cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, stdio: ['ignore', 'pipe', 'inherit'] },
    },
  );
  return (
    JSON.stringify(onlyBundled(JSON.parse(text) as Sbom, bundledPackages(root), date), undefined, 2) + '\n'
  );
}

/** Leaves out the components of a document that are not in `bundled`, which has names with versions. */
export function onlyBundled(sbom: Sbom, bundled: readonly string[], date: string): Sbom {
  const nameOf = ({ group, name, version }: Sbom['components'][number]): string =>
    `${group === undefined ? '' : `${group}/`}${name} ${version}`;
  const components = sbom.components.filter((one) => bundled.includes(nameOf(one)));
  const missing = bundled.filter((name) => !components.some((one) => nameOf(one) === name));
  if (missing.length > 0)
    throw new Error(`npm does not list these packages, which bundles contain: ${missing.join(', ')}.`);
  const kept = new Set([sbom.metadata.component['bom-ref'], ...components.map((one) => one['bom-ref'])]);
  const dependencies = sbom.dependencies
    .filter(({ ref }) => kept.has(ref))
    .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((one) => kept.has(one)) }));
  const hash = createHash('sha256').update(JSON.stringify(components)).digest('hex');
  // A UUID of version 8, whose bits are free to choose. npm's own is random.
  const uuid = hash.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-8$3-8$4-$5');
  // npm's name is the one of the folder.
  const component = { ...sbom.metadata.component, name: 'runner-actions' };
  const metadata = { ...sbom.metadata, timestamp: date, component };
  return { ...sbom, serialNumber: `urn:uuid:${uuid}`, metadata, components, dependencies };
}

/** Returns the folders of what is released as bundles: the actions and the command. */
const bundlesIn = (root: string): string[] => [
  ...readdirSync(join(root, 'actions')).map((name) => `actions/${name}`),
  'packages/cli',
];

/** Returns the packages that the bundles contain, as `name version`, from the licence texts beside them. */
export function bundledPackages(root: string): string[] {
  const texts = bundlesIn(root).map((path) => {
    const file = join(root, path, 'dist/licenses.txt');
    if (!existsSync(file)) throw new Error(`${file} does not exist. Run \`npm run build\` first.`);
    return readFileSync(file, 'utf8');
  });
  const heads = texts.flatMap(
    (text) => text.match(/^(?:@[a-z\d._-]+\/)?[a-z\d._-]+ \d+\.\d+\.\d+\S*$/gm) ?? [],
  );
  return [...new Set(heads)].sort();
}
