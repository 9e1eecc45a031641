import { stringify } from 'yaml';
import type { World } from './world.ts';

/** Returns a world as the text of a world file, with a comment on each part. */
export function printWorld(world: World): string {
  const part = (key: keyof World, comment: string): string =>
    world[key] === undefined ? '' : `${comment}\n${stringify({ [key]: world[key] }, { lineWidth: 0 })}`;
  return [
    '# A world for `npm run try`. A key that is missing has its default.\n',
    part('repository', '# OWNER/NAME. Default: the remote `origin` of the folder'),
    part('runners', '# Your machines. A job runs on one that has all of its labels and is online'),
    part('tokens', '# Tokens that the simulator of GitHub knows, by their text, with what each may do'),
    part('secrets', '# Secrets of the repository. Those that are missing are empty'),
    part('vars', '# Variables of the repository'),
    part('event', '# The event that triggers the run, and changes to its payload'),
    '# Other keys: owner (user or organization), hosted (labels of larger hosted runners), vars, files (text by path)\n',
  ].join('');
}
