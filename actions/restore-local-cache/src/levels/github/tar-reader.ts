import { relative, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  pathFromText,
  type Item,
  type TreePlace,
  type TreeWriter,
  UnsafeArchive,
  type UnpackOptions,
  writeTrees,
} from '@runner-actions/store';
import { Parser } from 'tar/parse';
import type { ReadEntry } from 'tar/read-entry';
import { linkRule } from '../../plan/link-rule.ts';
import { placeOfFile, type PathContext } from '../../plan/targets.ts';

interface TarOptions extends Pick<UnpackOptions, 'limits' | 'tick'> {
  /** The paths of the input. Members outside of them are refused. */
  paths: readonly string[];
  context: PathContext;
}

interface Tree {
  place: TreePlace;
  target: string;
  writer: TreeWriter;
}

/**
 * Unpacks an archive of `actions/cache` into `folder`, one tree for each folder that the paths match. Member names are
 * relative to the workspace (`../../../.npm/…`). Each member is checked before it is created, and nothing is written
 * outside of `folder`. If paths overlap, `tar` lists files and folders twice: repeated members are skipped.
 * @returns the places of the trees
 * @throws UnsafeArchive; Error for a damaged or truncated archive
 */
export async function readTar(stream: Readable, folder: string, plan: TarOptions): Promise<TreePlace[]> {
  const trees = new Map<string, Tree>();
  await writeTrees(folder, plan, async (next) => {
    let members = 0;
    await parseTar(stream, (entry) => {
      members += 1;
      return writeMember(entry, trees, plan, (target) =>
        next(linkRule(target, plan.paths, plan.context.roots)),
      );
    });
    if (members === 0) throw new Error('The archive is empty or cut off');
  });
  return [...trees.values()].map(({ place }) => place);
}

/**
 * Parses the archive. The first error ends it.
 * @param writeMember returns the writer for the content of a member, if the content is needed
 */
async function parseTar(
  stream: Readable,
  writeMember: (entry: ReadEntry) => ReturnType<TreeWriter['make']>,
): Promise<void> {
  let fault: unknown;
  const orFault = <T>(act: () => T): T | undefined => {
    try {
      return fault === undefined ? act() : undefined;
    } catch (error) {
      fault = error;
      return undefined;
    }
  };
  const parser = new Parser({
    strict: true,
    onReadEntry: (entry) => {
      const file = orFault(() => writeMember(entry));
      if (file === undefined) return void entry.resume();
      entry.on('data', (part: Buffer) => orFault(() => file.write(part)));
      entry.on('end', () => orFault(() => file.end()));
    },
  });
  await pipeline(stream, async function (source: AsyncIterable<Buffer>) {
    for await (const part of source) {
      parser.write(part);
      if (fault !== undefined) throw fault as Error;
    }
    await new Promise<void>((ended, failed) => {
      parser.on('end', ended);
      parser.on('error', failed);
      parser.end();
    });
  });
  if (fault !== undefined) throw fault as Error;
}

/**
 * Creates a member in its tree.
 * @returns the writer for the content of a file
 */
function writeMember(
  entry: ReadEntry,
  trees: Map<string, Tree>,
  plan: TarOptions,
  open: (target: string) => TreeWriter,
): ReturnType<TreeWriter['make']> {
  const { workspace } = plan.context.roots;
  const full = resolve(workspace, entry.path);
  const { target, writer } = treeFor(full, trees, plan, open);
  const item = itemFrom(entry, pathFromText(relative(target, full)));
  if (item.kind !== 'link' && writer.kindOf(item.path) === item.kind) {
    writer.passOver(item);
    return undefined;
  }
  if (entry.type !== 'Link') return writer.make(item);
  const other = resolve(workspace, entry.linkpath ?? '');
  for (const tree of trees.values()) {
    const path = pathFromText(relative(tree.target, other));
    if (tree.writer.kindOf(path) === 'file') return void writer.makeName(item, tree.writer, path);
  }
  throw new UnsafeArchive(`"${entry.path}" is a hard link to something that is not a file of the archive`);
}

function treeFor(
  full: string,
  trees: Map<string, Tree>,
  { paths, context }: TarOptions,
  open: (target: string) => TreeWriter,
): Tree {
  const named = placeOfFile(full, paths, context);
  if (named === undefined) throw new UnsafeArchive(`"${full}" lies outside of the paths`);
  const { path: target, place } = named;
  const tree = trees.get(target) ?? {
    place,
    target,
    writer: open(target),
  };
  trees.set(target, tree);
  return tree;
}

function itemFrom(entry: ReadEntry, path: string): Item {
  const kinds: Record<string, Item['kind']> = {
    File: 'file',
    OldFile: 'file',
    ContiguousFile: 'file',
    Link: 'file',
    Directory: 'directory',
    SymbolicLink: 'link',
  };
  const kind = kinds[entry.type];
  if (kind === undefined) throw new UnsafeArchive(`"${entry.path}" is a ${entry.type}`);
  if (entry.path.includes('\uFFFD'))
    throw new UnsafeArchive(`"${entry.path}" is not UTF-8, which this tar format needs`);
  const item: Item = {
    path,
    kind,
    mode: entry.mode ?? 0o644,
    size: kind === 'file' && entry.type !== 'Link' ? entry.size : 0,
    modified: entry.mtime?.getTime() ?? 0,
    inode: 0,
    changed: 0,
  };
  if (kind === 'link') item.link = pathFromText(entry.linkpath ?? '');
  return item;
}
