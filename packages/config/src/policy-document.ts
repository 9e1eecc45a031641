import { type Document, readDocument } from './document.ts';
import type { PolicyResult, Section } from './policy-io.ts';
import { closestName, type Problem } from './problem.ts';
import { notForPolicies, policySchema } from './schema/policy.ts';
import { validate } from './validate.ts';

/** Parses and validates the text of a policy. */
export function parsePolicy(text: string, path: string): PolicyResult {
  const read = readDocument(text, path);
  const document = read.value === null ? { ...read, value: {} } : read;
  const skipped = unknownSections(document);
  const validation = validate(without(document, skipped), policySchema);
  if (validation.ok) return { kind: 'read', policy: validation.value, path, passedOver: skipped };
  return { kind: 'wrong', problems: validation.problems.map(explain) };
}

const known = Object.keys(policySchema.entries);

function unknownSections({ value, positionOf }: Document): Section[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.keys(value)
    .filter((name) => /^[a-z][a-z\d-]*$/.test(name) && ![...known, ...notForPolicies].includes(name))
    .map((name) => ({ name, nearest: closestName(name, known), ...positionOf([name], 'key') }));
}

function without(document: Document, sections: readonly Section[]): Document {
  if (sections.length === 0) return document;
  const names = sections.map(({ name }) => name);
  const kept = Object.entries(document.value as object).filter(([name]) => !names.includes(name));
  return { ...document, value: Object.fromEntries(kept) };
}

function explain(problem: Problem): Problem {
  if (problem.path.length > 0 || problem.found === undefined || !notForPolicies.includes(problem.found))
    return problem;
  const { nearest: _, ...rest } = problem;
  const expected = `only ${known.filter((key) => key !== 'version').join(', ')} here: '${problem.found}' takes effect before a job reaches this machine, so a policy cannot enforce it; set it in the repository's configuration`;
  return { ...rest, expected };
}
