import type { Requirement } from '@runner-actions/manifest';

/** Tools that take longer than 100 ms to tell their version on an idle machine, where no file tells it. */
const slowTools = new Set(
  'gcloud gsutil az aws kubectl terraform mvn gradle sbt ant kotlinc scala npm pnpm yarn pip pipx poetry ansible conda bazel dotnet pwsh swift sdkmanager flutter'.split(
    ' ',
  ),
);

/** Kinds that wait for other programs, from the slowest on. */
const slowKinds = ['oci', 'gpu', 'engine', 'service', 'library', 'package'];

/**
 * Returns the places of the requirements in the order in which to check them: the slowest first, so that none of them
 * begins when all others are done.
 */
export function slowestFirst(requirements: readonly Requirement[]): number[] {
  const rank = ({ kind, name }: Requirement): number => {
    if (kind === 'tool') return slowTools.has(name) ? slowKinds.length : 1;
    const place = slowKinds.indexOf(kind);
    return place === -1 ? 0 : slowKinds.length - place + 1;
  };
  const ranked = requirements.map((requirement, index) => ({ index, rank: rank(requirement) }));
  return ranked.sort((one, other) => other.rank - one.rank).map(({ index }) => index);
}
