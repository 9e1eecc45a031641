import { parse } from 'yaml';
import type { Metadata } from '../actions.ts';
import { icons } from './icons.ts';
import { readMarkup } from './markdown.ts';
import type { Tree } from './tree.ts';

const colors = ['white', 'black', 'yellow', 'blue', 'green', 'orange', 'red', 'purple', 'gray-dark'];

/** The form on GitHub's release page says: "Description must be less than 125 characters." */
const descriptionLimit = 125;

/** Categories of the Marketplace. GitHub documents no list; this is what its pages show. */
const categories = new Set(
  `api-management backup-utilities chat code-quality code-review code-search community container-ci
continuous-integration dependency-management deployment deployment-protection-rules desktop-tools game-ci ides learning
localization mobile mobile-ci monitoring open-source-management project-management publishing reporting security
support testing time-tracking utilities`.split(/\s+/),
);

/**
 * Returns a message for each rule of the GitHub Marketplace that a repository breaks. GitHub checks the rules only when
 * a person publishes a release there. Whether other publishers use a name is known to GitHub alone.
 * Source: "Publishing actions in GitHub Marketplace" and "Metadata syntax reference" of GitHub's documentation.
 *
 * @param repositories the files of each repository, by its `owner/name`
 */
export function marketplaceProblems(repositories: ReadonlyMap<string, Tree>): string[] {
  const owners = new Map<string, string>();
  return [...repositories].flatMap(([repository, tree]) => {
    const { name, problems } = metadataProblems(tree);
    const slug = slugOf(name);
    const other = owners.get(slug);
    if (other !== undefined)
      problems.push(`action.yml: the name '${name}' is also that of ${other}. Change one of them.`);
    owners.set(slug, repository);
    return [...problems, ...fileProblems(tree)].map((problem) => `${repository}: ${problem}`);
  });
}

function metadataProblems(tree: Tree): { name: string; problems: string[] } {
  const files = ['action.yml', 'action.yaml'].filter((path) => tree.has(path));
  const [file] = files;
  if (file === undefined)
    return {
      name: '',
      problems: ['it has no action.yml at its root. Add one: a listing describes that action.'],
    };
  const { name = '', description = '', branding } = parse(tree.get(file)?.toString() ?? '') as Metadata;
  const { icon = '', color = '' } = branding ?? {};
  const rules: [boolean, string][] = [
    [files.length === 1, 'action.yaml exists too. Remove one of the two files.'],
    [name.trim() !== '', 'it has no name. Add one.'],
    [
      !name.includes(':'),
      `the name '${name}' has a colon, which breaks the step that users copy. Remove it.`,
    ],
    [!categories.has(slugOf(name)), `the name '${name}' is that of a category. Add words to it.`],
    [
      description !== '' && description.length < descriptionLimit,
      `the description has ${description.length} characters. Write one with 1 to ${descriptionLimit - 1}.`,
    ],
    [icons.has(icon), `the icon '${icon}' is none that GitHub has. Take one of dist-check/release/icons.ts.`],
    [
      colors.includes(color),
      `the color '${color}' is none that GitHub has. Take one of ${colors.join(', ')}.`,
    ],
  ];
  return { name, problems: rules.filter(([isMet]) => !isMet).map(([, problem]) => `${file}: ${problem}`) };
}

function fileProblems(tree: Tree): string[] {
  const readme = tree.get('README.md')?.toString() ?? '';
  const targets = readMarkup(readme).addresses.map(({ text }) => text);
  return [
    ...(readme.trim() === '' ? ['README.md is missing or empty. The listing shows it.'] : []),
    ...targets
      .filter((target) => !/^(https:\/\/|mailto:|#)/.test(target))
      .map(
        (target) =>
          `README.md: the link to ${target} leads nowhere in the Marketplace. Write its whole address.`,
      ),
    ...[...tree.keys()]
      .filter((path) => path.startsWith('.github/workflows/'))
      .map((path) => `${path}: a repository with workflows is not listed. Remove the file.`),
  ];
}

/** Returns the name as it is in the address of a listing. Names with the same address count as the same. */
function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}
