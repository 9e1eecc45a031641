import type { Section } from './section.ts';
import { keyText, byCharacters } from './yaml.ts';

/**
 * Variables that a machine has, and not a job or a login: folders of SDKs, the image's version, and those that choose
 * engines and devices.
 */
const ofMachines =
  /^(?:\w+_(?:HOME|ROOT|DIR|PATH|PREFIX|SDK)|JAVA_HOME_\d+_\w+|GOROOT|GOPATH|ImageOS|ImageVersion|DOCKER_HOST|CUDA_VISIBLE_DEVICES|NVIDIA_VISIBLE_DEVICES)$/;
const ofJobs =
  /^(?:GITHUB|ACTIONS|RUNNER|INPUT|STATE|npm|NODE|SSH|XDG)_|TOKEN|SECRET|PASSW|CREDENTIAL|AUTH|KEY/i;

/** Whether a variable is one that a snapshot has. */
export function isOfMachine(name: string): boolean {
  return ofMachines.test(name) && !ofJobs.test(name);
}

/** Writes the names of the variables that say where things are, and never a value. */
export function environmentSection(environment: Readonly<Record<string, string | undefined>>): Section {
  const names = Object.entries(environment)
    .filter(([name, value]) => value !== undefined && value !== '' && isOfMachine(name))
    .map(([name]) => name);
  const lines = names.sort(byCharacters).map((name) => `  ${keyText(name)}: { set: true }`);
  return { name: 'env', lines, notes: [] };
}
