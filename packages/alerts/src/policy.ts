import type { QuietHours } from './quiet-hours.ts';

/** When an incident is told. Times in milliseconds. */
export interface AlertPolicy {
  /** How long an incident must last before it is told. */
  after: number;
  /** How long after its end it opens its old issue again; 0: never. */
  reopenWithin: number;
  quietHours: QuietHours | undefined;
  /** How many looks in a row must find it gone before it is closed. */
  closeAfterLooks: number;
}

const [minute, day] = [60_000, 86_400_000];

export const defaultPolicy: AlertPolicy = {
  after: 30 * minute,
  reopenWithin: 7 * day,
  quietHours: undefined,
  closeAfterLooks: 2,
};

/** Milliseconds between two messages that say only that an incident still lasts. */
export const reminderInterval = day;
