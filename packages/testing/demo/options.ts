import { parseArgs } from 'node:util';
import { type Scenario, scenarios } from './scenarios.ts';

export type Options =
  { kind: 'run'; scenario: Scenario; out: string } | { kind: 'help' | 'wrong'; text: string };

/** Parses the arguments of the demo. `text` is what the user reads instead of a run. */
export function parseOptions(args: string[]): Options {
  const wrong = (why: string): Options => ({ kind: 'wrong', text: `${why}\n\n${usage()}` });
  try {
    const { values } = parseArgs({
      args,
      options: {
        scenario: { type: 'string', default: 'online' },
        out: { type: 'string', default: 'demo-output' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return { kind: 'help', text: usage() };
    const scenario = Object.hasOwn(scenarios, values.scenario) ? scenarios[values.scenario] : undefined;
    if (scenario === undefined) return wrong(`There is no scenario '${values.scenario}'.`);
    return { kind: 'run', scenario, out: values.out };
  } catch (error) {
    return wrong((error as Error).message);
  }
}

function usage(): string {
  const width = Math.max(...Object.keys(scenarios).map((name) => name.length));
  const lines = Object.entries(scenarios).map(([name, { title }]) => `  ${name.padEnd(width)}  ${title}`);
  return `Usage: npm run demo -- [--scenario NAME] [--out DIR]

Runs a hybrid job from end to end on this machine, with the built actions and a simulator of GitHub.

  --scenario NAME  what GitHub knows, see below; default: online
  --out DIR        where the job summary is written, as Markdown and HTML; default: demo-output
  --help           prints this text

Scenarios:
${lines.join('\n')}

Exit status: 0 the jobs succeeded, 1 one failed, 2 wrong use.`;
}
