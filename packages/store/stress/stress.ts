// `npm run stress [-- --seconds 60] [-- --processes 8]`: processes that save, restore, change, check in, evict and check one store at
// once. It fails when a restored tree is not what was saved, when something throws, or when the store is not clean in the end.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkStore, openStore, statisticsOf, sweepStaging } from '../src/index.ts';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, processes: { type: 'string', default: '8' } },
});
const folder = mkdtempSync(join(tmpdir(), 'stress-'));
const root = join(folder, 'store');
openStore(root);
const worker = join(import.meta.dirname, 'worker.ts');
const results = await Promise.all(
  Array.from({ length: Number(values.processes) }, (_, index) =>
    run([root, join(folder, `job-${index}`), values.seconds]),
  ),
);
const counts: Record<string, number> = {};
let failed = 0;
for (const { status, text } of results) {
  if (status !== 0) failed += 1;
  const last = text.trim().split('\n').at(-1) ?? '';
  if (status !== 0 || !last.startsWith('{')) console.log(text);
  else
    for (const [name, count] of Object.entries(JSON.parse(last) as Record<string, number>))
      counts[name] = (counts[name] ?? 0) + count;
}
const store = openStore(root);
sweepStaging(store);
const { entries, copies, problems } = checkStore(store, { full: true });
const left = ['staging', 'leases', 'locks'].flatMap((name) =>
  readdirSync(join(root, name)).map((one) => `${name}/${one}`),
);
console.log(JSON.stringify(counts));
console.log(
  `${entries} entries, ${copies} ready copies, ${problems.length} problems, ${left.length} leftovers`,
);
for (const { folder: where, what } of problems) console.log(`  ${where}: ${what}`);
for (const name of left) console.log(`  ${name}`);
console.log(`${statisticsOf(store).quarantined} in quarantine`);
rmSync(folder, { recursive: true, force: true });
process.exitCode = failed + problems.length + left.length === 0 && (counts['restore'] ?? 0) > 0 ? 0 : 1;

function run(args: string[]): Promise<{ status: number | null; text: string }> {
  const child = spawn(process.execPath, [worker, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part: Buffer) => (text += part.toString()));
  return new Promise((resolve) => child.on('close', (status) => resolve({ status, text })));
}
