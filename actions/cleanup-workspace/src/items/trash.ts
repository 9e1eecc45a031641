import { type Container, type Image, type ImageKind, isDead, readOwnerName } from '@runner-actions/host';
import type { ItemStep } from '../item.ts';
import type { TrashFolder } from '../trash-survey.ts';

/** A program with the rights to remove files of other users. */
export type Means =
  | {
      by: 'container';
      /** The socket of its engine. */
      engine: string;
      /** The id of its image. */
      image: string;
      /** A name of the image. */
      name: string;
    }
  | { by: 'sudo' };

/** A folder in the trash, or a container that a clean-up left behind. */
export interface TrashStep extends ItemStep {
  folder?: TrashFolder;
  /** In the order in which they are tried. */
  means?: Means[];
  container?: { engine: string; id: string };
}

/** Decides what to do with a folder in the trash. */
export function planFolder(folder: TrashFolder, means: readonly Means[]): TrashStep {
  const what = `.trash/${folder.name}`;
  const keep = (why: string): TrashStep => ({ action: 'keep', what, why });
  if (folder.stays !== undefined) return keep(folder.stays);
  if (folder.blocked === 0) return keep('nothing in it belongs to another user');
  const count = folder.blocked === 1 ? '1 folder' : `${folder.blocked} folders`;
  if (means.length === 0) return keep(`${count} of other users; ${noMeans}`);
  const how = means.map((one) => (one.by === 'sudo' ? 'by sudo' : `by a container of ${one.name}`));
  const why = `${count} of other users; ${how.join(', or else ')}`;
  return { action: 'remove', what, why, folder, means: [...means] };
}

const noMeans = "neither a container engine with an image that has a shell, nor sudo by the machine's policy";

/** Number of images that are tried, the first ones of the list. */
const mostImages = 3;
const shells = ['sh', 'bash', 'ash', 'dash', 'busybox'];

/**
 * Chooses the images whose containers may remove files: those with a name, for this platform. Images that start a shell
 * come first, then small ones.
 * @param platform in Go's names, such as `linux/amd64`
 */
export function chooseImages(
  images: readonly { image: Image; kind: ImageKind }[],
  platform: string,
): { id: string; name: string }[] {
  const startsShell = ({ program }: ImageKind): boolean => shells.includes(program.split('/').at(-1) ?? '');
  return images
    .filter(({ image, kind }) => nameOf(image) !== undefined && kind.platform === platform)
    .sort(
      (one, other) =>
        Number(startsShell(other.kind)) - Number(startsShell(one.kind)) || bySize(one.image, other.image),
    )
    .slice(0, mostImages)
    .map(({ image }) => ({ id: image.id, name: nameOf(image) ?? '' }));
}

/** Compares images: the smaller one first. */
export const bySize = (one: Image, other: Image): number =>
  one.bytes - other.bytes || (one.id < other.id ? -1 : 1);

/** Returns a name of an image. One without a name may be that of a build that is running. */
export const nameOf = ({ tags, digests }: Image): string | undefined => [...tags, ...digests].sort()[0];

/** Returns a platform of Node in Go's names. */
export function goPlatform(platform: string, architecture: string): string {
  const names: Record<string, string> = { x64: 'amd64', ia32: '386', ppc64: 'ppc64le' };
  return `${platform}/${names[architecture] ?? architecture}`;
}

/**
 * Removes numbered folders, for a shell of root. Its arguments: a folder, its device and inode, `confined` if nothing
 * else can be reached, and the names. The folder's name must be a safe pattern.
 *
 * Another folder may be at the path: the engine runs on another machine, or somebody has replaced the folder. `cd` comes
 * first, so that what is checked is what is emptied. Programs are those of the system, not of a job. Only GNU's `rm` follows no link that is put in the place of a folder
 * meanwhile; another one may run only where a link leads nowhere.
 */
export const script = `
PATH=/usr/sbin:/usr/bin:/sbin:/bin
command -v stat >/dev/null && command -v rm >/dev/null || exit 127
folder=$1 identity=$2 where=$3
shift 3
cd -P -- "$folder" 2>/dev/null && [ "$(stat -c %d:%i .)" = "$identity" ] || exit 81
while read -r id parent device root point rest; do
  case $point in */"\${folder##*/}"/*) exit 82 ;; esac
done </proc/self/mountinfo || exit 82
case $(rm --version 2>/dev/null) in
  *'GNU coreutils'*) exec rm -rf --one-file-system -- "$@" 2>/dev/null ;;
esac
[ "$where" = confined ] || exit 83
exec rm -rf -- "$@" 2>/dev/null
`;

/** What the exit code of the script means. `no program`: the image has no shell, or not what the script needs. */
export type Answer = 'removed' | 'not all' | 'another folder' | 'mounts' | 'no GNU rm' | 'no program';

export function readExitCode(code: number): Answer {
  const answers: Record<number, Answer> = {
    ...{ 0: 'removed', 81: 'another folder', 82: 'mounts', 83: 'no GNU rm' },
    ...{ 125: 'no program', 126: 'no program', 127: 'no program' },
  };
  return answers[code] ?? 'not all';
}

/** The label of a container that empties a folder of the trash. Its value is the work folder. */
export const trashLabel = 'runner-actions.trash';
/** The label with the process that started it. */
export const ownerLabel = 'runner-actions.owner';

/** Milliseconds after which a container is left over, if it cannot be determined whether its process has ended. */
const longest = 3_600_000;

/** Returns whether a container is one that a clean-up of this work folder started before it was killed. */
export function isLeftOver(
  { labels, created }: Pick<Container, 'labels' | 'created'>,
  { work, now }: { work: string; now: number },
): boolean {
  const owner = readOwnerName(labels[ownerLabel] ?? '');
  if (labels[trashLabel] !== work || owner === undefined) return false;
  return isDead(owner) ?? (created !== undefined && now - created > longest);
}
