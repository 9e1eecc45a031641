import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Reading, ToolOutput } from '../../src/tools/read-output.ts';

/** One answer of a tool, from `outputs/`. */
export interface Recorded {
  tool: string;
  command: string;
  /** `recorded: …` on a real system, or `documented: …` with where. */
  source: string;
  output: ToolOutput;
  reading: Reading;
}

type Written = Omit<Recorded, 'output'> & Partial<ToolOutput>;

const folder = join(import.meta.dirname, 'outputs');

/** Returns all recorded answers. */
export function recordedOutputs(): Recorded[] {
  return readdirSync(folder).flatMap((file) => {
    const list = parse(readFileSync(join(folder, file), 'utf8')) as Written[];
    return list.map(({ code = 0, stdout = '', stderr = '', ...rest }) => ({
      ...rest,
      output: { code, stdout, stderr },
    }));
  });
}
