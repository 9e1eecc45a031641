// `npm run bench`, or `node packages/store/bench/growth.ts [--entries 100000]`: the cost of a look-up and a save as the
// store grows.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findEntry, pathFromText, openStore, saveEntry, type Space, type Store } from '../src/index.ts';
import { collect } from '../src/evict.ts';
import { best } from './tree.ts';

const { values } = parseArgs({ options: { entries: { type: 'string', default: '100000' } } });
const space: Space = { host: 'github.com', repositoryId: '1', scope: 'main', version: 'v' };
const folder = mkdtempSync(join(tmpdir(), 'bench-'));
const tree = join(folder, 'tree');
mkdirSync(tree);
writeFileSync(join(tree, 'file'), 'content');
const store = openStore(join(folder, 'store'));
let saved = 0;
console.log(
  '\nEntries  exact    newest of one prefix   newest of all   no such key   save     eviction that finds nothing',
);
for (const count of [10, 1000, 10_000, 100_000].filter((size) => size <= Number(values.entries))) {
  while (saved < count) save(store);
  const find = (key: string, restoreKeys: string[] = []) =>
    best('', 5, () => findEntry(store, [space], key, restoreKeys));
  const middle = Math.floor(count / 2);
  const times = [
    find(keyOf(middle)),
    find('x', [`lock-${middle % 100}-`]),
    find('x', ['lock-']),
    find('nothing'),
    best('', 5, () => save(store)),
    best('', 2, () =>
      collect(
        store,
        { maxBytes: 1e12, maxAge: undefined, minFreeBytes: undefined },
        { freeBytes: 1e12, now: Date.now() },
      ),
    ),
  ];
  console.log(
    [
      String(count).padEnd(8),
      ...times.map(({ milliseconds }) => `${milliseconds.toFixed(1)} ms`.padEnd(12)),
    ].join(' '),
  );
}
rmSync(folder, { recursive: true, force: true });

function keyOf(index: number): string {
  return `lock-${index % 100}-${index}`;
}

function save(to: Store): void {
  const sources = [{ path: pathFromText(tree), place: { path: 0, below: '' } }];
  saveEntry(to, space, keyOf(saved), sources, { repository: 'octo/app' });
  saved += 1;
}
