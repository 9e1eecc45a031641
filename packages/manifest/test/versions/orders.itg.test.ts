import { describe, it } from 'vitest';
import { orderTests } from './orders.ts';

describe.each(orderTests)('compareVersions, against $program', ({ from, isPresent, run }) => {
  const isSkipped = !isPresent();
  const reason = isSkipped ? ` (skipped without the package ${from})` : '';
  it.skipIf(isSkipped)(`orders some pairs as it does${reason}`, () => run(1_000));
});
