import { describe, expect, it } from 'vitest';
import { read, readOne } from './read.ts';

describe('Brewfile', () => {
  it('reads entries whose name is written out, and leaves what is no package', () => {
    const text = `# what we need
tap "acme/tap"
cask_args appdir: "/Applications"

brew "git" # the newest
brew 'postgresql@16', restart_service: :changed
brew "mysql",
     args: ["with-x", # why
            "HEAD"],
     link: true
brew("wget")
brew "Acme/homebrew-tap/Tool"
brew "homebrew/core/jq"
cask "docker"
mas "Xcode", id: 497799835
go "golang.org/x/tools/cmd/goimports"
cargo "ripgrep"
vscode "acme.editor"
`;
    const { stated, notRead } = read('Brewfile', text);
    expect(stated).toEqual([
      '5:1 packages brew git',
      '6:1 packages brew postgresql@16',
      '7:1 packages brew mysql',
      '11:1 packages brew wget',
      '12:1 packages brew acme/tap/tool',
      '13:1 packages brew jq',
      '16:1 packages go golang.org/x/tools/cmd/goimports',
      '17:1 packages cargo ripgrep',
    ]);
    expect(notRead).toEqual([
      '2:1 tap "acme/tap" | says where formulae come from',
      '3:1 cask_args appdir: "/Applications" | says how casks are installed',
      '14:1 cask "docker" | is a cask, an application of macOS; only formulae are checked',
      '15:1 mas "Xcode", id: 497799835 | is an application of the App Store',
      '18:1 vscode "acme.editor" | is an extension of an editor',
    ]);
  });

  it.each([
    ['brew "glibc" if OS.linux?', 'depends on a condition'],
    ['brew "x" unless ENV["CI"]', 'depends on a condition'],
    ['brew "x", args: [ENV["A"] ? "b" : "c"]', 'depends on a condition'],
    ['system("true") && brew("x")', 'is Ruby that is not read'],
    ['brew "x" \\\n  if OS.mac?', 'depends on a condition'],
    ['brew "#{prefix}-x"', 'has a name that only Ruby can tell'],
    ['brew "a" + suffix', 'has a name that only Ruby can tell'],
    ['brew name', 'is Ruby that is not read'],
    ['brew "--force"', 'is no name of a package'],
    ['brew "a/../b"', 'is no name of a package'],
    ['%w[a b].each { |name| brew name }', 'is Ruby that is not read'],
    ['if OS.mac? then brew "x" end', 'is a condition or a block of Ruby'],
    ['=begin\nbrew "x"\n=end\nbrew "y"', 'brew y'],
    ['brew "y"\n__END__\nbrew "x"', 'brew y'],
    ['text = <<~END\nbrew "x"\nEND', 'may end the file or quote it, so nothing after it is read'],
    ['return unless OS.mac?\nbrew "x"', 'may end the file or quote it, so nothing after it is read'],
  ])('%j', (text, expected) => {
    expect(readOne('Brewfile', text)).toBe(expected);
  });

  it('reads what stands after a condition, nothing within', () => {
    const text = `if OS.mac?
  brew "a"
  [1].each do |n|
    brew "b"
  end
else
  brew "c"
end
x = if y
  brew "d"
end
brew "e"
`;
    const { stated, notRead } = read('Brewfile', text);
    expect(stated).toEqual(['12:1 packages brew e']);
    expect(notRead).toHaveLength(8);
  });
});
