import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDeadline } from '@runner-actions/core';
import { toolNamed } from '@runner-actions/manifest';
import { describe, expect, it } from 'vitest';
import { recordedOutputs } from '../../../packages/manifest/test/tools/recorded.ts';
import { checkAll } from '../src/check.ts';
import { openMachine } from '../src/machine-io.ts';
import { jobWith, requirementsOf } from './kinds/check-kind.ts';

/** A tool that answers as a real one did. */
interface Tool {
  name: string;
  stdout: string;
  stderr: string;
  code: number;
  version: string;
}

/** One recorded answer of each tool that is asked by its own name, and that has one version. */
const tools: Tool[] = [
  ...new Map(
    recordedOutputs()
      .filter(({ tool, reading }) => {
        const entry = toolNamed(tool);
        const isPlain = entry?.names[0] === tool && entry.command === undefined && entry.list !== true;
        return isPlain && 'versions' in reading && /^\d+\.\d/.test(reading.versions[0] ?? '');
      })
      .map(({ tool, output: { stdout, stderr, code }, reading }) => {
        const [version = ''] = 'versions' in reading ? reading.versions : [];
        return [tool, { name: tool, stdout, stderr, code: code ?? 1, version }] as const;
      }),
  ).values(),
];

/** Writes a tool into a folder of PATH. It prints texts from files, so that no text is taken for a script. */
function install(folder: string, { name, stdout, stderr, code }: Tool): void {
  const texts = join(folder, '..', 'texts', name);
  writeFileSync(`${texts}.out`, stdout);
  writeFileSync(`${texts}.err`, stderr);
  const script = `#!/bin/sh\n/bin/cat '${texts}.out'\n/bin/cat '${texts}.err' >&2\nexit ${code}\n`;
  rmSync(join(folder, name), { force: true });
  writeFileSync(join(folder, name), script);
  chmodSync(join(folder, name), 0o755);
}

/** Checks that each tool has at least its version, on a machine where `mutate` has changed it. */
async function checkMachine(chosen: readonly Tool[], mutate: (tool: Tool, folder: string) => void) {
  const root = mkdtempSync(join(tmpdir(), 'mutant-'));
  const folder = join(root, 'bin');
  for (const name of ['bin', 'texts']) mkdirSync(join(root, name));
  for (const tool of chosen) {
    install(folder, tool);
    mutate(tool, folder);
  }
  const wanted = Object.fromEntries(
    chosen.map(({ name, version }) => [name, { version: `>=${numbers(version)}`, prerelease: true }]),
  );
  const requirements = await requirementsOf('tools', wanted);
  const machine = openMachine(jobWith({ PATH: folder }), startDeadline(120_000));
  const results = await checkAll(requirements, machine, { concurrency: 8, known: new Set() });
  await machine.close();
  return results.map(({ requirement, status, found }) => ({ name: requirement.name, status, found }));
}

/** The leading numbers of a version, at most three, which every scheme can compare. */
const numbers = (version: string): string =>
  version
    .split(/[^\d.]/, 1)[0]
    ?.split('.')
    .slice(0, 3)
    .join('.') ?? '';

/** A change after which no tool meets its requirement. */
const mutants: [string, (tool: Tool, folder: string) => void][] = [
  ['was removed', ({ name }, folder) => rmSync(join(folder, name))],
  ['may not be executed', ({ name }, folder) => chmodSync(join(folder, name), 0o644)],
  ['is a folder now', ({ name }, folder) => (rmSync(join(folder, name)), mkdirSync(join(folder, name)))],
  ['is empty', ({ name }, folder) => writeFileSync(join(folder, name), '')],
  ['fails, and prints its version', (tool, folder) => install(folder, { ...tool, code: 77 })],
  ['prints nothing', (tool, folder) => install(folder, { ...tool, stdout: '', stderr: '' })],
  [
    'is older',
    (tool, folder) => {
      const older = (text: string): string => text.replaceAll(tool.version, '0.0.1');
      install(folder, { ...tool, stdout: older(tool.stdout), stderr: older(tool.stderr) });
    },
  ],
  ['has lost its interpreter', ({ name }, folder) => writeFileSync(join(folder, name), '#!/no/such/shell\n')],
];

describe('a machine whose tools are broken', () => {
  it('has at least 120 tools that pass as long as they work', async () => {
    const results = await checkMachine(tools, () => undefined);
    expect(results.filter(({ status }) => status !== 'pass')).toEqual([]);
    expect(results.length).toBeGreaterThan(120);
  });

  it.each(mutants)('has no tool that passes when it %s', async (_, mutate) => {
    const results = await checkMachine(tools, mutate);
    expect(results.filter(({ status }) => status === 'pass')).toEqual([]);
    expect(results).toHaveLength(tools.length);
  });

  it('tells a tool that hangs from the others', async () => {
    const [first, ...rest] = tools.slice(0, 6);
    if (first === undefined) throw new Error('no tool');
    const wait = `#!/bin/sh\nexec /bin/sleep 300\n`;
    const root = mkdtempSync(join(tmpdir(), 'mutant-'));
    for (const name of ['bin', 'texts']) mkdirSync(join(root, name));
    const folder = join(root, 'bin');
    for (const tool of rest) install(folder, tool);
    writeFileSync(join(folder, first.name), wait, { mode: 0o755 });
    const wanted = {
      [first.name]: { timeout: '500ms' },
      ...Object.fromEntries(rest.map(({ name }) => [name, 'latest'])),
    };
    const machine = openMachine(jobWith({ PATH: folder }), startDeadline(120_000));
    const requirements = await requirementsOf('tools', wanted);
    const results = await checkAll(requirements, machine, { concurrency: 4, known: new Set() });
    expect(results.map(({ status }) => status)).toEqual(['error', 'pass', 'pass', 'pass', 'pass', 'pass']);
    expect(results[0]?.found).toBe('no answer in time');
  });
});
