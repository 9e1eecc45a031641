import { type Change, type Comparison, sortChanges } from './compare.ts';
import { keyOf } from './groups.ts';
import type { FoundPackages } from '../machine-facts/packages/package-database.ts';

/**
 * Joins a package that is gone with the new one that provides its name: that is a rename, and programs that need the old
 * name still work. A package that was there before is no new name.
 * @param known keys of all items of the first manifest
 * @param find asks the database of the machine that the second manifest describes
 */
export async function joinRenames(
  { changes, ...rest }: Comparison,
  known: ReadonlySet<string>,
  manager: string,
  find: (name: string) => Promise<FoundPackages> | FoundPackages,
): Promise<Comparison> {
  const kind = `${manager} package`;
  const replaced = new Set<string>();
  const joined: Change[] = [];
  for (const change of changes) {
    if (change.change !== 'removed' || change.kind !== kind) {
      joined.push(change);
      continue;
    }
    const { providers } = await find(change.name);
    const provider = providers.find(
      ({ by }) => by.state === 'installed' && !known.has(keyOf({ kind, name: by.name })),
    );
    if (provider === undefined) {
      joined.push(change);
      continue;
    }
    replaced.add(provider.by.name);
    const after = `${provider.by.name} ${provider.by.version}`;
    joined.push({ ...change, change: 'renamed', after });
  }
  const isReplaced = ({ change, kind: one, name }: Change): boolean =>
    change === 'added' && one === kind && replaced.has(name);
  return { changes: sortChanges(joined.filter((one) => !isReplaced(one))), ...rest };
}
