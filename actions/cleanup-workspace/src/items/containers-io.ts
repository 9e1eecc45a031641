import { type Deadline, messageOf, quote } from '@runner-actions/core';
import { type Container, type ContainerEngine, EngineError } from '@runner-actions/host';
import type { Item, ItemOutcome } from '../item.ts';
import { type ContainerStep, executeSteps, left, removeLeftVolumes } from './container-removal.ts';
import type { ContainerSources } from './container-sources.ts';
import { type ContainerFacts, judgeContainer, uselessNetworks } from './containers.ts';
import { nextNotes, planLeftVolumes } from './left-volumes.ts';
import { isLeftOver } from './trash.ts';

/** Number of containers that are inspected. */
const maxContainers = 1000;

/** Containers, networks and anonymous volumes that this job, or a killed job of this runner, left behind. */
export function containersItem(sources: ContainerSources): Item<ContainerStep> {
  return {
    name: 'containers',
    plan: async (deadline) => {
      const { engines, problems } = await sources.engines(deadline);
      const steps = problems.map((why) => note('', 'container engine', why));
      for (const engine of engines) steps.push(...(await planEngine(engine, sources, deadline)));
      return steps;
    },
    execute: async (steps, deadline) => {
      const outcome: ItemOutcome = { removed: 0, freedBytes: 0, residue: [], finished: true };
      const planned = steps.filter(({ action }) => action === 'remove');
      const gone = new Set<string>();
      const { engines } = planned.length === 0 ? { engines: [] } : await sources.engines(deadline);
      for (const socket of new Set(planned.map(({ engine }) => engine))) {
        const own = planned.filter(({ engine }) => engine === socket);
        const engine = engines.find((each) => each.socket === socket);
        if (engine === undefined)
          outcome.residue.push(...own.map((step) => left(step, 'its engine is gone')));
        else {
          await executeSteps(engine, own, outcome, sources.facts.began, deadline);
          for (const name of await removeLeftVolumes(engine, own, outcome, deadline)) gone.add(name);
        }
      }
      keepNotes(sources, steps, gone);
      return outcome;
    },
  };
}

function keepNotes(
  { notes }: ContainerSources,
  steps: readonly ContainerStep[],
  gone: ReadonlySet<string>,
): void {
  if (gone.size > 0 || steps.some(({ leaves }) => leaves !== undefined))
    notes.write(nextNotes(notes.read(), steps, gone));
}

const note = (engine: string, what: string, why: string): ContainerStep => ({
  ...{ action: 'keep', kind: 'container', engine, id: '', created: undefined, volumes: [], what, why },
});

async function planEngine(
  engine: ContainerEngine,
  sources: ContainerSources,
  deadline: Deadline,
): Promise<ContainerStep[]> {
  const { socket, machine, identity } = engine;
  const sameMachine = machine === sources.machine && !sources.inside;
  const facts = { ...sources.facts, sameMachine, now: Date.now() };
  if (!sameMachine && facts.label === undefined)
    return [note(socket, `engine at ${socket}`, 'it runs elsewhere, and the label of the runner is unknown')];
  const steps: ContainerStep[] = [];
  const inform = (what: string, why: string) => steps.push(note(socket, what, why));
  try {
    const { containers, complete } = await inspectAll(engine, deadline);
    const removed = new Set<string>();
    let others = 0;
    for (const container of containers) {
      // An engine may name any number of paths.
      if (deadline.remaining() === 0) throw new EngineError('there was no time to judge all of them');
      const decision =
        sameMachine && isLeftOver(container, facts)
          ? { verdict: 'remove' as const, why: 'a clean-up that was killed started it to empty the trash' }
          : judgeContainer(container, facts, sources.resolve);
      if (decision.verdict === 'other' || sources.isOwn(container.id)) others += 1;
      else {
        if (decision.verdict === 'remove') removed.add(container.id);
        const leaves = leavesVolumes(decision.verdict, container, facts) ? container.ownVolumes : [];
        const left = leaves.map((name) => ({ engine: identity, container: container.id, name }));
        const step = stepFor(socket, container, decision.verdict, decision.why);
        steps.push(left.length === 0 ? step : { ...step, leaves: left });
      }
    }
    if (others > 0) inform(`${others} more`, 'nothing shows that this job started them');
    if (!sameMachine && containers.length > 0)
      inform(
        `engine at ${socket}`,
        'it runs elsewhere, so its paths prove nothing: only the label of this runner counts',
      );
    if (!complete)
      inform(`engine at ${socket}`, 'not all containers could be inspected, so networks and volumes stay');
    else {
      const { items } = await engine.listNetworks(deadline);
      for (const { network, why } of uselessNetworks(items, containers, removed, facts))
        steps.push({ ...stepFor(socket, { ...network, ownVolumes: [] }, 'remove', why), kind: 'network' });
      steps.push(...(await planLeftVolumes(engine, sources.notes.read(), containers, deadline)));
    }
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    inform(`engine at ${socket}`, `it cannot be asked for containers: ${messageOf(error)}`);
  }
  return steps;
}

/** Whether a container that stays is the runner's own, so that the runner will remove it without its volumes. */
function leavesVolumes(
  verdict: 'remove' | 'keep',
  { labels }: Container,
  { label, otherLabels }: ContainerFacts,
): boolean {
  return verdict === 'keep' && label !== undefined && labels[label] === '' && !otherLabels.includes(label);
}

function stepFor(
  engine: string,
  { id, name, created, ownVolumes }: Pick<Container, 'id' | 'name' | 'created' | 'ownVolumes'>,
  action: 'remove' | 'keep',
  why: string,
): ContainerStep {
  const what = `${quote(name)} ${id.slice(0, 12)}`;
  return { action, kind: 'container', engine, id, created, volumes: ownVolumes, what, why };
}

async function inspectAll(
  engine: ContainerEngine,
  deadline: Deadline,
): Promise<{ containers: Container[]; complete: boolean }> {
  const { items, complete } = await engine.listContainers(deadline);
  const containers: Container[] = [];
  let missed = items.length > maxContainers ? 1 : 0;
  for (const { id } of items.slice(0, maxContainers)) {
    try {
      const container = await engine.inspectContainer(id, deadline);
      if (container !== undefined) containers.push(container);
    } catch (error) {
      // An engine that does not answer would not do so for the next container either.
      if (!(error instanceof EngineError) || error.code !== undefined) throw error;
      missed += 1;
    }
  }
  return { containers, complete: complete && missed === 0 };
}
