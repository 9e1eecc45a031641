import { startDeadline } from '@runner-actions/core';
import { type ContainerEngine, EngineError, type Image, ownerName, ownerOf } from '@runner-actions/host';
import type { Finding, Machine } from '../kinds/kind.ts';

type Fault = Pick<Finding, 'status' | 'found' | 'advice'>;

/** Milliseconds for the program of the container. What still runs then has been started, which is the question. */
const runLimit = 5_000;
/** Milliseconds to remove the container, also after the time of the check is over. */
const removeLimit = 15_000;
/** Says of a container that a check made it, and which process. */
const label = 'runner-actions.validate';

/**
 * Creates, starts, awaits and removes a container, which has no network and sees nothing of the machine. Pulls nothing.
 * @param wanted the name of an image; `true`: the smallest one that is there
 * @returns what is wrong; or the image that ran
 */
export async function runContainer(
  engine: ContainerEngine,
  wanted: string | true,
  { deadline }: Machine,
): Promise<Fault | { ran: string }> {
  const { items } = await engine.listImages(deadline);
  const image = wanted === true ? await smallest(engine, items, deadline) : findImage(items, wanted);
  if (image === undefined)
    return wanted === true
      ? {
          status: 'error',
          found: 'no image to run a container of',
          advice: 'Pull a small one, such as busybox.',
        }
      : {
          status: 'fail',
          found: `the image ${wanted} is not there`,
          advice: `Pull it on the machine: ${wanted}.`,
        };
  const program = (await engine.inspectImage(image.id, deadline))?.program ?? '';
  const title = image.tags[0] ?? image.id.slice(0, 19);
  if (program === '')
    return { status: 'error', found: `the image ${title} names no program`, advice: 'Name another.' };
  const id = await engine.createContainer(
    {
      image: image.id,
      argv: [program],
      capabilities: [],
      labels: { [label]: ownerName(ownerOf(process.pid)) },
    },
    deadline,
  );
  try {
    await engine.startContainer(id, deadline);
    await engine.waitForContainer(id, deadline.limit(runLimit)).catch((error: unknown) => {
      // A program that runs longer has been started all the same.
      if (!(error instanceof EngineError) || error.status !== undefined) throw error;
    });
  } finally {
    await engine.removeContainer(id, startDeadline(removeLimit));
  }
  return { ran: title };
}

function findImage(images: readonly Image[], wanted: string): Image | undefined {
  // A colon before the last slash belongs to the port of a registry.
  const last = wanted.slice(wanted.lastIndexOf('/') + 1);
  const tagged = /[:@]/.test(last) ? wanted : `${wanted}:latest`;
  const names = ['', 'docker.io/', 'docker.io/library/', 'localhost/'].map((prefix) => prefix + tagged);
  return images.find(({ tags, digests }) => names.some((name) => [...tags, ...digests].includes(name)));
}

async function smallest(
  engine: ContainerEngine,
  images: readonly Image[],
  deadline: Machine['deadline'],
): Promise<Image | undefined> {
  const architecture = { x64: 'amd64', ia32: '386' }[process.arch as string] ?? process.arch;
  const sorted = [...images].sort((one, other) => one.bytes - other.bytes).slice(0, 20);
  for (const image of sorted) {
    const kind = await engine.inspectImage(image.id, deadline);
    if (kind !== undefined && kind.platform.endsWith(`/${architecture}`) && kind.program !== '') return image;
  }
  return undefined;
}
