import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** What the launcher needs of an action's `action.yml`. */
export interface Metadata {
  name: string;
  inputs: Record<string, { default?: string; required?: boolean }>;
  /** Names; `undefined` where it declares none at all. */
  outputs: string[] | undefined;
  main: string;
  post?: string;
  postIf: string;
}

/** Reads `action.yml` of the action in `folder`. @throws Error when it is not a JavaScript action for Node 24. */
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
    const given = input?.default;
    return [name, given === undefined || given === null ? {} : { default: String(given) }] as const;
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
