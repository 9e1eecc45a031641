export type { FullComparison } from './compare.ts';
export { diffFiles } from './diff-files.ts';
export { diffMachine } from './diff-machine-io.ts';
export { changeLine, outcomeLine, toDiffReport } from './report.ts';
