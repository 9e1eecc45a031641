import { expect, it } from 'vitest';
import { checkMetrics, type Family, groupPath, RefusedMetrics, renderPrometheus } from '../src/index.ts';

const pick = <T>(list: readonly T[], index: number): T => list[index % list.length] as T;

/** Job number `index`: a run and a commit of its own, on one of 500 ephemeral runners. */
function jobOf(index: number) {
  return {
    runId: String(16_000_000_000 + index),
    runner: `ephemeral-${(index * 7919) % 500}`,
    repository: pick(['octo/app', 'octo/web', 'octo/docs'], index),
    workflow: pick(['CI', 'Release'], Math.floor(index / 3)),
    job: pick(['build', 'test (20)', 'test (22)', 'lint'], Math.floor(index / 6)),
    runnerClass: pick(['linux', 'linux-gpu'], Math.floor(index / 24)),
    conclusion: pick(['success', 'failure', 'cancelled'], Math.floor(index / 48)),
    seconds: index % 601,
  };
}

/** The names of labels of exports: situation 19 of the action's behaviours. */
const bounds = { labels: ['repository', 'workflow', 'job', 'runner_class', 'conclusion'] };

function familiesOf(labels: Record<string, string>, seconds: number): Family[] {
  const help = 'How long the last job ran.';
  return [{ name: 'ci_job_duration_seconds', type: 'gauge', help, samples: [{ labels, value: seconds }] }];
}

/** Returns the series of a push: the group with the names and labels, without values. */
function seriesOf(index: number): string[] {
  const { repository, workflow, job, runnerClass, conclusion, seconds } = jobOf(index);
  const metrics = checkMetrics(familiesOf({ runner_class: runnerClass, conclusion }, seconds), bounds);
  const lines = renderPrometheus(metrics).split('\n');
  const group = groupPath({ job, repository, workflow });
  return lines.filter((line) => line.startsWith('ci_')).map((line) => group + line.replace(/ \S+$/, ''));
}

it('10,000 jobs on 500 ephemeral runners add no series after the first of each kind', () => {
  const warm = new Set(Array.from({ length: 144 }, (_, index) => seriesOf(index)).flat());
  const added = Array.from({ length: 10_000 }, (_, index) => seriesOf(index))
    .flat()
    .filter((series) => !warm.has(series));
  expect(new Set(Array.from({ length: 10_000 }, (_, index) => jobOf(index).runner)).size).toBe(500);
  expect([warm.size, added]).toEqual([144, []]);
});

it.each(['runId', 'runner'] as const)('%s cannot become a label', (field) => {
  const { [field]: value } = jobOf(1);
  expect(() => checkMetrics(familiesOf({ [field]: value }, 1), bounds)).toThrow(RefusedMetrics);
});

it('one export of 500 names is refused, even under a label that is allowed', () => {
  const samples = Array.from({ length: 500 }, (_, index) => ({
    labels: { job: jobOf(index).runner },
    value: 1,
  }));
  const [family] = familiesOf({}, 1);
  expect(() => checkMetrics([{ ...family, samples } as Family], bounds)).toThrow(
    '500 series are more than the 100 that one export may have. ci_job_duration_seconds has 500 of them',
  );
});
