import type { Finding } from '../../kinds/kind.ts';
import { type Remedy, remedyText } from '../packages/install-command.ts';

interface Parts {
  components: readonly string[];
  targets: readonly string[];
}

/** A name that is no option: the environment and settings of others may name a toolchain too. */
const plain = /^\w[\w.-]{0,99}$/;

/** rustup would replace itself, which nobody asked for. Source: `rustup toolchain install --help`, rustup 1.29. */
const only = '--no-self-update';

/** Returns the arguments that install a toolchain, or bring it up to date, with components and targets. */
export function installToolchain(toolchain: string, { components, targets }: Parts): string[] {
  const options = (name: string, values: readonly string[]) => values.flatMap((value) => [name, value]);
  const parts = [...options('--component', components), ...options('--target', targets)];
  return ['rustup', 'toolchain', 'install', toolchain, ...parts, only];
}

/** Returns the arguments that add components or targets. Only one command adds both, and it updates the toolchain too. */
export function addTo(
  toolchain: string,
  components: readonly string[],
  targets: readonly string[],
): string[] {
  if (components.length > 0 && targets.length > 0)
    return installToolchain(toolchain, { components, targets });
  const [kind, names] = targets.length > 0 ? ['target', targets] : ['component', components];
  return ['rustup', kind, 'add', ...names, '--toolchain', toolchain];
}

/** Returns the arguments that update a channel. Of a toolchain with a version of its own there is nothing newer. */
export function updateToolchain(toolchain: string): string[] {
  return ['rustup', 'update', toolchain, only];
}

const options = [only, '--component', '--target', '--toolchain'];

/** Advises a command of rustup, which is also the remedy if its names are plain and it can change something. */
export function advise(what: string, command: readonly string[]): Pick<Finding, 'advice' | 'remedy'> {
  const remedy: Remedy = { by: 'rustup', command, packages: [] };
  const advice = `${what}: ${remedyText(remedy)}`;
  const isPlain = command.every((word) => options.includes(word) || plain.test(word));
  const isFixed = command[1] === 'update' && !/^(?:stable|beta|nightly)(?:-[a-z]|$)/.test(command[2] ?? '');
  return isPlain && !isFixed ? { advice, remedy } : { advice };
}
