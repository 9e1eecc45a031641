import { answerRequest, type Deadline, startDeadline } from '@runner-actions/core';
import { encodeName, type Folder, heldFolder, measureTree, mountsBelow } from '@runner-actions/host';
import type { HelperRequest } from './file-helper-request.ts';
import type { StepSize } from './item.ts';
import { moveForeignGit, planForeignGit } from './items/foreign-git.ts';
import { cleanKeptGit } from './items/kept-git-io.ts';
import { type KeptGitPlan, planKeptGit } from './items/kept-git-plan.ts';
import { openPathItem, readDisks } from './items/path-items.ts';
import type { WorkspaceStep } from './plan.ts';
import { removeRest } from './removal.ts';
import { openTrash } from './trash.ts';
import { drainTrash } from './leftovers.ts';
import { surveyTrash } from './trash-survey.ts';
import type { Place } from './workspace.ts';

// This process reads, removes and measures files. It may hang in a file system, so the action can abandon it.
void answerRequest<HelperRequest>((request) => {
  const deadline = whileAlive(request.parent, startDeadline(request.milliseconds));
  return answer(request, deadline);
});

async function answer(request: HelperRequest, deadline: Deadline): Promise<unknown> {
  switch (request.act) {
    case 'measure':
      return measure(request.steps, placeOf(request), deadline);
    case 'remove': {
      const place = placeOf(request);
      const trash = openTrash(place.work, request.trash);
      return removeRest(request.steps, { place, trash }, request, new Set(request.unmatched), deadline);
    }
    case 'drain trash':
      return drainTrash(workOf(request), request.protect, deadline);
    case 'plan git':
      return planGit(placeOf(request), request, deadline);
    case 'clean git': {
      const { plan } = request;
      const place = placeOf(request);
      return plan.steps.some(({ change }) => change === 'move')
        ? moveForeignGit(place, plan, request.parent)
        : cleanKeptGit(place.workspace, plan, deadline);
    }
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
      return surveyTrash(workOf(request), facts, request.removes, deadline);
    }
    case 'look at disks': {
      const { low, wasLow, unknown } = await readDisks(request.facts, deadline);
      return { low, wasLow, unknown };
    }
  }
}

function planGit(
  place: Place,
  { protect, isWhole }: { protect: readonly string[]; isWhole: boolean },
  deadline: Deadline,
): KeptGitPlan {
  const foreign = isWhole ? planForeignGit(place, deadline, protect) : undefined;
  return foreign ?? planKeptGit(place.workspace, deadline, protect);
}

/** The first files after the standard ones are the open folders. Work outside of a job uses only `_work`. */
function placeOf(request: HelperRequest): Place {
  const { paths } = request;
  const work = workOf(request);
  return { work, repository: folderAt(paths, 1), workspace: folderAt(paths, 2) };
}

function workOf({ paths }: HelperRequest): Folder {
  return folderAt(paths, 0);
}

function folderAt(paths: readonly string[], index: number): Folder {
  return heldFolder(paths[index] ?? '', process.platform === 'linux' ? 3 + index : undefined);
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
