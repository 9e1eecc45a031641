import type { SchemeName } from '../versions/index.ts';

export function toolNamed(_: string): { scheme?: SchemeName } | undefined {
  return undefined;
}
