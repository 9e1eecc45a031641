import { closeDirectory, openDirectory } from './directory-handle.ts';
import type { Folder } from './folder.ts';
import { nothingRemoved, type Removal, type RemoveOptions } from './removal.ts';
import { walkAndRemove } from './removal-walk.ts';
import { emptyByPath } from './remove-by-path.ts';

/**
 * Removes the contents of a directory; the directory itself stays. It works on open directories, so that a link that
 * replaces a directory cannot redirect it. It never enters another mount, not even a bind mount of the same file
 * system. It removes links and does not follow them. Systems other than Linux know a mount only by its device, see
 * `emptyByPath`.
 * @throws Error if the directory itself cannot be opened
 */
export function emptyDirectory(target: string | Folder, options: RemoveOptions = {}): Removal {
  const removal = nothingRemoved();
  const path = typeof target === 'string' ? target : target.path;
  if (process.platform !== 'linux') return emptyByPath(path, options, removal);
  const handle = typeof target === 'string' ? undefined : target.handle;
  const root = handle ?? openDirectory(path);
  try {
    walkAndRemove(root, path, options, removal);
    return removal;
  } finally {
    if (handle === undefined) closeDirectory(root);
  }
}
