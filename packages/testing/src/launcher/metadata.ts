import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** The parts of an `action.yml` that the launcher uses. */
export interface Metadata {
  name: string;
  inputs: Record<string, { default?: string; required?: boolean }>;
  /** Names of the declared outputs. `undefined` if the action has no `outputs` section. */
  outputs: string[] | undefined;
  main: string;
  post?: string;
  postIf: string;
}

/** Reads the `action.yml` in `folder`. @throws Error if it is not a JavaScript action for Node 24 */
export function readMetadata(folder: string): Metadata {
  const raw = parse(readFileSync(join(folder, 'action.yml'), 'utf8')) as {
    name: string;
    inputs?: Record<string, { default?: unknown; required?: boolean } | null>;
    outputs?: Record<string, unknown>;
    runs: { using: string; main: string; post?: string; 'post-if'?: string };
  };
  if (raw.runs.using !== 'node24')
    throw new Error(`${folder}: 'using' is ${raw.runs.using}, expected node24`);
  const inputs = Object.entries(raw.inputs ?? {}).map(([name, input]) => {
    const value = input?.default;
    return [name, value === undefined || value === null ? {} : { default: String(value) }] as const;
  });
  return {
    name: raw.name,
    inputs: Object.fromEntries(inputs),
    outputs: raw.outputs === undefined ? undefined : Object.keys(raw.outputs),
    main: raw.runs.main,
    ...(raw.runs.post === undefined ? {} : { post: raw.runs.post }),
    postIf: raw.runs['post-if'] ?? 'always()',
  };
}
