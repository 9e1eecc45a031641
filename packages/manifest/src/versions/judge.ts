import { maxLength } from './limits.ts';
import { type Answer, meets } from './meets.ts';
import type { Range } from './range.ts';
import type { Order, Scheme } from './scheme.ts';
import { type SchemeName, schemeOf } from './schemes.ts';

/** Whether a version meets a range, and by which rule; or why nobody can tell. */
export type Judgement = { met: boolean; rule: string; why?: string } | { unknown: string };

/**
 * Judges a version that was found. It is `unknown` if the version cannot be read, and if schemes disagree about it.
 *
 * @param options `prerelease`: pre-releases count as the release that they lead to
 */
export function judge(range: Range, found: string, options: { prerelease?: boolean } = {}): Judgement {
  if (range.any) return { met: true, rule: 'as any version will do' };
  const text = found.trim();
  if (text.length > maxLength) return { unknown: `the version has more than ${maxLength} characters` };
  const rules = schemeOf(range.scheme);
  const answer = answerOf(range, text, rules, options.prerelease === true);
  if (answer === undefined) return { unknown: `\`${text}\` cannot be compared ${rules.rule}` };
  const { second } = rules;
  if (second !== undefined) {
    const other = answerOf(range, text, second.scheme, options.prerelease === true);
    if (other?.met !== answer.met)
      return { unknown: `\`${text}\` may or may not be in the range: ${second.why}` };
  }
  return {
    met: answer.met,
    rule: ruleOf(rules, answer.without),
    ...(answer.isPrerelease ? { why: 'a pre-release' } : {}),
  };
}

/** The answer of the alternative that says most: one that is met, else one that only refuses pre-releases. */
function answerOf(range: Range, text: string, rules: Scheme, allowed: boolean): Answer | undefined {
  const version = rules.parse(text);
  if (version === undefined) return undefined;
  const answers = range.alternatives.map((alternative) => meets(version, alternative, rules, allowed));
  return answers.find(({ met }) => met) ?? answers.find(({ isPrerelease }) => isPrerelease) ?? answers[0];
}

function ruleOf({ rule }: Scheme, without: readonly string[]): string {
  const parts = without.map((part) => `the ${part}`).join(' and ');
  return parts === '' ? rule : `${rule}, without ${parts}`;
}

/** Orders two versions of a scheme. Returns `undefined` if one of them is no version of the scheme. */
export function compareVersions(scheme: SchemeName, one: string, other: string): Order | undefined {
  if (Math.max(one.length, other.length) > maxLength) return undefined;
  const rules = schemeOf(scheme);
  const [a, b] = [rules.parse(one.trim()), rules.parse(other.trim())];
  return a === undefined || b === undefined ? undefined : rules.compare(a, b);
}
