import { linesOf, saidFirst, shownLine, withoutRuntimeNotes } from './plain-text.ts';
import type { Unknown } from './failure.ts';

/** A version with at least one dot that does not begin within a word, an address or a path. */
const dotted = /(?<![\w.:/@+~-])v?(\d+\.\d\w*(?:[.+~-]\w+)*)/gi;
/** What may stand between the tool's name and its version. */
const between = /^[\s:,=/-]{0,9}(?:\([a-z][\w ]{0,40}\) )?(?:version|release)?[\s:=]{0,4}v?(?=\d)/i;
const afterName = /^(?:\d+\.\d\w*(?:[.+~-]\w+)*|\d+(?![\w.+~-]))/;
/** After one of these, the text was part of an address, a path or a time. */
const notAfter = new Set(['/', ':', '@']);
/** A line with one of these tells of another version: of what is missing, wanted or wrong. */
const fault =
  /\b(?:errors?|cannot|could not|not found|missing|requires?|required|failed|failure|unsupported)\b/i;
const lineLimit = 1000;
const linesLookedAt = 200;

/**
 * Reads the version of a tool for which there is no rule: the version behind the tool's name, else the only version on
 * the lines that have its name, else the only version on the first line. Of these, lines that tell of a fault do not
 * count.
 *
 * @param names The tool's names
 * @param text Its output, plain
 */
export function generalVersion(names: readonly string[], text: string): { version: string } | Unknown {
  const lines = withoutRuntimeNotes(linesOf(text))
    .slice(0, linesLookedAt)
    .map((line) => line.slice(0, lineLimit));
  const [first] = lines;
  if (first === undefined) return noVersion(text);
  const own = lines.filter(
    (line) => !/\bcopyright\b/i.test(line) && names.some((name) => placesOf(name, line).length > 0),
  );
  const behind = own.flatMap((line) => names.flatMap((name) => versionsBehind(name, line)));
  const candidates = [behind, own.flatMap(versionsOn), versionsOn(first)].map((found) => [...new Set(found)]);
  const [version, other] = candidates.find((found) => found.length > 0) ?? [];
  if (version === undefined) return noVersion(text);
  if (other !== undefined) {
    const line = lines.find((text) => text.includes(other)) ?? first;
    const unknown = `its output has two versions, ${version} and ${other} (${shownLine(line)})`;
    return { unknown, kind: 'ambiguous' };
  }
  return { version };
}

/** Says that a plain output has no version, with its first line. */
export function noVersion(text: string): Unknown {
  const said = saidFirst(linesOf(text));
  const unknown = said === undefined ? 'no output' : `no version in its output (${shownLine(said)})`;
  return { unknown, kind: 'no-version' };
}

function versionsOn(line: string): string[] {
  if (fault.test(line)) return [];
  return [...line.matchAll(dotted)].flatMap(({ 0: text, 1: version, index }) =>
    version === undefined || notAfter.has(line[index + text.length] ?? '') ? [] : [version],
  );
}

/** Where `name` stands in `line` as a word of its own: `podman` is no word of `podman-compose`. */
function placesOf(name: string, line: string): number[] {
  const [needle, hay] = [name.toLowerCase(), line.toLowerCase()];
  const places: number[] = [];
  for (let at = hay.indexOf(needle); at >= 0 && needle !== ''; at = hay.indexOf(needle, at + needle.length)) {
    const [before, after] = [hay[at - 1] ?? ' ', hay.slice(at + needle.length, at + needle.length + 2)];
    if (!/[\w.-]/.test(before) && !/^(?:\w|[.-]\D)/.test(after)) places.push(at + needle.length);
  }
  return places;
}

function versionsBehind(name: string, line: string): string[] {
  return placesOf(name, line).flatMap((at) => {
    const rest = line.slice(at);
    const gap = between.exec(rest)?.[0].length;
    const version = gap === undefined ? undefined : afterName.exec(rest.slice(gap))?.[0];
    if (gap === undefined || version === undefined) return [];
    return notAfter.has(rest[gap + version.length] ?? '') ? [] : [version];
  });
}
