import { closestName, type Problem } from '@runner-actions/config';
import type { Requirement } from '../manifest.ts';
import { canBothBeMet } from '../versions/index.ts';
import { type Node, roundsOf } from './graph.ts';

/**
 * Returns what is wrong with the order of a manifest's features: names of none, versions that no version meets at once,
 * and cycles. They are found before anything is checked or changed, since they depend on no machine.
 */
export function featureProblems(requirements: readonly Requirement[]): Problem[] {
  const features = requirements.filter((one) => one.kind === 'feature');
  const names = features.map(({ name }) => name);
  const known = new Map(features.map((one) => [one.name, one]));
  const unknown = requirements.flatMap((one) => {
    const { dependsOn, installsAfter } = orderOf(one);
    return [
      ...dependsOn.map((name) => ['dependsOn', name] as const),
      ...installsAfter.map((name) => ['installsAfter', name] as const),
    ]
      .filter(([, name]) => !known.has(name))
      .map(([key, name]) => {
        const nearest = closestName(name, names);
        return {
          ...at(one, [key], name, 'the name of a feature of this manifest; state it in `features`'),
          ...(nearest === undefined ? {} : { nearest }),
        };
      });
  });
  const conflicts = features.flatMap((one) =>
    Object.entries(one.needs).flatMap(([name, range]) => {
      const other = known.get(name);
      if (other === undefined || canBothBeMet(range, other.range)) return [];
      const expected = `a range that also meets \`${other.range.text}\`, which the manifest states for ${name}`;
      return [at(one, ['dependsOn', name], range.text, expected)];
    }),
  );
  const rounds = roundsOf(features);
  const first = features.find(({ name }) => 'cycle' in rounds && rounds.cycle[0] === name);
  const cycle =
    'cycle' in rounds && first !== undefined
      ? [at(first, ['dependsOn'], rounds.cycle.join(' → '), 'an order of features without a cycle')]
      : [];
  return [...unknown, ...conflicts, ...cycle];
}

function orderOf(one: Requirement): Pick<Node, 'dependsOn' | 'installsAfter'> {
  if (one.kind === 'feature') return one;
  return { dependsOn: 'dependsOn' in one ? one.dependsOn : [], installsAfter: [] };
}

function at(requirement: Requirement, keys: readonly string[], found: string, expected: string): Problem {
  const { file, line, column, kind, name } = requirement;
  return { ...{ file, line, column, found, expected }, path: [`${kind} ${name}`, ...keys] };
}
