import { quote } from '@runner-actions/core';
import { type ConfigEntry, type Edit, editConfig, parseConfig } from './git-config.ts';

type Rule = (value: string) => boolean;
type Rules = Record<string, Rule>;

const anything: Rule = () => true;
const keys = (names: string): Rules => Object.fromEntries(names.split(' ').map((name) => [name, anything]));
const oneOf =
  (...values: readonly string[]): Rule =>
  (value) =>
    values.includes(value);

/**
 * The settings that stay, by section. `*` allows all keys. All of them describe the repository or switch something in
 * git; none names a program, another configuration file, a place outside of the repository, or a credential. Every
 * other setting is removed, because git gets new settings that run programs with its versions (`hook.*.command`).
 * Source: git's Documentation/config on the way to 2.56.
 */
const plain: Record<string, Rules> = {
  core: keys(
    'abbrev autocrlf bare bigfilethreshold checkroundtripencoding checkstat commitgraph compression createobject ' +
      'deltabasecachelimit eol filemode filesreflocktimeout fsync fsyncmethod fsyncobjectfiles hidedotfiles ' +
      'ignorecase ignorestat lockfilepid logallrefupdates longpaths loosecompression maxtreedepth multipackindex ' +
      'packedgitlimit packedgitwindowsize packedrefstimeout precomposeunicode preloadindex protecthfs protectntfs ' +
      'quotepath repositoryformatversion safecrlf sparsecheckout sparsecheckoutcone splitindex ' +
      'symlinks trustctime untrackedcache usereplacerefs warnambiguousrefs whitespace',
  ),
  extensions: { '*': anything },
  fetch: keys(
    'fsckobjects negotiationalgorithm parallel prune prunetags recursesubmodules unpacklimit writecommitgraph',
  ),
  gc: keys(
    'aggressivedepth aggressivewindow auto autodetach autopacklimit bigpackthreshold cruftpacks logexpiry ' +
      'maxcruftsize packrefs pruneexpire reflogexpire reflogexpireunreachable worktreepruneexpire writecommitgraph',
  ),
  feature: keys('experimental manyfiles'),
  index: { '*': anything },
  lfs: keys('repositoryformatversion'),
  maintenance: keys('auto autodetach strategy'),
  pack: { '*': anything },
  protocol: keys('version'),
  submodule: keys('active fetchjobs recurse'),
  transfer: keys('credentialsinurl fsckobjects unpacklimit'),
  user: keys('email name'),
};

/** A part of a path that leads up is refused, so that the folder is below `.git/modules`. */
const moduleFolder: Rule = (value) =>
  /^\.git\/modules\/[^\\]+$/.test(value) && !/(^|\/)\.\.(\/|$)/.test(value);

/** The settings that stay and have a name between section and key, such as `remote.origin.url`. */
const named: Record<string, Rules> = {
  branch: keys('merge rebase remote'),
  lfs: { access: oneOf('basic', 'none', 'negotiate') },
  maintenance: keys('auto batchsize enabled schedule splitfactor'),
  remote: keys(
    'fetch followremotehead partialclonefilter promisor prune prunetags skipdefaultupdate skipfetchall tagopt url',
  ),
  submodule: {
    ...keys('active branch fetchrecursesubmodules ignore shallow url'),
    update: oneOf('checkout', 'merge', 'none', 'rebase'),
    gitdir: moduleFolder,
  },
};

/**
 * `actions/checkout` restores files before it sets these again. Without them, it would leave pointers in the place of
 * LFS files. They run `git-lfs`, which git looks up in PATH.
 */
const lfsFilter: Record<string, Rules> = {
  filter: {
    clean: oneOf('git-lfs clean -- %f'),
    process: oneOf('git-lfs filter-process', 'git-lfs filter-process --skip'),
    required: oneOf('true'),
    smudge: oneOf('git-lfs smudge -- %f', 'git-lfs smudge --skip -- %f'),
  },
};

/** Removes the user and the password from a URL for the web, and the password from another URL. */
export function withoutUserInfo(url: string): string {
  const [, start = '', scheme = '', user] =
    /^((?:[\w-]{1,40}::)?([a-z][a-z\d+.-]*):\/\/)([^/?#]*)@/i.exec(url) ?? [];
  if (user === undefined) return url;
  const rest = url.slice(start.length + user.length + 1);
  if (/^(?:https?|ftps?)$/i.test(scheme)) return start + rest;
  return `${start}${user.split(':', 1)[0] ?? ''}@${rest}`;
}

function isAllowed(
  { name, section, subsection, key, value = 'true' }: ConfigEntry,
  up: string | undefined,
): boolean {
  // Git would see only the part before a NUL.
  if (name.includes('\0')) return false;
  if (name === 'core.worktree') return up !== undefined && isBelow(value, up);
  if (subsection === undefined) return allows(plain, section, key, value);
  if (subsection !== withoutUserInfo(subsection)) return false;
  return allows(section === 'filter' && subsection === 'lfs' ? lfsFilter : named, section, key, value);
}

/** Returns whether a path is below the workspace and not in `.git`. @param up leads to the workspace */
function isBelow(path: string, up: string): boolean {
  const rest = path.slice(up.length);
  return path.startsWith(up) && rest !== '' && !/(?:^|\/)(?:\.{0,2}|\.git)(?:\/|$)/i.test(rest);
}

function allows(sections: Record<string, Rules>, section: string, key: string, value: string): boolean {
  const rules = Object.hasOwn(sections, section) ? sections[section] : undefined;
  const rule = rules !== undefined && Object.hasOwn(rules, key) ? rules[key] : rules?.['*'];
  return rule?.(value) ?? false;
}

export interface CleanedConfig {
  text: string;
  /** The settings that go, as text without credentials, each once. */
  changed: string[];
}

/**
 * Removes from a git configuration all settings that are not known to be harmless, and credentials in URLs.
 * @param text with one character for each byte
 * @param up for a submodule: the path from its git folder to the workspace, such as `../../../`
 * @returns `undefined` if git cannot parse the text
 */
export function cleanConfig(text: string, up?: string): CleanedConfig | undefined {
  const parsed = parseConfig(text);
  if (parsed === undefined) return undefined;
  const edits = parsed.entries.flatMap((entry): Edit[] => {
    if (!isAllowed(entry, up)) return [{ entry, to: 'remove' }];
    const { value } = entry;
    const clean = value === undefined ? undefined : withoutUserInfo(value);
    return clean === undefined || clean === value ? [] : [{ entry, to: { value: clean } }];
  });
  const changed = new Set(edits.map(describe));
  return { text: edits.length === 0 ? text : editConfig(text, parsed, edits), changed: [...changed] };
}

function describe({ entry: { section, subsection, key }, to }: Edit): string {
  const middle = subsection === undefined ? [] : [withoutUserInfo(subsection)];
  const name = quote([...(section === '' ? [] : [section]), ...middle, key].join('.'));
  return to === 'remove' ? name : `the user in ${name}`;
}
