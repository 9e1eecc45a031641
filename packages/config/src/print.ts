import { Document as YamlDocument, isMap, isPair, isScalar, type Node, type YAMLMap } from 'yaml';
import { type Tree, toValue } from './tree.ts';

/**
 * Prints the effective configuration as YAML, with the origin of each value in a comment (`# file:line`). The output
 * is a valid configuration file with the same values.
 */
export function printEffective(tree: Tree): string {
  const document = new YamlDocument(toValue(tree) ?? {});
  if (isMap(document.contents)) annotate(document.contents, tree);
  return document.toString({ lineWidth: 0 });
}

function annotate(map: YAMLMap, tree: Tree): void {
  if (tree.kind !== 'branch') return;
  for (const pair of map.items) {
    const key = isScalar(pair.key) ? String(pair.key.value) : '';
    const child = tree.entries.get(key);
    const value = isPair(pair) ? (pair.value as Node | null) : null;
    if (child === undefined || value === null) continue;
    if (child.kind === 'branch' && isMap(value) && value.items.length > 0) {
      annotate(value, child);
      continue;
    }
    const { file, line } = child.origin.value;
    if (isMap(value) || 'items' in value) (value as { flow?: boolean }).flow = true;
    value.comment = ` ${file.replaceAll(/\s/g, ' ')}:${line}`;
  }
}
