import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diagnosticsItem } from '../../src/items/diagnostics-io.ts';
import { judgeLogs, judgePages } from '../../src/items/diagnostics.ts';
import { makeMachine, planOf, runItem, type StubProcess } from './runner-world.ts';

const log = (name: string, changed: number, whyKept?: string) => ({ name, changed, whyKept });
const removed = (verdicts: { name: string; action: string }[]) =>
  verdicts.filter(({ action }) => action === 'remove').map(({ name }) => name);
const page = '0b2e1f0a-0000-4000-8000-000000000001_0b2e1f0a-0000-4000-8000-000000000002';

describe('a log of the runner', () => {
  const logs = [
    log('Runner_20260101-000000-utc.log', 10),
    log('Runner_20260102-000000-utc.log', 20),
    log('Runner_20260201-000000-utc.log', 90),
    log('Worker_20260101-000000-utc.log', 11),
    log('Worker_20260102-000000-utc.log', 12),
  ];

  it('may go if it is old, but the newest of each kind stays', () => {
    expect(removed(judgeLogs(logs, 80, undefined))).toEqual([
      ...[
        'Runner_20260101-000000-utc.log',
        'Runner_20260102-000000-utc.log',
        'Worker_20260101-000000-utc.log',
      ],
    ]);
    expect(removed(judgeLogs(logs, 15, undefined))).toEqual([
      ...['Runner_20260101-000000-utc.log', 'Worker_20260101-000000-utc.log'],
    ]);
  });

  it('stays if it is the newest before this job, or was written since', () => {
    expect(removed(judgeLogs(logs, 100, 50))).toEqual([
      ...['Runner_20260101-000000-utc.log', 'Worker_20260101-000000-utc.log'],
    ]);
    expect(removed(judgeLogs(logs, 100, 10))).toEqual([]);
  });

  it('stays while a process has it open, and newest counts by name and by change', () => {
    expect(removed(judgeLogs([log('SelfUpdate-20260101-000000.log.succeed', 1, 'open')], 80, 70))).toEqual(
      [],
    );
    const touched = [log('Runner_20260101-000000-utc.log', 30), log('Runner_20260102-000000-utc.log', 20)];
    expect(removed(judgeLogs([...touched, log('Runner_20251231-000000-utc.log', 5)], 80, undefined))).toEqual(
      ['Runner_20251231-000000-utc.log'],
    );
  });

  it('is not a file of another name', () => {
    const names = ['.telemetry', 'Runner_x.log', 'notes.log', 'Runner_20260101-000000-utc.log/../../x'];
    expect(
      judgeLogs(
        names.map((name) => log(name, 1)),
        80,
        undefined,
      ),
    ).toEqual([]);
  });
});

describe('a page of a log', () => {
  const hour = 3_600_000;
  const pages = [log(`${page}_1.log`, 10 * hour), log(`${page}.2`, 20 * hour), log('other', 1)];

  it('may go if it is older than the job of its runner, and an hour more', () => {
    expect(removed(judgePages(pages, 100 * hour, 20.5 * hour, false))).toEqual([`${page}_1.log`]);
    expect(removed(judgePages(pages, 100 * hour, 21.1 * hour, false))).toHaveLength(2);
  });

  it('may go an hour after it was written if the runner has no job, and stays if nothing is known', () => {
    expect(removed(judgePages(pages, 20.5 * hour, undefined, true))).toEqual([`${page}_1.log`]);
    expect(removed(judgePages(pages, 100 * hour, undefined, false))).toEqual([]);
  });
});

describe('diagnostics', () => {
  const files = [
    ...['01', '02', '03'].map((date) => `_diag/Worker_202601${date}-000000-utc.log`),
    ...[`_diag/pages/${page}_1.log`, `_diag/blocks/${page}.1`, '_diag/.telemetry', '_diag/pages/other'],
  ];
  const removals = async (ground: Parameters<typeof diagnosticsItem>[0], root: string) =>
    (await planOf(diagnosticsItem(ground), root)).filter((step) => step.startsWith('remove'));

  it('removes old logs and pages of this runner only', async () => {
    const { root, ground } = makeMachine([...files, '../other/_diag/Worker_20250101-000000-utc.log']);
    expect(await removals(ground, root)).toEqual([
      ...['remove _diag/Worker_20260101-000000-utc.log', 'remove _diag/Worker_20260102-000000-utc.log'],
      ...[`remove _diag/blocks/${page}.1`, `remove _diag/pages/${page}_1.log`],
    ]);
    expect(await runItem(diagnosticsItem(ground))).toMatchObject({ removed: 4, leftovers: [] });
    expect(readdirSync(join(root, '_diag')).sort()).toEqual([
      ...['.telemetry', 'Worker_20260103-000000-utc.log', 'blocks', 'pages'],
    ]);
    expect(readdirSync(join(root, '_diag/pages'))).toEqual(['other']);
    expect(readdirSync(join(root, '../other/_diag'))).toHaveLength(1);
  });

  it('leaves open files, and pages while the start of the job is not known', async () => {
    const opens = (root: string): StubProcess[] => [
      { pid: 7, command: 'x', links: { 'fd/4': `${root}/_diag/Worker_20260101-000000-utc.log` } },
    ];
    const { root, ground } = makeMachine(files, opens);
    expect(await removals({ ...ground, jobStart: { unknown: '' } }, root)).toEqual([
      'remove _diag/Worker_20260102-000000-utc.log',
    ]);
  });

  it('goes by age where processes are not visible, but leaves everything where Linux hides them', async () => {
    const { root, ground } = makeMachine(files);
    expect(await removals({ ...ground, kernel: { platform: 'darwin' } }, root)).toHaveLength(4);
    const hidden = { ...ground.kernel, root: join(root, 'no-proc') };
    expect(await removals({ ...ground, kernel: hidden }, root)).toEqual([]);
  });

  it('leaves new logs, and does nothing where the runner is not visible', async () => {
    const { root, ground } = makeMachine(files);
    expect(await removals({ ...ground, now: Date.now(), jobStart: Date.now() }, root)).toEqual([]);
    expect(await removals({ ...ground, folders: { ...ground.folders, root: undefined } }, root)).toEqual([]);
  });
});
