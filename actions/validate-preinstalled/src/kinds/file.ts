import { resolve } from 'node:path';
import { realpath } from 'node:fs/promises';
import { isInside } from '@runner-actions/host';
import { compareNumbers, type FileRequirement } from '@runner-actions/manifest';
import { fileIdentity } from '../file-identity-io.ts';
import { expandPath } from '../expand-path.ts';
import { faultOfContent, type Verified } from '../files/content-io.ts';
import { type Fault, faultOfMode, faultOfType, wantedFile, wantedRights } from '../files/judge-facts.ts';
import { faultOfOwner, faultOfRights } from '../files/rights-io.ts';
import { explainPathError, findPathsOf, lookAtPath, remoteMountOf } from '../paths/ask-path-io.ts';
import type { PathFacts } from '../paths/path-facts.ts';
import { hasWildcards } from '../paths/wildcard.ts';
import type { Finding, Kind, Machine } from './kind.ts';

/** A file, folder, socket or device on the machine, or all that match a pattern. */
export const file = {
  async check({ spec }, machine) {
    const wanted = wantedFile(spec);
    try {
      const path = pathOf(spec.path, machine);
      return hasWildcards(spec.path)
        ? await checkMatches(path, spec, machine, wanted)
        : await checkPath(path, spec, machine, wanted);
    } catch (error) {
      return { status: 'error', wanted, ...explainPathError(error) };
    }
  },

  /**
   * Files in the job's workspace or temp directory have no state key: they are new in every job. Neither has what is
   * more than a file, since the state key covers no rights, and what is on a file system of the network.
   */
  async stateKey({ spec }, machine) {
    const { job } = machine;
    const isCovered = Object.keys(spec).every((key) => ['path', 'size', 'sha256', 'verify'].includes(key));
    const path = pathOf(spec.path, machine);
    if (!isCovered || hasWildcards(spec.path)) return undefined;
    if (remoteMountOf(path, job.workspace) !== undefined) return undefined;
    const real = await realpath(path);
    const own = await machine.once('folders of the job', () =>
      Promise.all([job.workspace, job.temp].map((place) => realpath(place).catch(() => place))),
    );
    return own.some((place) => isInside(real, place)) ? undefined : fileIdentity(path);
  },
} satisfies Kind<FileRequirement>;

type Spec = FileRequirement['spec'];

function pathOf(path: string, machine: Machine): string {
  return resolve(machine.job.workspace, expandPath(path, machine));
}

async function checkPath(path: string, spec: Spec, machine: Machine, wanted: string): Promise<Finding> {
  const facts = await lookAtPath(path, machine, ['read', ...wantedRights(spec)]);
  const { there } = facts;
  if (spec.absent === true) {
    if (there === 'nothing') return { status: 'pass', found: 'nothing', wanted };
    if (there === 'no access')
      return { status: 'error', found: 'in a folder that this user may not search', wanted };
    return { status: 'fail', found: `a ${there}`, wanted, advice: `Remove ${path}.` };
  }
  const result = await faultOf(facts, spec, machine);
  if (result !== undefined && 'found' in result) return { status: 'fail', wanted, ...result };
  const parts = [there, there === 'file' ? `${facts.size} bytes` : '', result?.note ?? ''];
  return { status: 'pass', found: parts.filter((part) => part !== '').join(', '), wanted };
}

async function faultOf(
  facts: PathFacts,
  spec: Spec,
  machine: Machine,
): Promise<Fault | Verified | undefined> {
  const wrongType = faultOfType(facts, spec);
  if (wrongType !== undefined || !('mode' in facts)) return wrongType;
  if (process.platform === 'win32' && (spec.mode ?? spec.owner ?? spec.group) !== undefined)
    throw new Error('modes, owners and groups cannot be read on Windows');
  const fault =
    faultOfMode(facts, spec) ??
    (await faultOfOwner(facts, spec, machine)) ??
    (await faultOfRights(facts, spec, machine));
  if (fault !== undefined) return fault;
  return facts.there === 'file' ? faultOfContent(facts, spec, machine) : undefined;
}

async function checkMatches(pattern: string, spec: Spec, machine: Machine, wanted: string): Promise<Finding> {
  if (process.platform === 'win32') throw new Error('patterns in paths are not searched for on Windows');
  const paths = await findPathsOf(pattern, machine);
  if (spec.absent === true) {
    const [first] = paths;
    if (first === undefined) return { status: 'pass', found: 'nothing', wanted };
    return { status: 'fail', found: `${paths.length} such as ${first}`, wanted, advice: 'Remove them.' };
  }
  const { count } = spec;
  const text = `${count?.text ?? '>=1'} of ${wanted}`;
  const isEnough = count === undefined ? paths.length > 0 : compareNumbers(count.value, BigInt(paths.length));
  if (!isEnough)
    return { status: 'fail', found: `${paths.length} matches`, wanted: text, advice: 'Check the pattern.' };
  for (const path of paths) {
    const finding = await checkPath(path, spec, machine, text);
    if (finding.status !== 'pass') return { ...finding, found: `${path}: ${finding.found}` };
  }
  return { status: 'pass', found: `${paths.length} matches`, wanted: text };
}
