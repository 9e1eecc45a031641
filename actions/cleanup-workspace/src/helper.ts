import { answerRequest, type Deadline, startDeadline } from '@runner-actions/core';
import { encodeName, heldFolder, measureTree, mountsBelow } from '@runner-actions/host';
import type { HelperRequest, Measured, Removed } from './helper-request.ts';
import { removeRest } from './removal.ts';
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

function remove(request: HelperRequest & { act: 'remove' }, place: Place, deadline: Deadline): Removed {
  const unmatched = new Set(request.unmatched);
  const trash = openTrash(place.work, request.trash);
  const outcome = removeRest(request.plan, { place, trash }, request, unmatched, deadline);
  return { outcome, unmatched: [...unmatched] };
}

function measure({ plan }: HelperRequest, { workspace }: Place, deadline: Deadline): Measured {
  const mounts = mountsBelow(workspace.path);
  return plan.steps
    .filter(({ action }) => action !== 'keep')
    .flatMap(({ name }) => {
      const path = Buffer.concat([Buffer.from(`${workspace.path}/`), encodeName(name)]);
      const { files, bytes, complete } = measureTree(path, mounts, deadline);
      return complete ? [{ name, files, bytes }] : [];
    });
}
