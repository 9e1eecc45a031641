/** How one version stands to another: before it, equal to it, after it. */
export type Order = -1 | 0 | 1;

/**
 * The rules of one versioning scheme. `Version` is what its parser makes of a text. Texts have at most 200 characters.
 */
export interface Scheme<Version = unknown> {
  /** Names the rules in a sentence: "by Debian's rules". */
  rule: string;
  /** A range as users of this scheme write it. */
  example: string;
  /** Returns `undefined` if the text is no version of this scheme. */
  parse(text: string): Version | undefined;
  /** Reads a bound of a range, where that differs from a version that was found. */
  parseBound?(text: string): Version | undefined;
  compare(one: Version, other: Version): Order;
  /** Whether a version is the bound or belongs to its series: 20.1 begins with 20. */
  begins(version: Version, bound: Version): boolean;
  /** Whether `=20` means all of 20.x, as in npm. Else it means this one version, as in Debian. */
  partial?: boolean;
  /**
   * Whether a version counts as the bound itself, though it is higher. So 20.1 is `<=20` and not `>20` in npm. Without
   * this method none does, as in Debian.
   */
  belongs?(version: Version, bound: Version, operator: '>' | '<='): boolean;
  /** The leading dotted numbers of a version. */
  numbers(version: Version): readonly string[];
  /** The version with these numbers that is otherwise like `bound`, such as in its epoch. */
  series(bound: Version, numbers: readonly string[]): string;
  /** Whether `~> 3` means 3.x. */
  pessimisticOfOne?: boolean;
  /** Leaves out the parts of a found version that the bound does not name. `without` names these parts. */
  relevant?(found: Version, bound: Version): { version: Version; without: readonly string[] };
  /** Without this, no version of the scheme is a pre-release. They are only ordered. */
  prereleases?: {
    is(version: Version): boolean;
    /** The release that a pre-release leads to. */
    release(version: Version): Version;
    /** Whether a pre-release is below its own release when that is the bound of `<`. */
    isBelow(bound: Version): boolean;
  };
  /** Says which form is right, if a text that `parse` reads cannot be a bound of this operator. */
  refuse?(bound: string, operator: string): string | undefined;
  /** Versions just above a bound, for the search of a version that meets a range. */
  above(bound: string): readonly string[];
  /** A version below all that people use. */
  lowest: string;
  /** Another reading of the same texts. Where it leads to another answer, there is none. */
  second?: { scheme: Scheme<Version>; why: string };
}
