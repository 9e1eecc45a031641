import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { execute } from '@runner-actions/core';
import { otlpPython } from '../../../dist-check/otlp-parser.ts';

/** Whether OpenTelemetry's own parser is missing, and what to say then in the title of a test. */
const isSkipped = !existsSync(otlpPython);
export const otlpParser = {
  isSkipped,
  reason: isSkipped ? ' (skipped: run node dist-check/otlp-parser.ts to install it)' : '',
};

const script = join(import.meta.dirname, 'otlp_parse.py');

/** Parses a request as a server does. @throws Error with the parser's message */
export async function parseOtlp(signal: 'metrics' | 'traces', body: string): Promise<unknown> {
  const { code, stdout, stderr } = await execute([otlpPython, script, signal], { input: body });
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}
