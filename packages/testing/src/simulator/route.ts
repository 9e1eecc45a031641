import type { Demand } from './access.ts';
import type { Call, Reply } from './exchange.ts';

/** One operation of the API. `path` is the template of GitHub's description; `{path}` spans folders. */
export interface Route {
  method: 'GET' | 'POST';
  path: string;
  demand?: Demand;
  /** GitHub does not count these against the rate limit. */
  free?: boolean;
  handle(call: Call): Reply;
}

/** The parameters of a path that fits the template, decoded; `undefined` when it does not fit. */
export function matchPath(template: string, path: string): Record<string, string> | undefined {
  const names: string[] = [];
  const pattern = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    names.push(name);
    return name === 'path' ? '(.*)' : '([^/]+)';
  });
  const found = new RegExp(`^${pattern}$`).exec(path);
  if (found === null) return undefined;
  return Object.fromEntries(names.map((name, index) => [name, decode(found[index + 1] ?? '')]));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
