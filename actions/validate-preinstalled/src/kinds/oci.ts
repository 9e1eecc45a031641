import type { OciRequirement, OciRuntime } from '@runner-actions/manifest';
import { findOnPath } from '../search-path-io.ts';
import type { Finding, Kind, Machine } from './kind.ts';
import { type RuntimeResult, tryRuntime } from './oci/try-runtime-io.ts';

/**
 * A container that an OCI runtime creates, starts, kills and deletes. It has no state key: only a container that ran
 * proves that the next one does.
 */
export const oci = { check: checkOci } satisfies Kind<OciRequirement>;

async function checkOci(requirement: OciRequirement, machine: Machine): Promise<Finding> {
  const wanted = wantedText(requirement);
  if (process.platform !== 'linux') {
    const found = 'a system without OCI runtimes for Linux containers';
    return absent(requirement, { found, wanted, advice: 'Choose a runner with Linux.' });
  }
  const unfit = wrongUser(requirement);
  if (unfit !== undefined) return { ...unfit, wanted };
  const programs = await Promise.all(
    requirement.runtimes.map(async (runtime) => (await findOnPath(runtime, machine.job.environment))[0]),
  );
  const missing = requirement.runtimes.filter((_, index) => programs[index] === undefined);
  const advice = `Install ${missing.join(' or ')}.`;
  if (missing.length === requirement.runtimes.length)
    return absent(requirement, { found: `${missing.join(' and ')} not on PATH`, wanted, advice });
  const results: RuntimeResult[] = [];
  for (const [index, runtime] of requirement.runtimes.entries()) {
    const program = programs[index];
    if (program !== undefined) results.push(await tryRuntime(runtime, program, requirement, machine));
  }
  return judgeRuntimes(requirement, results, missing);
}

/** A machine without a runtime meets nothing and breaks nothing, unless the manifest demands one. */
function absent({ required }: OciRequirement, finding: Omit<Finding, 'status'>): Finding {
  if (required !== undefined) return { status: 'fail', ...finding };
  const { found, wanted } = finding;
  return { status: 'skip', found: `not checked: ${found}`, wanted };
}

function wantedText({ runtimes, last, required, rootless }: OciRequirement): string {
  const names = runtimes.join(required === 'all' ? ' and ' : ' or ');
  const how = rootless === 'auto' ? '' : rootless ? ', without root' : ', as root';
  return `${names} that runs a container up to ${last}${how}`;
}

/** Whoever runs the job runs the container: this check does not change its user. */
function wrongUser({ rootless }: OciRequirement): Omit<Finding, 'wanted'> | undefined {
  const isRoot = process.getuid?.() === 0;
  if (rootless === false && !isRoot)
    return { status: 'fail', found: 'a job that does not run as root', advice: 'Use `rootless: auto`.' };
  if (rootless === true && isRoot)
    return {
      status: 'error',
      found: 'a job that runs as root, which shows nothing about other users',
      advice: 'Use `rootless: auto`, or run the runner as another user.',
    };
  return undefined;
}

/** Judges what the runtimes did. All of them are told, also those that fail beside one that works. */
export function judgeRuntimes(
  requirement: OciRequirement,
  results: readonly RuntimeResult[],
  missing: readonly OciRuntime[],
): Finding {
  const wanted = wantedText(requirement);
  const working = results.filter(({ works }) => works);
  const broken = results.filter(({ works }) => !works);
  const gone = missing.map((runtime) => `${runtime} is not on PATH`);
  const others = [...broken.map(({ found }) => found), ...gone];
  const met = requirement.required === 'all' ? others.length === 0 : working.length > 0;
  if (met) {
    const found = working.map(({ found }) => found).join(', ');
    return { status: 'pass', found, wanted, ...(others.length === 0 ? {} : { notice: others.join('. ') }) };
  }
  const advice = broken[0]?.advice ?? `Install ${missing.join(' and ')}.`;
  return { status: 'fail', found: others.join('; '), wanted, advice };
}
