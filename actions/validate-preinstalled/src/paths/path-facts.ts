import type { JobFolders } from '../strangers/public-file-io.ts';

/** Types of what is at a path. */
export type PathType = 'file' | 'directory' | 'socket' | 'device' | 'pipe';

export type Right = 'read' | 'write' | 'execute';

/** What is at a path, without its content. */
export type PathFacts =
  | { path: string; there: 'nothing' | 'broken link' | 'no access' }
  | {
      path: string;
      there: PathType;
      isLink: boolean;
      /** Permissions: the lowest 12 bits. */
      mode: number;
      uid: number;
      gid: number;
      size: number;
      /** Changes when the path leads to another file or the file changes. */
      identity: string;
      /** When the file or its attributes last changed: milliseconds since 1970. */
      changed: number;
      /** What this process may not do with it, of what was asked. */
      denied: Right[];
    };

/** A question about a path. Its answer may need a file system that does not answer. */
export type PathQuestion =
  | { act: 'look'; path: string; rights: readonly Right[] }
  | { act: 'find'; pattern: string }
  | { act: 'read'; path: string; limitBytes: number }
  | { act: 'digest'; path: string }
  /** Why its content is not for everybody. */
  | { act: 'publicity'; path: string; folders: JobFolders }
  | { act: 'disk'; path: string }
  | { act: 'list'; path: string };
