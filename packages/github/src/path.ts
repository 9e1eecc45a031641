import type { Parameters } from './client.ts';

/** Fills in the parameters of a route, for messages. Leaves out the query. */
export function pathOf(route: string, parameters: Parameters): string {
  const path = route.replaceAll(/\{(\w+)\}/g, (name, key: string) => {
    const value = parameters[key];
    return value === undefined ? name : encodeURIComponent(String(value)).replaceAll('%2F', '/');
  });
  return path.length > 300 ? `${path.slice(0, 297)}...` : path;
}
