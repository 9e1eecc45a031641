import { formatBytes, formatDuration, quote } from '@runner-actions/core';
import type { Image } from '@runner-actions/host';

/** What is known about the machine. Times are milliseconds since 1970. */
export interface ImageFacts {
  now: number;
  /** When this job began; `undefined` if that is unknown. */
  began: number | undefined;
  /** Whether this is the machine's only runner; `undefined` if that is unknown. */
  alone: boolean | undefined;
  /** Milliseconds without use after which an image may go. */
  maxAge: number;
}

/** An image that may go. `pulled`: a registry has it, so that it can be pulled again. */
export interface ImageChoice {
  image: Image;
  kind: 'dangling' | 'pulled' | 'built';
}

/** Milliseconds after which no build can still need a dangling image. */
const danglingAge = 86_400_000;

/**
 * Chooses the images that may go, those first that are easiest to get again: images without a name; then those that a
 * registry has; then those that were only built here. Of each kind, the oldest comes first. An image that a container
 * uses stays, and one whose age is unknown.
 * @param used ids of the images that containers use
 */
export function chooseImages(
  images: readonly Image[],
  used: ReadonlySet<string>,
  facts: ImageFacts,
): ImageChoice[] {
  const { now, began, alone, maxAge } = facts;
  const dangling = alone === true && began !== undefined ? began : now - danglingAge;
  const order = ['dangling', 'pulled', 'built'] as const;
  return images
    .filter(({ id }) => !used.has(id))
    .map((image): ImageChoice => ({ image, kind: kindOf(image) }))
    .filter(({ image: { created, tags }, kind }) => {
      if (created === undefined || new Set(tags.map(repositoryOf)).size > 1) return false;
      return created < (kind === 'dangling' ? dangling : now - maxAge);
    })
    .sort(
      (one, two) =>
        order.indexOf(one.kind) - order.indexOf(two.kind) ||
        (one.image.created ?? 0) - (two.image.created ?? 0),
    );
}

function kindOf({ tags, digests }: Image): ImageChoice['kind'] {
  if (digests.length > 0) return 'pulled';
  return tags.length > 0 ? 'built' : 'dangling';
}

/** The name without its tag. An engine removes an image by its id only if all its tags have the same name. */
function repositoryOf(tag: string): string {
  const colon = tag.lastIndexOf(':');
  return colon > tag.lastIndexOf('/') ? tag.slice(0, colon) : tag;
}

/** Describes an image and why it may go. */
export function describeImage(
  { image, kind }: ImageChoice,
  { maxAge }: ImageFacts,
): { what: string; why: string } {
  const { id, tags, digests, bytes } = image;
  const name = tags[0] ?? digests[0]?.split('@')[0];
  const size = formatBytes(bytes);
  const what = `${name === undefined ? '' : `${quote(name)} `}${id.slice('sha256:'.length, 19)} ${size}`;
  const reason = kind === 'dangling' ? 'has no name' : `is older than ${formatAge(maxAge)}`;
  return { what, why: `it ${reason}, and no container uses it` };
}

/** Formats milliseconds, whole days as `14 days`. */
export function formatAge(milliseconds: number): string {
  const days = milliseconds / 86_400_000;
  if (days < 2 || !Number.isInteger(days)) return formatDuration(milliseconds);
  return `${days} days`;
}
