/** Versions and ranges of versions, by the rules of each ecosystem. */
export { compareVersions, judge, type Judgement } from './judge.ts';
export { parseRange, type Range } from './range.ts';
export { canBothBeMet } from './satisfiable.ts';
export { schemes, type SchemeName } from './schemes.ts';
