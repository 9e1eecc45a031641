import { isPackageName } from './names.ts';
import type { Findings, PackageManager, Place } from './stated.ts';

/** Entries that name a package (https://docs.brew.sh/Brew-Bundle-and-Brewfile). */
const managers = new Map<string, PackageManager>([
  ['brew', 'brew'],
  ['cargo', 'cargo'],
  ['go', 'go'],
  ['npm', 'npm'],
]);

/** The other entries, and why they are no requirement that can be checked. */
const others = new Map([
  ['cask', 'is a cask, an application of macOS; only formulae are checked'],
  ['cask_args', 'says how casks are installed'],
  ['flatpak', 'is an application of Flatpak'],
  ['krew', 'is a plugin of kubectl'],
  ['mas', 'is an application of the App Store'],
  ['tap', 'says where formulae come from'],
  ['uv', 'is a tool of uv, which has a place of its own'],
  ['vscode', 'is an extension of an editor'],
  ['whalebrew', 'is an image of Whalebrew'],
]);

/** A statement of Ruby with the place of its first sign. */
interface Statement extends Place {
  text: string;
}

/**
 * Reads a `Brewfile`. It is a program in Ruby, so only lines are read that cannot mean anything else: an entry with
 * its name in quotes. What depends on a condition is left.
 */
export function readBrewfile(text: string, found: Findings) {
  let depth = 0;
  for (const statement of statementsOf(text)) {
    const { text: ruby } = statement;
    if (/^(?:return|exit|abort|raise|next|break)\b|<<[~-]?["'A-Z]/.test(ruby)) {
      return found.leave(statement, ruby, 'may end the file or quote it, so nothing after it is read');
    }
    if (/^end\b/.test(ruby)) depth = Math.max(0, depth - 1);
    else if (isBlock(ruby)) {
      // A block on one line ends there.
      if (!/\bend$/.test(ruby)) depth += 1;
      found.leave(statement, ruby, 'is a condition or a block of Ruby');
    } else if (depth > 0) found.leave(statement, ruby, 'depends on a condition');
    else readEntry(found, statement);
  }
}

function isBlock(ruby: string): boolean {
  const opens = /^(?:\w+ ?= ?)?(?:if|unless|case|while|until|for|begin|def|class|module)\b/;
  return (
    opens.test(ruby) || /\bdo(?: ?\|[^|]*\|)?$/.test(ruby) || (/\bdo\b/.test(ruby) && /\bend$/.test(ruby))
  );
}

function readEntry(found: Findings, statement: Statement) {
  const { text } = statement;
  const [, verb = '', double, single, rest = ''] =
    /^([a-z_]+)[ (]\s*(?:"([^"]*)"|'([^']*)')(.*)$/.exec(text) ?? [];
  const name = double ?? single ?? '';
  const kind = verb === '' ? (/^[a-z_]+/.exec(text)?.[0] ?? '') : verb;
  const why = others.get(kind);
  if (why !== undefined) return found.leave(statement, text, why);
  const manager = managers.get(verb);
  if (manager === undefined) return found.leave(statement, text, 'is Ruby that is not read');
  if (/\b(?:if|unless|and|or|while|until)\b|[;?&|]/.test(withoutTexts(rest))) {
    return found.leave(statement, text, 'depends on a condition');
  }
  if (name.includes('#{') || name.includes('\\') || !/^\s*(?:$|[,)])/.test(rest)) {
    return found.leave(statement, text, 'has a name that only Ruby can tell');
  }
  if (!isPackageName(name)) return found.leave(statement, text, 'is no name of a package');
  found.state(statement, { section: 'packages', manager, name: manager === 'brew' ? formula(name) : name });
}

/** Homebrew writes names small, without its own tap, and taps without their prefix (bundle/dsl.rb). */
function formula(name: string): string {
  const parts = name.toLowerCase().split('/');
  if (parts.length !== 3) return parts.join('/');
  const [user = '', repository = '', short = ''] = parts;
  const tap = repository.replace(/^homebrew-/, '');
  return user === 'homebrew' && (tap === 'homebrew' || tap === 'core') ? short : `${user}/${tap}/${short}`;
}

function withoutTexts(ruby: string): string {
  return ruby.replaceAll(/"[^"]*"|'[^']*'/g, '""');
}

/** The comment of a line begins with a `#` outside of quotes that follows a space or begins the line. */
function withoutComment(line: string): string {
  let quote = '';
  for (let at = 0; at < line.length; at += 1) {
    const sign = line[at] ?? '';
    if (quote !== '') quote = sign === quote ? '' : quote;
    else if (sign === '"' || sign === "'") quote = sign;
    else if (sign === '#') return line.slice(0, at);
  }
  return line;
}

/** Joins lines whose entry goes on: after a comma, or within brackets. */
function* statementsOf(text: string): Generator<Statement> {
  let open: Statement | undefined;
  let inComment = false;
  for (const [index, raw] of text.split('\n').entries()) {
    if (raw.startsWith('__END__')) break;
    if (raw.startsWith('=begin')) inComment = true;
    const line = inComment ? '' : withoutComment(raw.replace(/\r$/, ''));
    if (raw.startsWith('=end')) inComment = false;
    const trimmed = line.trim();
    if (trimmed === '') continue;
    const first = { text: trimmed, line: index + 1, column: line.search(/\S/) + 1 };
    const statement: Statement = open === undefined ? first : { ...open, text: `${open.text} ${trimmed}` };
    // No entry has more lines or signs, so joining stays cheap.
    const long = index + 1 - statement.line >= 40 || statement.text.length > 4000;
    open = !long && goesOn(statement.text) ? statement : undefined;
    if (open === undefined) yield statement;
  }
  if (open !== undefined) yield open;
}

function goesOn(text: string): boolean {
  const bare = withoutTexts(text);
  const count = (signs: RegExp) => bare.match(signs)?.length ?? 0;
  return /[,\\]$/.test(bare) || count(/[([{]/g) > count(/[)\]}]/g);
}
