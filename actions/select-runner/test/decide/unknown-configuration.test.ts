import { expect, it } from 'vitest';
import { placeJobs } from '../../src/decide/placement.ts';
import { makeRequest, trusted, untrusted } from './fixtures.ts';

it.each([
  ['ubuntu-latest', 'run'],
  ['arc-linux', 'fail'],
  [['self-hosted', 'big'], 'fail'],
])(
  'places an untrusted run on the fallback %j, if the configuration is unknown: %s',
  (fallback, decision) => {
    const request = makeRequest({ pools: [], unknown: 'GitHub is down', fallback });
    const placed = (trust: typeof trusted) => placeJobs(request, trust).next().value;
    expect(placed(untrusted)).toMatchObject({ placements: [{ decision }] });
    expect(placed(trusted)).toMatchObject({ placements: [{ decision: 'run' }] });
  },
);
