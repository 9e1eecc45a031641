import type { SchemeName } from '../versions/index.ts';

interface ToolEntry {
  names: readonly [string, ...string[]];
  scheme?: SchemeName;
  arguments?: readonly string[];
}

export const tools: readonly ToolEntry[] = [];

export function toolNamed(name: string): ToolEntry | undefined {
  return tools.find(({ names }) => names.includes(name));
}
