// `node dist-check/otlp-parser.ts`: installs the parser of OTLP's messages that tests of packages/metrics compare with.
import { join } from 'node:path';
import { root } from './actions.ts';
import { installPythonTool, pythonEnvironment } from './tools.ts';

const parser = {
  name: 'opentelemetry-proto',
  requirements: join(root, 'packages/metrics/test/requirements.txt'),
};

/** The Python that has the parser. The file exists once the parser is installed. */
export const otlpPython = join(pythonEnvironment(parser), 'bin', 'python');

if (process.argv[1] === import.meta.filename) {
  const tool = installPythonTool(parser, 'python');
  if ('missing' in tool) console.log(`Not installed, so tests are skipped: ${tool.missing}.`);
}
