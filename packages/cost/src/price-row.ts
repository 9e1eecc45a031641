import type { Micros } from './money.ts';

export type System = 'linux' | 'windows' | 'macos';
export type Processor = 'x64' | 'arm64';

/**
 * `standard`: free in public repositories. `larger` and `gpu`: always billed, and never part of the included minutes.
 * Source: https://docs.github.com/en/billing/reference/actions-runner-pricing
 */
export type RunnerKind = 'standard' | 'larger' | 'gpu';

export const systems = ['linux', 'windows', 'macos'] as const satisfies readonly System[];
export const processors = ['x64', 'arm64'] as const satisfies readonly Processor[];
export const runnerKinds = ['standard', 'larger', 'gpu'] as const satisfies readonly RunnerKind[];

/** A kind of hosted runner. */
export interface HostedRunner {
  /** GitHub's name of the price, without the prefix `actions_` that only some of its pages and answers use. */
  sku: string;
  system: System;
  processor: Processor;
  cpus: number;
  /** In a public repository, where standard runners are larger than the ones that private repositories pay for. */
  publicCpus?: number;
  kind: RunnerKind;
  /** In lower case. Labels that are gone stay here, since old jobs have them. */
  labels: readonly string[];
}

/** What a minute on a hosted runner costs from a day on. */
export interface PriceRow extends HostedRunner {
  /** Millionths of a US dollar for each minute that began. */
  price: Micros;
  /** The first day, `2026-01-01`, in UTC; `undefined`: all days before the next row. */
  effectiveFrom: string | undefined;
  /** The address of the page that states the price, or the user's file. */
  source: string;
  /** The day on which somebody compared the row with its source; `undefined` in a user's file that names none. */
  retrieved: string | undefined;
  /** Whether it is from the user's file. Such a row wins over the shipped ones. */
  isOwn: boolean;
}

/** All prices that are known. */
export interface PriceTable {
  rows: readonly PriceRow[];
  /** SKUs by labels of the user's file, in lower case. They win over the labels of rows. */
  ownLabels: ReadonlyMap<string, string>;
  /** The day, `2026-08-01`, on which the table was last compared with GitHub's page. */
  checked: string;
}

/** Brings a SKU to the form that rows have: `Actions_Linux_4_Core` becomes `linux_4_core`. */
export function normalizeSku(sku: string): string {
  const lower = sku.trim().toLowerCase();
  return lower.startsWith('actions_') ? lower.slice('actions_'.length) : lower;
}
