import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findRunners } from '../src/find-runners.ts';
import { neighboursOf } from '../src/neighbours.ts';
import { whyNotIdle } from '../src/runner-idle.ts';
import { kernelTree } from './kernel-tree.ts';

const first = 'pid:[4026531836]';

/** A machine with these processes, seen from the first pid namespace or from another one. */
function machine(programs: readonly string[], namespace = first) {
  const files = ['/sbin/init', ...programs].flatMap((program, index) => [
    [`proc/${index + 1}/stat`, `${index + 1} (x) S 1`],
    [`proc/${index + 1}/cmdline`, `${program}\0run\0`],
  ]);
  const kernel = kernelTree(Object.fromEntries(files) as Record<string, string>);
  mkdirSync(join(kernel.root ?? '', 'proc/self/ns'), { recursive: true });
  symlinkSync(namespace, join(kernel.root ?? '', 'proc/self/ns/pid'));
  return kernel;
}

function makeRunner(name: string, parent = realpathSync(mkdtempSync(join(tmpdir(), 'runners-')))): string {
  const root = join(parent, name);
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, '.runner'), '{}');
  return root;
}

it('a runner is idle if no worker of it runs', () => {
  const idle = (...programs: string[]) => whyNotIdle('/srv/a', machine(programs));
  expect(idle()).toBeUndefined();
  expect(idle('/srv/a/bin/Runner.Listener', '/srv/b/bin/Runner.Worker')).toBeUndefined();
  expect(idle('/srv/a/bin.2.336.0/Runner.Worker')).toBe('a job runs: process 2 is its worker');
});

it('whether a runner is idle is unknown where a worker could be hidden', () => {
  const unknown = (...args: Parameters<typeof machine>) => whyNotIdle('/srv/a', machine(...args));
  expect(unknown(['bin/Runner.Worker'])).toEqual({
    unknown: expect.stringContaining('does not show in which folder'),
  });
  expect(unknown([], 'pid:[5]')).toEqual({ unknown: expect.stringContaining('in a container') });
  expect(unknown(['/srv/a/bin/Runner.Listener'], 'pid:[5]')).toBeUndefined();
  expect(whyNotIdle('/srv/a', kernelTree({}))).toEqual({
    unknown: expect.stringContaining('hides processes'),
  });
  expect(whyNotIdle('/srv/a', { platform: 'darwin' })).toEqual({
    unknown: expect.stringContaining('darwin'),
  });
});

it('runners are found by their units, their processes, and beside these', () => {
  const [byUnit, byProcess] = [makeRunner('unit'), makeRunner('process')];
  const beside = makeRunner('beside', join(byUnit, '..'));
  const units = mkdtempSync(join(tmpdir(), 'units-'));
  const unit = `[Service]\nWorkingDirectory=${byUnit}\n`;
  writeFileSync(join(units, 'actions.runner.octo-app.r1.service'), unit);
  writeFileSync(join(units, 'other.service'), unit.replace('unit', 'elsewhere'));
  const kernel = machine([`${byProcess}/bin/Runner.Listener`]);
  expect(findRunners(kernel, units)).toEqual({
    folders: [beside, byProcess, byUnit].sort(),
    unknown: undefined,
  });
  expect(findRunners(machine([]), '/nowhere')).toEqual({ folders: [], unknown: undefined });
});

it('there may be more runners where processes are hidden, or do not show their folder', () => {
  const unknown = (kernel: Parameters<typeof findRunners>[0]) => findRunners(kernel, '/nowhere').unknown;
  expect(unknown(machine(['bin/Runner.Listener']))).toMatch(/^process 2 is a runner and does not show/);
  expect(unknown(kernelTree({}))).toContain('hides processes');
});

it('a neighbour counts once, by its path without links, and never as its own neighbour', () => {
  const root = makeRunner('a');
  const parent = join(root, '..');
  const [beside, elsewhere] = [makeRunner('b', parent), makeRunner('c')];
  mkdirSync(join(parent, 'no-runner'));
  for (const [name, target] of Object.entries({ own: root, again: beside, link: elsewhere }))
    symlinkSync(target, join(parent, name));
  expect(neighboursOf(root)?.sort()).toEqual([beside, elsewhere].sort());
  expect(neighboursOf(join(parent, 'own'))?.sort()).toEqual([beside, elsewhere].sort());
});
