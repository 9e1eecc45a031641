import { rmdirSync } from 'node:fs';
import { type Anchor, closeAnchor, openAnchor, within } from './directory-handle.ts';
import { emptyDirectory, type Residue } from './remove.ts';

/**
 * Removes the folder that `names` lead to below `root`. Each of them is held open before the next is looked up and none may be a
 * link, so that whoever owns what is below cannot lead a more mighty process elsewhere. Linux only.
 * @returns the first thing that stays, and why; `undefined`: nothing does
 */
export function removeBelow(root: string, names: readonly string[]): Residue | undefined {
  const path = [root, ...names].join('/');
  const last = names.at(-1) ?? '';
  if (names.some((name) => ['', '.', '..'].includes(name))) return { path, reason: 'it is not below' };
  const held: Anchor[] = [];
  try {
    let parent = openAnchor(root);
    held.push(parent);
    for (const name of names.slice(0, -1)) {
      parent = openAnchor(within(parent, name), parent);
      held.push(parent);
    }
    const place = within(parent, last).toString();
    closeAnchor(openAnchor(place, parent));
    const [first] = emptyDirectory(place).residue;
    if (first !== undefined) return { ...first, path: first.path.replace(place, path) };
    rmdirSync(place);
    return undefined;
  } catch (error) {
    return { path, reason: (error as Error).message };
  } finally {
    for (const anchor of held) closeAnchor(anchor);
  }
}
