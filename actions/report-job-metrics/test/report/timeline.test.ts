import { expect, it } from 'vitest';
import { timelineOf } from '../../src/report/timeline.ts';

it('fills the part of the job in which the step ran', () => {
  expect(timelineOf({ from: 0, to: 24 }, 24)).toBe('█'.repeat(24));
  expect(timelineOf({ from: 12, to: 24 }, 24)).toBe('░'.repeat(12) + '█'.repeat(12));
  expect(timelineOf({ from: -5, to: 2 }, 24)).toBe('██' + '░'.repeat(22));
  expect(timelineOf({ from: 22, to: 99 }, 24)).toBe('░'.repeat(22) + '██');
});

it('shows a short step as half a character, also at the end', () => {
  expect(timelineOf({ from: 3.1, to: 3.2 }, 24)).toBe(`░░░▌${'░'.repeat(20)}`);
  expect(timelineOf({ from: 24, to: 24 }, 24)).toBe(`${'░'.repeat(23)}▌`);
});

it('is empty for a step that did not run while samples were taken', () => {
  expect([
    timelineOf(undefined, 24),
    timelineOf({ from: -3, to: -2 }, 24),
    timelineOf({ from: 0, to: 1 }, 0),
  ]).toEqual(['', '', '']);
});
