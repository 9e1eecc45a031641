import type { Observation } from './incident.ts';

/**
 * Replaces the names of machines in all texts of an observation by `machine 1`, `machine 2`, also in other letter case.
 * A name is replaced wherever it stands, even within a word: a text that is harder to read is better than one that tells
 * a name.
 */
export function hideMachines(observation: Observation): Observation {
  const { incident, remark } = observation;
  const names = [...new Set(incident.machines ?? [])].filter((name) => name.trim() !== '');
  if (names.length === 0) return observation;
  const shown = names.map((name, index) => [name, `machine ${index + 1}`] as const);
  // A name may begin with another one: big-1 and big-12.
  shown.sort(([a], [b]) => b.length - a.length);
  const hide = (text: string): string => hideAll(text, shown);
  const pairs = Object.entries(incident.labels ?? {}).map(([key, value]) => [key, hide(value)] as const);
  const { url } = incident;
  return {
    ...observation,
    ...(remark === undefined ? {} : { remark: hide(remark) }),
    incident: {
      ...incident,
      title: hide(incident.title),
      summary: hide(incident.summary),
      labels: Object.fromEntries(pairs),
      facts: (incident.facts ?? []).map(([name, value]) => [hide(name), hide(value)] as const),
      machines: [],
      // A link with a name in it would no longer lead anywhere.
      ...(url !== undefined && hide(url) !== url ? { url: '' } : {}),
    },
  };
}

function hideAll(text: string, names: readonly (readonly [string, string])[]): string {
  // Many names must not make a long text slow.
  const byStart = new Map<string, (readonly [string, string])[]>();
  for (const pair of names) {
    const start = pair[0].charAt(0).toLowerCase();
    byStart.set(start, [...(byStart.get(start) ?? []), pair]);
  }
  const found = (at: number) =>
    byStart
      .get(text.charAt(at).toLowerCase())
      ?.find(([name]) => text.slice(at, at + name.length).toLowerCase() === name.toLowerCase());
  const parts: string[] = [];
  for (let at = 0; at < text.length;) {
    const hit = found(at);
    parts.push(hit === undefined ? text.charAt(at) : hit[1]);
    at += hit === undefined ? 1 : hit[0].length;
  }
  return parts.join('');
}
