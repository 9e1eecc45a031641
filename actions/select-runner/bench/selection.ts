// `npm run bench`: measures a selection: wall time without Node's start-up, API calls, and CPU time of the decision.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { type Fleet, type FleetRunner, launchJob, startSimulator } from '@runner-actions/testing';
import { count } from '@runner-actions/history';
import { poolFromLabels } from '../src/request/pool.ts';
import type { SelectionRequest } from '../src/request/selection-request.ts';
import { placeJobs } from '../src/decide/placement.ts';
import { countRunsAhead } from '../src/pool-facts/competing-runs-io.ts';

const action = join(import.meta.dirname, '..');
const labels = ['self-hosted', 'linux', 'x64'];
const rounds = 7;

/** Only the last runner matches, so that all pages are read. */
function runners(amount: number): FleetRunner[] {
  return Array.from({ length: amount }, (_, index) => ({
    id: index + 1,
    name: `r${index}`,
    labels: index === amount - 1 ? labels : ['self-hosted', 'other'],
  }));
}

function fleet(amount: number): Fleet {
  const created_at = new Date(Date.now() - 300_000).toISOString();
  const done = {
    status: 'completed',
    conclusion: 'success',
    created_at,
    started_at: created_at,
    completed_at: created_at,
  } as const;
  return {
    owner: { login: 'octo', kind: 'organization' },
    repositories: [{ id: 1, name: 'app', private: true, runners: runners(amount) }],
    runs: [{ id: 5, status: 'completed', conclusion: 'success', created_at }],
    jobs: [
      {
        ...done,
        id: 6,
        run_id: 5,
        name: 'build',
        labels,
        runner_id: 1,
        runner_name: 'r',
        runner_group_name: 'Default',
      },
    ],
    tokens: {
      admin: { permissions: { administration: 'read' } },
      'github-token': { permissions: { actions: 'read' } },
    },
  };
}

function median(values: number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

async function measure(name: string, amount: number, runnerToken: string): Promise<void> {
  const simulator = await startSimulator(fleet(amount));
  const steps = [
    { action, with: { labels: labels.join(','), 'runner-token': runnerToken, deadline: '60s' } },
  ];
  const times: number[] = [];
  let reason: string | undefined;
  for (let round = 0; round < rounds; round += 1) {
    const env = {
      GITHUB_API_URL: simulator.url,
      GITHUB_WORKFLOW_REF: 'octo/app/.github/workflows/ci.yml@main',
    };
    const job = await launchJob({ env, steps });
    const start = performance.now();
    spawnSync(process.execPath, ['-e', '0']);
    times.push((job.steps[0]?.milliseconds ?? 0) - (performance.now() - start));
    reason = job.steps[0]?.outputs['reason'];
  }
  const calls = simulator.requests.length / rounds;
  await simulator.stop();
  console.log(
    `${name.padEnd(28)} ${median(times).toFixed(0).padStart(5)} ms over node -e 0, ${calls} calls (${reason})`,
  );
}

function questionOf(amount: number): SelectionRequest {
  const pool = poolFromLabels(labels, {});
  const jobs = Array.from({ length: amount }, (_, index) => ({
    ...{ index, item: {}, class: undefined, weight: 1, pools: [pool.name] },
    rollout: { name: '', share: 1, point: 0 },
  }));
  const rest = {
    fallback: 'ubuntu-latest',
    placement: 'spread',
    maxParallel: Number.POSITIVE_INFINITY,
    force: undefined,
    trust: [],
    breaker: undefined,
    onError: 'fallback',
    dryRun: false,
    currency: 'USD',
    unknown: undefined,
  } as const;
  return { pools: [pool], jobs, ...rest };
}

const trust = { trusted: true, why: '' };

function decide(request: SelectionRequest, free: number, online: number, ahead: number): number {
  const base = { kind: 'seen', source: 'runners-api', confidence: 'high', hidden: 0, detail: '' } as const;
  const observation = { ...base, matching: online, online, free };
  const placing = placeJobs(request, trust);
  let next = placing.next();
  while (next.done !== true) next = placing.next({ observation, ahead });
  return next.value.placements.filter(({ isSelfHosted }) => isSelfHosted).length;
}

function measureDecision(): void {
  const many = Array.from({ length: 10_000 }, (_, id) => ({
    id,
    online: true,
    busy: id % 2 === 0,
    labels: ['Self-Hosted', 'Linux', 'X64', `r${id}`],
  }));
  const request = questionOf(256);
  const spent = Array.from({ length: 21 }, () => {
    const before = process.cpuUsage();
    const { free, online } = count(many, labels, [2, 329, 0]);
    decide(request, free, online, 0);
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  console.log(`10,000 runners, 256 jobs         ${median(spent).toFixed(1)} ms of CPU for the decision`);
}

/** Returns a generator of pseudo-random numbers that depend on the seed only (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Simulates 1,000 runs of one event that compete for 100 free runners. They select within 30 s, in any order. A runner
 * becomes busy 5 to 60 s after a job was placed on it. As with GitHub's API, each run sees the 100 newest runs, the 100
 * oldest runs, and the total.
 */
function rush(takes: (free: number, ahead: number) => boolean): { placed: number; inVain: number } {
  const [runs, free, next] = [1000, 100, random(1)];
  const ids = Array.from({ length: runs }, (_, index) => index + 1);
  const seen = ids.map((id) => ({ id, status: 'in_progress' }));
  const [oldest, newest] = [seen.slice(0, 100), seen.slice(-100)];
  const looks = ids.map((id) => ({ id, at: next() * 30 })).sort((one, other) => one.at - other.at);
  const taken: number[] = [];
  for (const { id, at } of looks) {
    const busy = Math.min(free, taken.filter((time) => time <= at).length);
    if (takes(free - busy, countRunsAhead({ oldest, newest, total: runs }, id)))
      taken.push(at + 5 + next() * 55);
  }
  return { placed: taken.length, inVain: Math.max(0, taken.length - free) };
}

function simulateRush(): void {
  const request = questionOf(1);
  const ours = rush((free, ahead) => decide(request, free, 100, ahead) > 0);
  const naive = rush((free) => free > 0);
  console.log('1,000 runs at once over 100 free runners:');
  console.log(`  select-runner: ${ours.placed} placed, ${ours.inVain} of them without a free runner`);
  console.log(`  "any free runner": ${naive.placed} placed, ${naive.inVain} of them without a free runner`);
}

console.log(`Node ${process.version}, ${rounds} rounds, median`);
await measure('10 runners', 10, 'admin');
await measure('1,000 runners, 10 pages', 1_000, 'admin');
await measure('10,000 runners, 100 pages', 10_000, 'admin');
await measure('history, no runner-token', 10, '');
measureDecision();
simulateRush();
