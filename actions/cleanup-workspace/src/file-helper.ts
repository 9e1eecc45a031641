import { answerRequest, type Deadline, startDeadline } from '@runner-actions/core';
import { encodeName, heldFolder, measureTree, mountsBelow } from '@runner-actions/host';
import type { HelperRequest } from './file-helper-request.ts';
import type { StepSize } from './item.ts';
import { moveForeignGit, planForeignGit } from './items/foreign-git.ts';
import { cleanKeptGit } from './items/kept-git-io.ts';
import { planKeptGit } from './items/kept-git-plan.ts';
import { openPathItem, readDisks } from './items/path-items.ts';
import type { WorkspaceStep } from './plan.ts';
import { removeRest } from './removal.ts';
import { openTrash } from './trash.ts';
import { surveyTrash } from './trash-survey.ts';
import type { Place } from './workspace.ts';

// This process reads, removes and measures files. It may hang in a file system, so the action can abandon it.
void answerRequest<HelperRequest>((request) => {
  const deadline = whileAlive(request.parent, startDeadline(request.milliseconds));
  return answer(request, placeOf(request), deadline);
});

async function answer(request: HelperRequest, place: Place, deadline: Deadline): Promise<unknown> {
  switch (request.act) {
    case 'measure':
      return measure(request.steps, place, deadline);
    case 'remove': {
      const trash = openTrash(place.work, request.trash);
      return removeRest(request.steps, { place, trash }, request, new Set(request.unmatched), deadline);
    }
    case 'plan git':
      return (
        (request.isWhole ? planForeignGit(place, deadline, request.protect) : undefined) ??
        planKeptGit(place.workspace, deadline, request.protect)
      );
    case 'clean git':
      return request.plan.steps.some(({ change }) => change === 'move')
        ? moveForeignGit(place, request.plan)
        : cleanKeptGit(place.workspace, request.plan, deadline);
    case 'plan item': {
      const item = await openPathItem(request.item, request.facts, deadline);
      return { steps: await item.plan(deadline), notes: item.notes(undefined) };
    }
    case 'measure item':
      return (await openPathItem(request.item, request.facts, deadline)).measure(request.steps, deadline);
    case 'execute item': {
      const item = await openPathItem(request.item, request.facts, deadline);
      const outcome = await item.execute(request.steps, deadline);
      return { outcome, notes: item.notes(outcome) };
    }
    case 'survey trash': {
      const facts = { ...request.facts, cleaner: request.parent };
      return surveyTrash(place.work, facts, request.removes, deadline);
    }
    case 'look at disks': {
      const { low, wasLow, unknown } = await readDisks(request.facts, deadline);
      return { low, wasLow, unknown };
    }
  }
}

/** The first three files after the standard ones are the open folders. */
function placeOf({ paths }: HelperRequest): Place {
  const [work = '', repository = '', workspace = ''] = paths;
  const folder = (path: string, fd: number) =>
    heldFolder(path, process.platform === 'linux' ? fd : undefined);
  return { work: folder(work, 3), repository: folder(repository, 4), workspace: folder(workspace, 5) };
}

/** Returns a deadline that passes when the parent process ends, if not before. */
function whileAlive(parent: number, deadline: Deadline): Deadline {
  return { ...deadline, remaining: () => (isThere(parent) ? deadline.remaining() : 0) };
}

/** On Windows, the parent's id stays the same after its end. */
function isThere(parent: number): boolean {
  if (process.platform !== 'win32') return process.ppid === parent;
  try {
    return process.kill(parent, 0);
  } catch {
    return false;
  }
}

function measure(steps: readonly WorkspaceStep[], { workspace }: Place, deadline: Deadline): StepSize[] {
  const mounts = mountsBelow(workspace.path);
  return steps
    .filter(({ action }) => action === 'remove')
    .flatMap(({ what }) => {
      const path = Buffer.concat([Buffer.from(`${workspace.path}/`), encodeName(what)]);
      const { files, bytes, complete } = measureTree(path, mounts, deadline);
      return complete ? [{ what, files, bytes }] : [];
    });
}
