import { mkdirSync, mkdtempSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readJob } from '@runner-actions/core';
import { parseRunnerFile } from '@runner-actions/host';
import { containerSources } from '../../src/items/container-sources.ts';

/** The folder of a runner, which its owner reaches by a link. */
function runner(): { real: string; root: string } {
  const parent = realpathSync(mkdtempSync(join(tmpdir(), 'runners-')));
  const real = join(parent, 'r1');
  mkdirSync(join(real, '_work/app/app'), { recursive: true });
  symlinkSync(real, join(parent, 'link'));
  return { real, root: join(parent, 'link') };
}

const sourcesIn = (root: string, protect: string[] = []) =>
  containerSources(
    readJob({ GITHUB_WORKSPACE: join(root, '_work/app/app'), RUNNER_TEMP: join(root, '_work/_temp') }),
    protect,
  );

it('finds the folders of the job without links, and the label of the runner', () => {
  const { real, root } = runner();
  writeFileSync(join(real, '.runner'), '\uFEFF{"agentName":"R1"}');
  const { facts } = sourcesIn(root, [join(root, 'data')]);
  expect(facts).toMatchObject({
    ...{ work: join(real, '_work'), workspace: join(real, '_work/app/app'), temp: join(real, '_work/_temp') },
    ...{ label: parseRunnerFile('{"agentName":"R1"}').label, began: undefined },
    ...{ protect: [join(root, 'data'), join(real, 'data')] },
  });
  // Other runners of this machine may run meanwhile, such as those of other tests.
  expect(facts.otherLabels).not.toContain(facts.label);
});

it('finds the runner beside this one, which is shared with none of its folders', () => {
  const { real, root } = runner();
  const other = join(real, '..', 'r2');
  mkdirSync(other);
  writeFileSync(join(other, '.runner'), '{"workFolder":"w"}');
  writeFileSync(join(real, '.runner'), '{}');
  const { facts } = sourcesIn(root);
  expect(facts.otherFolders).toEqual(
    expect.arrayContaining([other, join(other, 'w')].map((path) => join(path))),
  );
  expect(facts.otherLabels).toContain(parseRunnerFile('{"workFolder":"w"}').label);
  expect(facts.alone).toBe(false);
});

it('knows no label where the runner is installed elsewhere', () => {
  expect(sourcesIn(runner().root).facts.label).toBeUndefined();
});
