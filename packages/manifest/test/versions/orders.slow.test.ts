import { describe, it } from 'vitest';
import { orderTests } from './orders.ts';

describe.each(orderTests)('compareVersions, against $program', ({ from, isPresent, run }) => {
  const isSkipped = !isPresent();
  const reason = isSkipped ? ` (skipped without the package ${from})` : '';
  it.skipIf(isSkipped)(`orders pairs as it does, 10,000 where one process can compare them${reason}`, () =>
    run(10_000),
  );
});
