import type { FileRequirement, LinePattern } from '@runner-actions/manifest';
import { type Deadline, formatBytes } from '@runner-actions/core';
import type { Machine } from '../kinds/kind.ts';
import { anyMatchesWithinLimit } from '../match-regexp.ts';
import { digestOfPath, lookAtPath, readPath, whyPathNotPublic } from '../paths/ask-path-io.ts';
import { Withheld } from '../strangers/withheld.ts';
import { openNotes, type PrivateNotes } from '../private-notes-io.ts';
import type { Fault, There } from './judge-facts.ts';

type Spec = FileRequirement['spec'];

/** Bytes of a file whose lines are compared. */
const maxText = 2 ** 20;
/** A file above this is read again only if it has changed, unless the requirement says otherwise. */
const largeFile = 64 * 2 ** 20;
/** Milliseconds. A file that changed within them may change again without new times. */
const settled = 3_000;

/** A digest that fits, and whether it was computed now. */
export interface Verified {
  note: string;
}

/**
 * Returns what is wrong with the content of a readable file. The content itself is never shown.
 * @throws Withheld if the manifest may not compare it
 */
export async function faultOfContent(
  facts: There,
  spec: Spec,
  machine: Machine,
): Promise<Fault | Verified | undefined> {
  const { size, sha256 } = spec;
  const withheld = machine.strangersManifest ? await whyPathNotPublic(facts.path, machine) : undefined;
  const mayRead = withheld === undefined && !facts.denied.includes('read');
  const isPointer = facts.size < 1024 && mayRead && (await isLfsPointer(facts, machine));
  if (isPointer)
    return { found: 'a Git LFS pointer, not the content', advice: "Fetch it with 'git lfs pull'." };
  if (size !== undefined && facts.size !== size)
    return { found: `${facts.size} bytes`, advice: 'Copy the file again.' };
  if (withheld !== undefined && isContentWanted(spec))
    throw new Withheld(
      `a content that is not compared for a manifest that a stranger may have written: ${withheld}`,
    );
  return (
    (await faultOfLines(facts, spec, machine)) ??
    (sha256 === undefined ? undefined : faultOfDigest(facts, spec, machine))
  );
}

function isContentWanted({ line, contains, sha256, verify }: Spec): boolean {
  const isDigested = sha256 !== undefined && verify !== 'size';
  return isDigested || line !== undefined || contains !== undefined;
}

async function isLfsPointer({ path }: There, machine: Machine): Promise<boolean> {
  return (await readPath(path, 64, machine))?.startsWith('version https://git-lfs') === true;
}

async function faultOfLines({ path, size }: There, spec: Spec, machine: Machine): Promise<Fault | undefined> {
  const { line, contains } = spec;
  const { deadline } = machine;
  if (line === undefined && contains === undefined) return undefined;
  if (size > maxText)
    throw new Error(`it has ${formatBytes(size)}; lines are compared up to ${formatBytes(maxText)}`);
  const text = (await readPath(path, maxText, machine)) ?? '';
  const lines = text.split('\n').map((one) => one.trim());
  if (line !== undefined && !hasLine(lines, line.value, deadline, (one, wanted) => one === wanted.trim()))
    return { found: 'no such line', advice: `Add the line to ${path}.` };
  if (
    contains !== undefined &&
    !hasLine(lines, contains.value, deadline, (one, wanted) => one.includes(wanted))
  )
    return { found: 'no line with it', advice: `Add it to ${path}.` };
  return undefined;
}

/** @throws Error if the pattern takes too long */
function hasLine(
  lines: readonly string[],
  pattern: LinePattern,
  deadline: Deadline,
  fits: (line: string, wanted: string) => boolean,
): boolean {
  if ('text' in pattern) return lines.some((line) => fits(line, pattern.text));
  const matches = anyMatchesWithinLimit(pattern.pattern, lines, deadline);
  if (matches === undefined) throw new Error('the pattern takes too long to match');
  return matches;
}

async function faultOfDigest(facts: There, spec: Spec, machine: Machine): Promise<Fault | Verified> {
  const { verify = facts.size > largeFile ? 'cached' : 'full', sha256 = '' } = spec;
  if (verify === 'size') return { note: 'sha256 not compared' };
  const cache = verify === 'cached' ? openNotes(machine.job, 'digests') : undefined;
  const known = cache?.get(facts.identity);
  const digest = known ?? (await computeDigest(facts, cache, machine));
  if (digest !== sha256.toLowerCase())
    return { found: `sha256 ${digest}`, advice: 'The content differs; copy the file again.' };
  const when = known === undefined ? '' : ', read by an earlier check and not changed since';
  return { note: `sha256 ${digest.slice(0, 12)}…${when}` };
}

async function computeDigest(
  facts: There,
  cache: PrivateNotes | undefined,
  machine: Machine,
): Promise<string> {
  const digest = await digestOfPath(facts.path, machine);
  if (cache === undefined) return digest;
  const after = await lookAtPath(facts.path, machine);
  const isSame = 'identity' in after && after.identity === facts.identity;
  if (isSame && Date.now() - facts.changed > settled) await cache.keep(facts.identity, digest);
  return digest;
}
