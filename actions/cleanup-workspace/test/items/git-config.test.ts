import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConfig } from '../../src/items/git-config.ts';
import { cleanConfig, withoutUserInfo } from '../../src/items/git-config-rules.ts';

/** The settings that the clean-up removes, or in which it changes the value. */
const changed = (text: string, up?: string) => cleanConfig(text, up)?.changed;

describe('parseConfig', () => {
  it.each([
    ['[a]\nk = v', [['a.k', 'v']]],
    ['\u00ef\u00bb\u00bf[A "B"] K=v\r\n', [['a.B.k', 'v']]],
    ['[a.B]k', [['a.b.k', undefined]]],
    ['[a "x\\"y\\\\z"]\nk = "q ; #"  ; comment\n', [['a.x"y\\z.k', 'q ; #']]],
    ['[a]\nk = one \\\n two\t \n', [['a.k', 'one  two']]],
    ['[a]\nk = a\\tb "" \n', [['a.k', 'a\tb ']]],
    ['k = v\n', [['k', 'v']]],
    ['# c\n; d\n\n', []],
  ])('reads %j', (text, entries) => {
    expect(parseConfig(text)?.entries.map(({ name, value }) => [name, value])).toEqual(entries);
  });

  it.each([
    '[a',
    '[]',
    '[a "b]\n',
    '[a b]',
    '[a]\n1 = 2',
    '[a]\nk = "open',
    '[a]\nk = \\x',
    '[a]\nk v',
    '[a_b]',
    'é',
  ])('refuses %j, as git does', (text) => {
    expect(parseConfig(text)).toBeUndefined();
    expect(cleanConfig(text)).toBeUndefined();
  });
});

const checkout = `[core]
	repositoryformatversion = 0
	filemode = true
	bare = false
	logallrefupdates = true
[remote "origin"]
	url = https://github.com/o/r
	fetch = +refs/heads/*:refs/remotes/origin/*
[gc]
	auto = 0
[branch "main"]
	remote = origin
	merge = refs/heads/main
`;

describe('cleanConfig', () => {
  it('leaves the configuration of actions/checkout byte for byte', () => {
    expect(cleanConfig(checkout)).toEqual({ text: checkout, changed: [] });
  });

  it('removes what actions/checkout adds for credentials, and leaves the rest byte for byte', () => {
    const credentials = `[http "https://github.com/"]
	extraheader = AUTHORIZATION: basic c2VjcmV0
[includeIf "gitdir:/w/r/r/.git"]
	path = /w/_temp/git-credentials-5.config
[includeIf "gitdir:/w/r/r/.git/worktrees/*"]
	path = /w/_temp/git-credentials-5.config
[url "https://github.com/"]
	insteadOf = git@github.com:
	insteadOf = org-1@github.com:
`;
    const ssh = '\tsshCommand = "ssh" -i "$RUNNER_TEMP/key"\n';
    const text = checkout.replace('\tbare', `${ssh}\tbare`) + credentials;
    expect(cleanConfig(text)?.text).toBe(checkout);
  });

  it('removes the user from the URL of a remote, so that actions/checkout recognizes it', () => {
    const text = checkout.replace('https://', 'https://x-access-token:s3cr3t@');
    expect(cleanConfig(text)).toEqual({ text: checkout, changed: ["the user in 'remote.origin.url'"] });
  });

  it.each([
    'core.fsmonitor',
    'core.hooksPath',
    'core.pager',
    'core.editor',
    'core.gitProxy',
    'core.askPass',
    'core.worktree',
    'core.alternateRefsCommand',
    'core.attributesFile',
    'alias.co',
    'filter.x.smudge',
    'diff.x.textconv',
    'diff.external',
    'merge.x.driver',
    'credential.helper',
    'credential.https://github.com.helper',
    'hook.x.command',
    'include.path',
    'uploadpack.packObjectsHook',
    'remote.origin.uploadpack',
    'remote.origin.receivepack',
    'remote.origin.vcs',
    'remote.origin.proxy',
    'http.proxy',
    'http.sslVerify',
    'protocol.ext.allow',
    'gc.recentObjectsHook',
    'fetch.bundleURI',
    'gpg.program',
    'submodule.x.update',
    'submodule.x.gitdir',
    'url.https://other.example/.insteadOf',
    'lfs.url',
    'lfs.customtransfer.x.path',
    'index.x.y',
    'constructor.name',
    'core.constructor',
  ])('removes %s', (name) => {
    const [section, ...rest] = name.split('.');
    const [key, middle] = [rest.pop() ?? '', rest.join('.')];
    const header = middle === '' ? `[${section}]` : `[${section} "${middle}"]`;
    for (const valid of [`${header}\n\t${key} = !run\n`, `${header.toUpperCase()} ${key.toUpperCase()}=!run`])
      expect(cleanConfig(valid)?.text.trim()).toBe('');
  });

  it('keeps the filter that LFS files need, and no other program in its place', () => {
    const lfs = '[filter "lfs"]\n\tclean = git-lfs clean -- %f\n\trequired = true\n';
    expect(changed(lfs)).toEqual([]);
    expect(changed(lfs.replace('-- %f', '-- %f && run'))).toEqual(["'filter.lfs.clean'"]);
    expect(changed('[filter "other"]\n\tclean = git-lfs clean -- %f\n')).toEqual(["'filter.other.clean'"]);
  });

  it('keeps the worktree of a submodule only where it is in the workspace', () => {
    const worktree = (path: string) => changed(`[core]\nworktree = ${path}\n`, '../../../');
    expect(worktree('../../../lib')).toEqual([]);
    for (const path of [
      '/home/x',
      '../../../../lib',
      '../../../',
      '../../../a/../..',
      '../../../.git/x',
      '../../../a/.GIT',
    ])
      expect(worktree(path)).toEqual(["'core.worktree'"]);
    expect(changed('[core]\nworktree = ../../../lib\n')).toEqual(["'core.worktree'"]);
  });

  it('is not misled by a NUL, where git sees the end of the name', () => {
    expect(changed('[remote "x\0"]\nurl = y\n[core "hooksPath\0"]\nurl = y\n')).toHaveLength(2);
  });

  it('leaves comments, line ends and the rest of a line', () => {
    const text =
      '; top\r\n[alias] x = !run # secret\r\n[core]\r\n\tbare = false ; no\r\n# end\r\n[a]\n\tx = \\\n  y\n';
    expect(cleanConfig(text)?.text).toBe('; top\r\n \r\n[core]\r\n\tbare = false ; no\r\n# end\r\n');
    expect(cleanConfig('[alias]\n# note\nx = !run\n')?.text).toBe('[alias]\n# note\n');
  });

  it.each([
    [
      'where later jobs push',
      '[remote "origin"]\npushurl = /tmp/x\nmirror = true\n[branch "a"]\npushRemote = x\n',
      3,
    ],
    ['who may write to the repository', '[core]\nsharedRepository = 0666\n', 1],
  ])('removes what changes %s', (_what, text, count) => expect(changed(text)).toHaveLength(count));

  it('does not show a credential in the name of a setting', () => {
    const [name] = changed('[url "https://x:s3cr3t@github.com/"]\ninsteadOf = a\n') ?? [];
    expect(name).toBe("'url.https://github.com/.insteadof'");
    expect(changed('[remote "https://s3cr3t@github.com/"]\nfetch = a\n')).toEqual([
      "'remote.https://github.com/.fetch'",
    ]);
  });

  it.each([
    ['https://u:p@h/x', 'https://h/x'],
    ['https://token@h/x', 'https://h/x'],
    ['https://u:p@q@h/x', 'https://h/x'],
    ['https://h/x@y', 'https://h/x@y'],
    ['ssh://git@h/x', 'ssh://git@h/x'],
    ['ssh://git:p@h/x', 'ssh://git@h/x'],
    ['foo::https://u:p@h', 'foo::https://h'],
    ['git@h:x', 'git@h:x'],
  ])('changes %s to %s', (url, clean) => {
    expect(withoutUserInfo(url)).toBe(clean);
  });
});

const line = fc.constantFrom(
  ...[
    '[core]',
    '[core]\tbare = no',
    '[alias "a"]',
    '[remote "o"] ; c',
    '\turl = https://u:p@h/x # c',
    '\tbare = false',
  ],
  ...[
    'x = !run',
    'hookspath = "a ; b" \\',
    ' more',
    '# comment',
    '',
    '[a][core]',
    'fetch',
    '\tauto=0',
    '[gc]',
  ],
);
const file = fc
  .tuple(fc.array(line, { maxLength: 14 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(([lines, end, last]) => lines.join(end) + (last ? end : ''));

it('removes exactly what it names, changes nothing the second time, and keeps every other setting', () => {
  let parsed = 0;
  fc.assert(
    fc.property(file, (text) => {
      const before = parseConfig(text);
      const cleaned = cleanConfig(text);
      expect(cleaned === undefined).toBe(before === undefined);
      if (before === undefined || cleaned === undefined) return;
      parsed += 1;
      const kept = before.entries.filter(({ name }) =>
        ['core.bare', 'remote.o.url', 'remote.o.fetch', 'gc.auto'].includes(name),
      );
      expect(parseConfig(cleaned.text)?.entries.map(({ name, value }) => [name, value])).toEqual(
        kept.map(({ name, value }) => [name, value?.replace('u:p@', '')]),
      );
      expect(cleanConfig(cleaned.text)).toEqual({ text: cleaned.text, changed: [] });
    }),
    { numRuns: 500 },
  );
  expect(parsed).toBeGreaterThan(20);
});

it('takes linear time for any text', () => {
  const size = 100_000;
  for (const text of ['[a]', '[a]x\n', 'x\n', '[a "\\\\', '#', '[a]\nx=" \\\n', ' '])
    expect(() => cleanConfig(text.repeat(size / text.length))).not.toThrow();
});
