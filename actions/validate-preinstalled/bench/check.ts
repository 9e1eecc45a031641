// `npm run bench`, or `node actions/validate-preinstalled/bench/check.ts`: measures a check of 50 requirements on this
// machine against a shell script of the same checks and, if `goss` is on PATH, against goss; and a check of 5,000 files.
// Figures are whole processes, with Node's start.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { launchJob } from '@runner-actions/testing';
import { argumentsOf, toolNamed } from '@runner-actions/manifest';

const action = resolve(import.meta.dirname, '..');
const rounds = 7;
const amount = 50;
/** Tools as people's files name them, slow ones among them. Those that this machine lacks are left out. */
const candidates =
  'gcloud aws az pip npm mvn java javac gradle kubectl terraform docker go rustc cargo rustup node python3 git gcc g++ make cmake ninja perl jq curl wget tar unzip zip openssl ssh psql tmux bash xz zstd gzip sed';

const folder = mkdtempSync(join(tmpdir(), 'bench-'));

async function run(manifest: string, inputs: Record<string, string> = {}, directory?: string) {
  const given = { manifest, 'on-failure': 'warn', ...inputs };
  const kept = directory === undefined ? {} : { directory };
  const [step] = (await launchJob({ ...kept, steps: [{ action, with: given }] })).steps;
  if (step === undefined) throw new Error('no step ran');
  return step;
}

/** Returns the tools of this machine that pass, and packages up to 50 requirements together with three files. */
async function requirements(): Promise<{ tools: string[]; packages: string[]; files: string[] }> {
  const named = candidates.split(' ').map((name) => `${name}: latest`);
  const { outputs } = await run(`version: 1\ntools: { ${named.join(', ')} }\n`);
  const { results } = JSON.parse(readFileSync(outputs['report'] ?? '', 'utf8')) as {
    results: { name: string; status: string; found: string }[];
  };
  const isRead = (one: (typeof results)[number]): boolean => one.status === 'pass' && /^\d/.test(one.found);
  const tools = results.filter(isRead).map(({ name }) => name);
  const files = ['/etc/hosts', '/etc/passwd', process.execPath];
  const listed = spawnSync('dpkg-query', ['-W', '-f=${Package}\\n'], { encoding: 'utf8' }).stdout ?? '';
  const packages = [...new Set(listed.split('\n').filter((line) => line !== ''))];
  return { tools, files, packages: packages.slice(0, Math.max(0, amount - files.length - tools.length)) };
}

const { tools, packages, files } = await requirements();
const quoted = (names: readonly string[]): string => names.map((name) => `'${name}'`).join(', ');
const manifest = [
  `version: 1\ntools:\n${tools.map((name) => `  '${name}': latest\n`).join('')}`,
  packages.length === 0 ? '' : `packages: [{ apt: [${quoted(packages)}] }]\n`,
  `files:\n${files.map((path) => `  - { path: '${path}' }\n`).join('')}`,
].join('');
const commandOf = (name: string): string[] => [name, ...(argumentsOf(toolNamed(name))[0] ?? [])];

const script = join(folder, 'check.sh');
writeFileSync(
  script,
  [
    ...tools.map(
      (name) =>
        `${commandOf(name)
          .map((word) => `'${word}'`)
          .join(' ')} >/dev/null 2>&1 || echo '${name}'`,
    ),
    ...packages.map((name) => `dpkg-query -W '${name}' >/dev/null 2>&1 || echo '${name}'`),
    ...files.map((path) => `[ -f '${path}' ] || echo '${path}'`),
  ].join('\n'),
);

const gossfile = join(folder, 'goss.yaml');
writeFileSync(
  gossfile,
  JSON.stringify({
    command: Object.fromEntries(tools.map((name) => [commandOf(name).join(' '), { 'exit-status': 0 }])),
    package: Object.fromEntries(packages.map((name) => [name, { installed: true }])),
    file: Object.fromEntries(files.map((path) => [path, { exists: true }])),
  }),
);
const hasGoss = spawnSync('goss', ['--help']).status === 0;

function timed(argv: readonly string[]): number {
  const [file = '', ...rest] = argv;
  const before = performance.now();
  const { status } = spawnSync(file, rest, { stdio: 'ignore', cwd: folder });
  if (status !== 0) throw new Error(`${argv.join(' ')} ended with ${status}`);
  return performance.now() - before;
}

const machine = mkdtempSync(join(tmpdir(), 'runner-'));
const first = await run(manifest, {}, machine);
if (first.outputs['status'] !== 'pass')
  throw new Error(`this machine does not meet the manifest: ${first.outputs['missing']}`);
const many = Array.from(
  { length: 5_000 },
  (_, index) => `  - { path: '/etc/${'./'.repeat(index % 9)}hosts' }\n`,
);
const large = `version: 1\nfiles:\n${many.join('')}`;
const largeFile = join(folder, 'large.yml');
writeFileSync(largeFile, large);

const times: Record<string, number[]> = {};
const note = (name: string, milliseconds: number): void => void (times[name] ??= []).push(milliseconds);
// Take turns, so that other load on the machine affects all alike.
for (let round = 0; round < rounds; round += 1) {
  note('Node alone', timed([process.execPath, '-e', '0']));
  note('action, all checked', (await run(manifest, { reuse: 'false' })).milliseconds);
  note('action, as checked before', (await run(manifest, {}, machine)).milliseconds);
  note('action, 5,000 files', (await run(largeFile, { reuse: 'false' })).milliseconds);
  note('shell script', timed(['bash', script]));
  if (hasGoss) note('goss', timed(['goss', '--gossfile', gossfile, 'validate', '--format', 'silent']));
}

const median = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
console.log(
  `Node ${process.version}, ${rounds} rounds in turns, median (least); ${tools.length} tools, ${packages.length} packages, ${files.length} files`,
);
for (const [name, values] of Object.entries(times))
  console.log(
    `${name.padEnd(28)}${median(values).toFixed(0).padStart(6)} ms (${Math.min(...values).toFixed(0)})`,
  );
if (!hasGoss) console.log('goss is not on PATH: go install github.com/goss-org/goss/cmd/goss@v0.4.9');
const of = (name: string): number => median(times[name] ?? []);
for (const [name, other] of [['shell script'], ['goss']].map(([name = '']) => [name, of(name)] as const))
  if (other > 0)
    console.log(
      `against ${name}: ${(of('action, all checked') / other).toFixed(2)}, as checked before ${(of('action, as checked before') / other).toFixed(2)}`,
    );
