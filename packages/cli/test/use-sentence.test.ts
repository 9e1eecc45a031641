import { expect, it } from 'vitest';
import { useSentence } from '../src/metrics/use-sentence.ts';

const range = (max: number) => ({ min: 0, mean: max / 2, max });
const [own, all] = [
  { jobCpu: range(0.4), jobMemory: range(1.25 * 2 ** 30) },
  { cpu: range(0.95), memory: range(6 * 2 ** 30) },
];
const nothing = { jobCpu: undefined, jobMemory: undefined, cpu: undefined, memory: undefined };
const sentence = (figures: object, cpuSeconds: number | undefined): string =>
  useSentence({ ...nothing, durationSeconds: 75, ...figures, jobCpuSeconds: cpuSeconds }, 8);

it.each([
  [
    'of the job and of all',
    { ...own, ...all },
    93.4,
    'This job used in 1 min 15 s: 1 min 33 s of CPU time, at most 3.2 of 8 CPUs and at most 1.3 GiB of memory. In use in all: at most 7.6 of 8 CPUs and at most 6.0 GiB of memory.',
  ],
  [
    'of all, where the use of the job is unknown',
    all,
    undefined,
    'What this job used in 1 min 15 s is unknown. In use in all: at most 7.6 of 8 CPUs and at most 6.0 GiB of memory.',
  ],
  [
    'of a job that is too short for more than its CPU time',
    {},
    0.5,
    'This job used in 1 min 15 s: 500 ms of CPU time. What the machine used is unknown.',
  ],
])('the sentence of a hook tells the use %s', (_, figures, cpuSeconds, expected) => {
  expect(sentence(figures, cpuSeconds)).toBe(expected);
});
