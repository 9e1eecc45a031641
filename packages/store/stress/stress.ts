// `npm run stress [-- --seconds 60] [-- --processes 8]`: several processes save, fetch, restore, change, check in,
// evict, prune and check one store at the same time. Every second process is killed now and then, and another one
// replaces it. The run fails if a restored tree differs from the saved one, if something throws, or if the store is not
// clean at the end.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { removeStagingFolder, openStore } from '../src/index.ts';
import { collect } from '../src/evict.ts';
import { checkStore } from '../src/fsck.ts';
import { statisticsOf } from '../src/statistics.ts';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '60' }, processes: { type: 'string', default: '8' } },
});
const folder = mkdtempSync(join(tmpdir(), 'stress-'));
const root = join(folder, 'store');
openStore(root);
const worker = join(import.meta.dirname, 'worker.ts');
const end = Date.now() + Number(values.seconds) * 1000;
const counts: Record<string, number> = { killed: 0 };
let failed = 0;
await Promise.all(
  Array.from({ length: Number(values.processes) }, (_, index) =>
    keepGoing(join(folder, `job-${index}`), index % 2 === 1),
  ),
);
const store = openStore(root);
collect(
  store,
  { maxBytes: undefined, maxAge: undefined, minFreeBytes: undefined },
  { freeBytes: 1e12, now: Date.now() },
);
const { entries, copies, problems } = checkStore(store, { full: true });
const left = [...['staging', 'leases', 'locks'].flatMap(namesIn), ...namesIn('v3').filter(isStray)];
console.log(JSON.stringify(counts));
console.log(
  `${entries} entries, ${copies} ready copies, ${problems.length} problems, ${left.length} leftovers`,
);
for (const { folder: where, what } of problems) console.log(`  ${where}: ${what}`);
for (const name of left) console.log(`  ${name}`);
console.log(`${statisticsOf(store).quarantined} in quarantine`);
// Links leave read-only folders, which only root could remove as they are.
removeStagingFolder(folder);
process.exitCode = failed + problems.length + left.length === 0 && (counts['restore'] ?? 0) > 0 ? 0 : 1;

function namesIn(name: string): string[] {
  const isDeep = name === 'v3';
  return readdirSync(join(root, name), { recursive: isDeep }).map((one) => `${name}/${one.toString()}`);
}

/** Only entries and their index may remain in a version's folder. */
function isStray(path: string): boolean {
  return /^v3(\/[\da-f]{64}){3}\/(?!keys$|[\da-f]{64}$)[^/]*$/.test(path);
}

async function keepGoing(own: string, isMortal: boolean): Promise<void> {
  for (let left = end - Date.now(); left > 0; left = end - Date.now()) {
    const { killed, status, text } = await run(own, left, isMortal ? 100 + Math.random() * 3000 : undefined);
    if (killed) {
      counts['killed'] = (counts['killed'] ?? 0) + 1;
      continue;
    }
    const last = text.trim().split('\n').at(-1) ?? '';
    if (status === 0 && last.startsWith('{')) {
      for (const [name, count] of Object.entries(JSON.parse(last) as Record<string, number>))
        counts[name] = (counts[name] ?? 0) + count;
    } else {
      failed += 1;
      console.log(text);
    }
  }
}

function run(
  own: string,
  milliseconds: number,
  killAfter: number | undefined,
): Promise<{ killed: boolean; status: number | null; text: string }> {
  const child = spawn(process.execPath, [worker, root, own, String(milliseconds / 1000)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const timer = killAfter === undefined ? undefined : setTimeout(() => child.kill('SIGKILL'), killAfter);
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (part: Buffer) => (text += part.toString()));
  return new Promise((resolve) =>
    child.on('close', (status, signal) => {
      clearTimeout(timer);
      resolve({ killed: signal === 'SIGKILL', status, text });
    }),
  );
}
