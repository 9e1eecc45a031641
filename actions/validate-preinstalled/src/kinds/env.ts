import { stat } from 'node:fs/promises';
import * as v from 'valibot';
import { text } from '@runner-actions/config';
import { fits } from '../pattern.ts';
import { type Finding, type Kind, severity, written } from './kind.ts';

const spec = v.strictObject({
  set: v.optional(v.boolean()),
  secret: v.optional(v.boolean()),
  equals: v.optional(text),
  // eslint-disable-next-line no-restricted-syntax -- It is only read here; `fits` tries it, under a limit.
  matches: v.optional(written((text) => new RegExp(text), 'a regular expression')),
  is: v.optional(v.picklist(['directory', 'file'])),
  severity: v.optional(severity),
});

interface AskedVariable {
  kind: 'env';
  name: string;
  spec: v.InferOutput<typeof spec>;
}

/** A variable of the job. To ask for it anew costs nothing, and the digest of a secret would be something to guess it by: no witness. */
export const env = {
  schema: v.pipe(
    v.record(v.string(), spec),
    v.transform((variables) =>
      Object.entries(variables).map(([name, spec]) => ({
        asked: { kind: 'env' as const, name, spec },
        at: ['env', name],
        severity: spec.severity,
      })),
    ),
  ),

  check: ({ name, spec }, { job }) => checkVariable(name, spec, job.environment[name]),

  /** What a secret must equal is left out. */
  told: ({ spec, ...asked }) => ({
    ...asked,
    spec: spec.secret === true ? { ...spec, equals: undefined } : spec,
  }),
} satisfies Kind<AskedVariable>;

/** A secret's value is never told. */
async function checkVariable(
  name: string,
  spec: AskedVariable['spec'],
  value: string | undefined,
): Promise<Finding> {
  const { matches } = spec;
  const shown = spec.secret === true ? 'a value' : (value ?? '').slice(0, 80);
  const finding = (met: boolean, found: string, wanted: string): Finding => ({
    ...{ status: met ? 'pass' : 'fail', found, wanted },
    ...(met ? {} : { advice: `Set ${name} for the runner or the job.` }),
  });
  if (spec.set === false) return finding(value === undefined, value === undefined ? 'unset' : 'set', 'unset');
  if (value === undefined) return finding(false, 'unset', 'set');
  if (value === '') return finding(spec.equals === '', 'empty', spec.equals === '' ? 'empty' : 'set');
  if (spec.equals !== undefined && value !== spec.equals)
    return finding(false, shown, spec.secret === true ? 'another value' : spec.equals);
  if (matches !== undefined) {
    const wanted = `/${matches.text}/`;
    const isFit = fits(matches.value, value);
    if (isFit === undefined) return { status: 'error', found: 'a pattern that takes too long', wanted };
    if (!isFit) return finding(false, shown, wanted);
  }
  // A value that nothing was asked about is not told either: people forget `secret`.
  if (spec.is === undefined)
    return finding(true, spec.equals === undefined && matches === undefined ? 'set' : shown, 'set');
  const entry = await stat(value).catch(() => undefined);
  const kind = entry?.isDirectory() ? 'directory' : entry?.isFile() ? 'file' : 'neither file nor directory';
  return finding(kind === spec.is, `${shown} (${kind})`, spec.is);
}
