import type { RequiredPermission } from './access.ts';
import type { Call, Reply } from './exchange.ts';

/** One operation of the API. */
export interface Route {
  method: 'GET' | 'POST' | 'PATCH';
  /** The path template of GitHub's description. The parameter `{path}` may contain slashes. */
  path: string;
  requiredPermission?: RequiredPermission;
  /** Set for an operation that GitHub does not count against the rate limit. */
  exemptFromRateLimit?: boolean;
  handle(call: Call): Reply;
}

/** Returns the decoded parameters of a path, or `undefined` if the path does not match the template. */
export function matchPath(template: string, path: string): Record<string, string> | undefined {
  const names: string[] = [];
  const pattern = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    names.push(name);
    return name === 'path' ? '(.*)' : '([^/]+)';
  });
  const found = new RegExp(`^${pattern}$`).exec(path);
  if (found === null) return undefined;
  return Object.fromEntries(names.map((name, index) => [name, decodePart(found[index + 1] ?? '')]));
}

function decodePart(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
