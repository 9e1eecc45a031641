import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { readSmallFile } from '@runner-actions/core';
import { isUnknown } from './maybe-unknown.ts';
import type { Kernel } from './kernel-files.ts';
import { localPathOf } from './local-path.ts';
import { neighboursOf } from './neighbours.ts';
import { listRunners, whyHidden } from './runner-idle.ts';

/** Bytes. */
const maxUnit = 64 * 1024;

/** The runners of a machine. */
export interface FoundRunners {
  /** Their folders without links, sorted. */
  folders: string[];
  /** Why there may be more that run; `undefined` if there are none. */
  unknown: string | undefined;
}

/**
 * Finds the runners of this machine: those with a systemd unit of the runner's own script, those that run, and those in
 * folders beside one of these.
 * @param units the folder of the units
 * @returns without runners that are elsewhere and do not run
 */
export function findRunners(kernel: Kernel = {}, units = '/etc/systemd/system'): FoundRunners {
  const running = listRunners(kernel);
  const listeners = isUnknown(running) ? [] : running.flatMap(({ root }) => root ?? []);
  const known = [...unitFolders(units), ...listeners].map((root) => localPathOf(root, root));
  const folders = [...new Set([...known, ...known.flatMap((root) => neighboursOf(root) ?? [])])].sort();
  const hidden = isUnknown(running) ? undefined : running.find(({ root }) => root === undefined);
  if (hidden !== undefined) return { folders, unknown: whyHidden(hidden) };
  return { folders, unknown: isUnknown(running) ? running.unknown : undefined };
}

/** Reads the folders of runners from their units, `actions.runner.*.service`. Source: actions/runner, svc.sh. */
function unitFolders(units: string): string[] {
  try {
    return readdirSync(units)
      .filter((name) => /^actions\.runner\..*\.service$/.test(name))
      .flatMap((name) => {
        const text = readSmallFile(join(units, name), maxUnit) ?? '';
        return /^WorkingDirectory=(\/.*)$/m.exec(text)?.[1]?.trim() ?? [];
      });
  } catch {
    return [];
  }
}
