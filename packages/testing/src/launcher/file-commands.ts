import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const kinds = ['OUTPUT', 'ENV', 'PATH', 'STATE', 'STEP_SUMMARY'] as const;
export type Kind = (typeof kinds)[number];

/** Makes the empty files that a step writes its commands to, and answers the variables that name them. */
export function prepareFiles(directory: string, prefix: string): Record<`GITHUB_${Kind}`, string> {
  const entries = kinds.map((kind) => {
    const path = join(directory, `${kind.toLowerCase()}_${prefix}`);
    writeFileSync(path, '');
    return [`GITHUB_${kind}`, path] as const;
  });
  return Object.fromEntries(entries) as Record<`GITHUB_${Kind}`, string>;
}

/** Reads `name=value` and `name<<DELIMITER` records. Source: GitHub's page "Workflow commands". @throws Error on a broken record. */
export function readRecords(path: string): Record<string, string> {
  const lines = readFileSync(path, 'utf8').split(/\r?\n/);
  const records: Record<string, string> = {};
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    if (line === '') continue;
    const heredoc = /^([^=]+?)<<(.+)$/.exec(line);
    if (heredoc === null) {
      const split = line.indexOf('=');
      if (split < 1) throw new Error(`Invalid format '${line}'`);
      records[line.slice(0, split)] = line.slice(split + 1);
      continue;
    }
    const end = lines.indexOf(heredoc[2] ?? '', index + 1);
    if (end < 0) throw new Error(`Matching delimiter not found '${heredoc[2]}'`);
    records[heredoc[1] ?? ''] = lines.slice(index + 1, end).join('\n');
    index = end;
  }
  return records;
}
