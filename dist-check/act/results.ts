import { calledWorkflow } from '../examples.ts';
import { referenceTo } from './fixtures.ts';

/**
 * Returns the outputs of a called workflow as an expression reads them: a declared output that is missing is empty.
 * (GitHub's runner drops empty outputs, act keeps them.)
 *
 * @param effects the files that the run wrote to `$EFFECT`
 * @returns an empty object if the job that writes the outputs did not run
 */
export function outputsOf(name: string, effects: Record<string, string>): Record<string, string> {
  if (effects['outputs'] === undefined) return {};
  const declared = Object.keys(calledWorkflow(referenceTo(name))?.on.workflow_call?.outputs ?? {});
  const given = JSON.parse(effects['outputs']) as Record<string, string>;
  return { ...Object.fromEntries(declared.map((output) => [output, ''])), ...given };
}

/**
 * Returns the names of the steps that failed. The log reliably contains them, because act prints them itself. The last
 * output of a failed step can be cut off, because act closes the terminal before it has read everything.
 * Source: act 0.2.89, `exec` of host_environment.go.
 */
export function failedSteps(log: string): string[] {
  return [...log.matchAll(/Failure - Main (.*?)(?: \[[\d.]+[a-zµ]+\])?$/gm)].map(([, name = '']) => name);
}
