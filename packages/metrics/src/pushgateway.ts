import { type Deadline, deliver } from '@runner-actions/core';
import type { CheckedMetrics } from './check.ts';
import { below, type Endpoint } from './endpoint.ts';
import type { Labels } from './family.ts';
import { cleanText } from './label-value.ts';
import { renderPrometheus } from './render.ts';
import type { Exported } from './exported.ts';

/** A push to a group of a Pushgateway. A Pushgateway keeps each group for ever, so groups must be few. */
export interface Push {
  /** The label `job` of the group, and further labels. Never a run or the name of an ephemeral runner. */
  group: { job: string } & Labels;
  metrics: CheckedMetrics;
  /** `replace` removes what the group had; `merge` replaces families with the same name only. Default: `replace`. */
  how?: 'replace' | 'merge';
}

/**
 * Pushes metrics to a Pushgateway. It refuses families that have another type in another group. It keeps a group whose
 * push it refused, with a `push_time_seconds` of 0.
 * Source: README of Pushgateway, "API".
 */
export async function push(endpoint: Endpoint, options: Push, deadline: Deadline): Promise<Exported> {
  const { group, metrics, how = 'replace' } = options;
  if (metrics.families.length === 0)
    return { sent: false, warnings: ['Pushgateway: there are no figures to push.'] };
  const hidden = hiddenLabel(group, metrics);
  if (hidden !== undefined) return { sent: false, warnings: [hidden] };
  const answer = await deliver(
    {
      server: `Pushgateway at ${endpoint.url.host}`,
      url: below(endpoint, groupPath(group)),
      method: how === 'replace' ? 'PUT' : 'POST',
      headers: { ...endpoint.headers, 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
      body: renderPrometheus(metrics),
      isTransient: (status) => status >= 500,
    },
    deadline,
  );
  return typeof answer === 'string' ? { sent: false, warnings: [answer] } : { sent: true, warnings: [] };
}

/** A Pushgateway replaces a sample's label by the one of the group with the same name. */
function hiddenLabel(group: Labels, { families }: CheckedMetrics): string | undefined {
  for (const { name, samples } of families)
    for (const { labels } of samples) {
      const label = Object.keys(group).find((each) => Object.hasOwn(labels, each));
      if (label !== undefined)
        return `Pushgateway: ${name} has the label ${label}, which the group would replace. Nothing was pushed.`;
    }
  return undefined;
}

/**
 * Returns the path of a group, from `/metrics` on. Values are in base64, so that they may contain `/`; an empty value is
 * `=`, as there are no empty parts of a path. Source: README of Pushgateway, "URL".
 */
export function groupPath({ job, ...labels }: Push['group']): string {
  const others = Object.entries(labels).toSorted(([one], [other]) => (one < other ? -1 : 1));
  const pairs = [['job', job] as const, ...others];
  return `/metrics${pairs.map(([name, value]) => `/${name}@base64/${asBase64(cleanText(value))}`).join('')}`;
}

function asBase64(text: string): string {
  return Buffer.from(text).toString('base64url') || '=';
}
