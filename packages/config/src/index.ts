export { type Document, documentLimit, readDocument } from './document.ts';
export { describePath, describeProblem, nearestOf, type Problem } from './problem.ts';
export { text } from './text.ts';
export { validate, type Validation } from './validate.ts';
