import { answerRequest, type Deadline, startDeadline } from '@runner-actions/core';
import { encodeName, heldFolder, measureTree, mountsBelow } from '@runner-actions/host';
import type { HelperRequest } from './helper-request.ts';
import type { StepSize } from './item.ts';
import { removeRest, type WorkspaceOutcome } from './removal.ts';
import { openTrash } from './trash.ts';
import type { Place } from './workspace.ts';

// This process removes and measures files. It may hang in a file system, so the action can abandon it.
answerRequest<HelperRequest>((request) => {
  const place = placeOf(request);
  const deadline = whileAlive(request.parent, startDeadline(request.milliseconds));
  return request.act === 'measure' ? measure(request, place, deadline) : remove(request, place, deadline);
});

/** The first three files after the standard ones are the open folders. */
function placeOf({ paths }: HelperRequest): Place {
  const [work = '', repository = '', workspace = ''] = paths;
  const folder = (path: string, fd: number) =>
    heldFolder(path, process.platform === 'linux' ? fd : undefined);
  return { work: folder(work, 3), repository: folder(repository, 4), workspace: folder(workspace, 5) };
}

/** Returns a deadline that passes when the parent process ends, if not before. */
function whileAlive(parent: number, deadline: Deadline): Deadline {
  return { ...deadline, remaining: () => (process.ppid === parent ? deadline.remaining() : 0) };
}

function remove(
  request: HelperRequest & { act: 'remove' },
  place: Place,
  deadline: Deadline,
): WorkspaceOutcome {
  const trash = openTrash(place.work, request.trash);
  return removeRest(request.steps, { place, trash }, request, new Set(request.unmatched), deadline);
}

function measure({ steps }: HelperRequest, { workspace }: Place, deadline: Deadline): StepSize[] {
  const mounts = mountsBelow(workspace.path);
  return steps
    .filter(({ action }) => action === 'remove')
    .flatMap(({ what }) => {
      const path = Buffer.concat([Buffer.from(`${workspace.path}/`), encodeName(what)]);
      const { files, bytes, complete } = measureTree(path, mounts, deadline);
      return complete ? [{ what, files, bytes }] : [];
    });
}
