import type { Deadline, Job } from '@runner-actions/core';
import type { AnyRequirement, BaseRequirement, Facts } from '@runner-actions/manifest';
import type { Remedy } from '../machine-facts/packages/install-command.ts';

/** How to check one kind of requirement on the machine. */
export interface Kind<A extends BaseRequirement = BaseRequirement> {
  /** @param all all requirements of the manifest, for a kind that asks for several of them at once */
  check(requirement: A, machine: Machine, all?: readonly AnyRequirement[]): Finding | Promise<Finding>;
  /**
   * Returns a text that changes whenever the result of the check may have changed. It must not start a program or read
   * a whole file. Without a key (`undefined`, an error, or no such method) the requirement is checked every time.
   */
  stateKey?(requirement: A, machine: Machine): Promise<string | undefined>;
  /** Returns the text for `wanted` when the check is skipped because nothing changed. */
  wanted?(requirement: A): string | undefined;
  /** Whether the manifest may contain secrets of this kind. They go into no digest. */
  mayHoldSecrets?: true;
}

/**
 * The result of a check. `fail`: the requirement is not met. `error`: the probe failed, so it is unknown whether it is met.
 * `skip`: it does not apply.
 */
export interface Finding {
  status: 'pass' | 'fail' | 'error' | 'skip';
  found: string;
  wanted: string;
  /** What to do about it. */
  advice?: string;
  /** What `mode: install` would run. The advice names the same command. */
  remedy?: Remedy;
  /** A hint for the user even if the requirement is met. */
  notice?: string;
  /** Labels for a runner on a machine that meets the requirement, such as `docker`. */
  labels?: readonly string[];
}

/** What a check needs to inspect the machine. */
export interface Machine {
  job: Job;
  facts: Facts;
  /** Whether the event and its author are trusted. A stranger's manifest and checkout start no program of their own. */
  trusted: boolean;
  /**
   * Whether a stranger may have written the manifest. What it says then tells nobody the value of a variable or the
   * content of a file that is not for everybody.
   */
  strangersManifest: boolean;
  /** Whether the manifest's own commands may run. */
  allowCommands: boolean;
  /** How a user allows them, as a sentence, or why that is not possible. */
  howToAllow: string;
  deadline: Deadline;
  /** Returns the result of `find`, which runs only once per key. */
  once<T>(key: string, find: () => Promise<T>): Promise<T>;
  /** Returns an empty folder: no project file there makes a version manager choose another version of a tool. */
  emptyFolder(): Promise<string>;
}
