export { compareManifests } from './compare.ts';
export { diffMachine } from './diff-machine-io.ts';
export { changeLine, countChanges, toDiffReport } from './report.ts';
