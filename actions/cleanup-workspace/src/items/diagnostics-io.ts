import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import {
  describeUse,
  isUnknown,
  listProcesses,
  type PathUse,
  realPathOf,
  runnerProcesses,
  useOf,
} from '@runner-actions/host';
import { type DiagnosticFile, judgeLogs, judgePages } from './diagnostics.ts';
import { protectedPaths } from '../workspace.ts';
import { changeTime, type Ground, identityOf, usesIn } from './ground.ts';
import { type PathItem, pathItem, type PathStep } from './path-item.ts';
import { entriesOf, isRealFolder } from './tree-age.ts';

const mostFiles = 20_000;

interface Facts {
  files: DiagnosticFile[];
  identities: Map<string, string>;
}

/** Removes old logs of this runner in `_diag`, and pages of logs that a killed worker has left. */
export function diagnosticsItem(ground: Ground): PathItem {
  const { root } = ground.folders;
  const judge = (): PathStep[] => {
    if (root === undefined || !isRealFolder(root, '_diag')) return [];
    const began = isUnknown(ground.jobStart) ? undefined : ground.jobStart;
    const stepsIn = (names: string[], decide: (files: DiagnosticFile[]) => ReturnType<typeof judgeLogs>) => {
      const { files, identities } = factsIn(join(root, ...names), ground);
      return decide(files).map(({ name, action, why }): PathStep => ({
        ...{ action, why, what: join(root, ...names, name) },
        entry: { base: root, names: [...names, name] },
        identity: identities.get(name) ?? '',
      }));
    };
    const idle = isIdle(root, ground);
    return [
      ...stepsIn(['_diag'], (files) => judgeLogs(files, ground.now - ground.maxAge, began)),
      ...['pages', 'blocks'].flatMap((folder) =>
        stepsIn(['_diag', folder], (files) => judgePages(files, ground.now, began, idle)),
      ),
    ];
  };
  return pathItem({ name: 'diagnostics', judge, judgesOnce: true }, ground);
}

/** Returns whether no worker of this runner runs. Where processes are not visible, one may run. */
function isIdle(root: string, { kernel = {} }: Ground): boolean {
  const processes = listProcesses(kernel);
  if (isUnknown(processes)) return false;
  const workers = runnerProcesses(processes).filter(({ kind }) => kind === 'Worker');
  return workers.every((worker) => worker.root !== undefined && realPathOf(worker.root) !== realPathOf(root));
}

function factsIn(folder: string, ground: Ground): Facts {
  const identities = new Map<string, string>();
  const real = realPathOf(folder);
  const uses = usesIn([real], ground);
  const isProtected = protectedPaths(ground.protect, real).length > 0;
  const files = entriesOf(folder, mostFiles).flatMap((name): DiagnosticFile[] => {
    const entry = lstatSync(join(folder, name), { throwIfNoEntry: false });
    if (entry?.isFile() !== true) return [];
    identities.set(name, identityOf(join(folder, name)));
    const whyKept = isProtected
      ? "protected by the machine's policy"
      : whyOpen(join(real, name), uses, ground);
    return [{ name, changed: changeTime(entry), whyKept }];
  });
  return { files, identities };
}

function whyOpen(path: string, uses: PathUse[] | string, { kernel = {} }: Ground): string | undefined {
  // Systems without a list of processes must do with the age: a log that is written is not old.
  if (typeof uses === 'string') return (kernel.platform ?? process.platform) === 'linux' ? uses : undefined;
  const use = useOf(path, uses);
  return use === undefined ? undefined : `in use: ${describeUse(use)}`;
}
