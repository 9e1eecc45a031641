/** What a version in a file means: a range of the manifest's grammar, or why there is none. */
export type VersionMeaning = { version: string; vendor?: string } | { why: string };

export const moves = 'moves: which version it is cannot be told without a network; write a version';
