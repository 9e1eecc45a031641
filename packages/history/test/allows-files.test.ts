import { readJob } from '@runner-actions/core';
import { expect, it } from 'vitest';
import { allowsFiles } from '../src/runner-groups-io.ts';

const job = readJob({ GITHUB_REPOSITORY: 'octo/app' });
const file = 'octo/app/.github/workflows/ci.yml';

it.each([
  [`${file}@refs/heads/main`, `${file}@refs/heads/main`, 'yes'],
  [`${file}@main`, `${file}@refs/heads/main`, 'yes'],
  [`Octo/App/.github/workflows/ci.yml@main`, `${file}@refs/heads/main`, 'yes'],
  [`${file}@refs/heads/main`, `${file}@refs/heads/main@x`, 'no'],
  [`${file}@refs/heads/main@x`, `${file}@refs/heads/main@x`, 'yes'],
  [`${file}@refs/heads/main`, `${file}@refs/heads/Main`, 'unsure'],
])('a group that selects %s answers a job of %s with %s', (selected, own, answer) => {
  const group = { restrictedToWorkflows: true, selectedWorkflows: [selected], inherited: false };
  expect(allowsFiles(group, [own], job)).toBe(answer);
});
