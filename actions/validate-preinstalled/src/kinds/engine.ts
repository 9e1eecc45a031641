import { type ContainerEngine, type EngineAbout, EngineError } from '@runner-actions/host';
import { type EngineRequirement, judge, type ParsedText, type Range } from '@runner-actions/manifest';
import { connect } from '../engines/connect-io.ts';
import { findAddress } from '../engines/engine-address-io.ts';
import { findPlugin } from '../engines/plugins-io.ts';
import { runContainer } from '../engines/run-container-io.ts';
import { explainPathError } from '../paths/ask-path-io.ts';
import type { Finding, Kind, Machine } from './kind.ts';

type Fault = Pick<Finding, 'status' | 'found' | 'advice' | 'labels'>;

/** A container engine that answers. Its command is not started. */
export const engine = {
  async check(requirement, machine) {
    const wanted = wantedEngine(requirement);
    try {
      return { wanted, ...(await checkEngine(requirement, machine)) };
    } catch (error) {
      if (error instanceof EngineError) return { status: 'error', found: error.message, wanted };
      return { status: 'error', wanted, ...explainPathError(error) };
    }
  },
} satisfies Kind<EngineRequirement>;

function wantedEngine({
  name,
  spec: { version, api, rootless, buildx, compose, run },
}: EngineRequirement): string {
  const parts = [
    `${name}${version === undefined ? '' : ` ${version.text}`} that answers`,
    api === undefined ? '' : `API ${api.text}`,
    rootless === undefined ? '' : rootless ? 'rootless' : 'not rootless',
    buildx === undefined ? '' : `buildx ${buildx.text}`,
    compose === undefined ? '' : `compose ${compose.text}`,
    run === undefined ? '' : 'that runs a container',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

async function checkEngine(requirement: EngineRequirement, machine: Machine): Promise<Fault> {
  const address = await findAddress(requirement, machine);
  if ('unusable' in address) return { status: 'error', found: address.unusable, advice: address.advice };
  const opened = await connect(requirement, address, machine);
  if ('status' in opened) return opened;
  const about = await opened.about(machine.deadline);
  const fault =
    judgeEngine(requirement, about) ??
    (await checkPlugin('buildx', requirement.spec.buildx, machine)) ??
    (await checkPlugin('compose', requirement.spec.compose, machine));
  if (fault !== undefined) return fault;
  const found = `${about.program} ${about.version ?? ''}, API ${about.api ?? 'unknown'}${about.rootless ? ', rootless' : ''}`;
  return { ...(await checkRun(requirement.spec.run, opened, found, machine)), labels: [about.program] };
}

/** Compares what an engine says of itself with what is wanted. */
export function judgeEngine({ name, spec }: EngineRequirement, about: EngineAbout): Fault | undefined {
  const { program, version, api, rootless } = about;
  if (program !== name && (name === 'podman' || spec.version !== undefined))
    return {
      status: 'fail',
      found: `${program} ${version ?? ''} answers there`,
      advice: `Install ${name}, or state '${program}:' instead.`,
    };
  if (spec.rootless !== undefined && spec.rootless !== rootless)
    return {
      status: 'fail',
      found: rootless ? 'rootless' : 'not rootless',
      advice: 'Choose the other engine by DOCKER_HOST or a context.',
    };
  return (
    judgeVersion(`${program} ${version ?? ''}`, spec.version, version, `Upgrade ${name}.`) ??
    judgeVersion(`API ${api ?? ''}`, spec.api, api, `Upgrade the daemon of ${name}: its API is too old.`)
  );
}

function judgeVersion(
  shown: string,
  range: ParsedText<Range> | undefined,
  version: string | undefined,
  advice: string,
): Fault | undefined {
  if (range === undefined) return undefined;
  if (version === undefined) return { status: 'error', found: `${shown} without a version` };
  const verdict = judge(range.value, version);
  if ('unknown' in verdict) return { status: 'error', found: `${shown}: ${verdict.unknown}` };
  return verdict.met ? undefined : { status: 'fail', found: shown, advice };
}

async function checkPlugin(
  name: 'buildx' | 'compose',
  range: ParsedText<Range> | undefined,
  machine: Machine,
): Promise<Fault | undefined> {
  if (range === undefined) return undefined;
  const plugin = await findPlugin(name, machine);
  if (plugin === undefined)
    return {
      status: 'fail',
      found: `no plugin ${name}`,
      advice: `Install docker-${name}-plugin, or its file.`,
    };
  if ('broken' in plugin) return { status: 'error', found: `${plugin.path} ${plugin.broken}` };
  return judgeVersion(`${name} ${plugin.version}`, range, plugin.version, `Upgrade ${plugin.path}.`);
}

async function checkRun(
  run: EngineRequirement['spec']['run'],
  opened: ContainerEngine,
  found: string,
  machine: Machine,
): Promise<Fault> {
  if (run === undefined) return { status: 'pass', found };
  // An image's own program would run for a stranger's manifest.
  if (!machine.trusted)
    return { status: 'error', found: `${found}; no container is run for an event of a stranger` };
  try {
    const result = await runContainer(opened, run, machine);
    return 'ran' in result ? { status: 'pass', found: `${found}; ran ${result.ran}` } : result;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    return {
      status: 'fail',
      found: `${found}, which runs no container: ${error.message}`,
      advice: 'See the log of the daemon.',
    };
  }
}
