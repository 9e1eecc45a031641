import * as v from 'valibot';
import { type Document, text } from '@runner-actions/config';
import { parseBytes } from '@runner-actions/core';
import { parseDebRange } from './deb-version.ts';
import type { Requirement, Severity } from './requirement.ts';
import { parseRange } from './version.ts';

const severity = v.optional(v.picklist(['warn', 'error']));
const range = v.pipe(
  text,
  v.check((given) => parseRange(given) !== undefined, 'a range such as 20, ^20, >=20 <25 or latest'),
);
const debRange = v.pipe(
  text,
  v.check((given) => parseDebRange(given) !== undefined, 'a range such as >=8.5 or 3'),
);
const count = v.pipe(text, v.regex(/^>=\s*\d+(\.\d+)?$|^\d+(\.\d+)?$/, 'a number, such as >=4'));
const size = v.pipe(text, v.check(isSize, 'a size such as >=8GiB'));
const toolSchema = v.strictObject({
  version: v.optional(range, 'latest'),
  severity,
  prerelease: v.optional(v.boolean()),
});
const fileSchema = v.strictObject({
  path: v.pipe(v.string(), v.nonEmpty('a path')),
  sha256: v.optional(v.pipe(text, v.regex(/^[0-9a-fA-F]{64}$/, '64 hexadecimal digits; put them in quotes'))),
  size: v.optional(v.pipe(v.number(), v.integer('a whole number of bytes'))),
  severity,
});
const environmentSchema = v.strictObject({
  set: v.optional(v.boolean()),
  secret: v.optional(v.boolean()),
  equals: v.optional(text),
  matches: v.optional(v.pipe(text, v.check(isPattern, 'a regular expression'))),
  is: v.optional(v.picklist(['directory', 'file'])),
  severity,
});
const packageSchema = v.strictObject({
  apt: v.union([v.string(), v.array(v.string())]),
  version: v.optional(debRange),
  severity,
});
const systemSchema = v.strictObject({
  os: v.optional(v.picklist(['linux', 'macos', 'windows'])),
  arch: v.optional(v.picklist(['x64', 'arm64', 'arm', 'ia32'])),
  cpu: v.optional(v.strictObject({ cores: count })),
  memory: v.optional(size),
  disk: v.optional(v.array(v.strictObject({ path: v.string(), free: size, severity }))),
});

/** Version 1 of the manifest. */
export const manifestSchema = v.strictObject({
  version: v.literal(1, '1, the version of the format'),
  name: v.optional(text),
  severity,
  system: v.optional(systemSchema),
  tools: v.optional(v.record(v.string(), v.union([range, toolSchema]))),
  packages: v.optional(v.array(packageSchema)),
  files: v.optional(v.array(fileSchema)),
  env: v.optional(v.record(v.string(), environmentSchema)),
});

export type Manifest = v.InferOutput<typeof manifestSchema>;
export type FileSpec = v.InferOutput<typeof fileSchema>;
export type EnvironmentSpec = v.InferOutput<typeof environmentSchema>;

/** The requirements of a manifest, each with its place in the file. */
export function requirementsOf(manifest: Manifest, document: Document): Requirement[] {
  const fallback = manifest.severity ?? 'error';
  const place = (path: (string | number)[], name: string, own?: Severity) => {
    const { line, column } = document.positionOf(path, 'key');
    return { name, severity: own ?? fallback, line, column };
  };
  const { system = {}, tools = {}, packages = [], files = [], env = {} } = manifest;
  const { cpu, disk = [], ...rest } = system;
  return [
    ...Object.entries({ ...rest, ...(cpu === undefined ? {} : { cores: cpu.cores }) }).map(
      ([fact, wanted]) => ({
        ...place(fact === 'cores' ? ['system', 'cpu', 'cores'] : ['system', fact], fact),
        kind: 'system' as const,
        fact: fact as 'os' | 'arch' | 'cores' | 'memory',
        wanted: String(wanted),
      }),
    ),
    ...disk.map(({ path, free, severity: own }, index) => ({
      ...place(['system', 'disk', index], `disk ${path}`, own),
      ...{ kind: 'disk' as const, path, free },
    })),
    ...Object.entries(tools).map(([name, given]) => {
      const spec = typeof given === 'string' ? { version: given } : given;
      return {
        ...place(['tools', name], name, 'severity' in spec ? spec.severity : undefined),
        kind: 'tool' as const,
        prerelease: 'prerelease' in spec && spec.prerelease === true,
        range: spec.version,
      };
    }),
    ...packages.flatMap(({ apt, version, severity: own }, index) =>
      [apt]
        .flat()
        .map((name) => ({ ...place(['packages', index], name, own), kind: 'package' as const, version })),
    ),
    ...files.map((spec, index) => ({
      ...place(['files', index], spec.path, spec.severity),
      kind: 'file' as const,
      spec,
    })),
    ...Object.entries(env).map(([name, spec]) => ({
      ...place(['env', name], name, spec.severity),
      kind: 'env' as const,
      spec,
    })),
  ];
}

/** The amount of `>=8GiB`, in bytes. */
export function sizeOf(given: string): number {
  return parseBytes(given.replace(/^>=\s*/, ''));
}

function isSize(given: string): boolean {
  return passes(() => sizeOf(given));
}

function isPattern(given: string): boolean {
  // eslint-disable-next-line no-restricted-syntax -- It is only read here; `fits` tries it, under a limit.
  return passes(() => new RegExp(given));
}

function passes(attempt: () => unknown): boolean {
  try {
    attempt();
    return true;
  } catch {
    return false;
  }
}
