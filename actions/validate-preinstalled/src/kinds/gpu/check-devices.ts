import { judge, type ParsedText, type Range, type Size } from '@runner-actions/manifest';
import type { Finding } from '../kind.ts';
import { compareSize } from '../size.ts';
import type { Device, Obstacle } from './gpu-host.ts';

/** The devices that a job sees. */
export interface SeenDevices {
  count: number;
  /** More than `count` if it cannot be determined which ones the job sees. */
  candidates: readonly Device[];
  /** What hides devices. */
  because: string | undefined;
}

const advice = 'Choose another runner.';

export function checkCount({ count, candidates, because }: SeenDevices, wanted: ParsedText<number>): Finding {
  const names = [...new Set(candidates.slice(0, count).map(({ name }) => name))].join(', ');
  const found = [
    String(count),
    names === '' ? '' : ` (${names})`,
    because === undefined ? '' : `, since ${because}`,
  ];
  const met = count >= wanted.value;
  return {
    status: met ? 'pass' : 'fail',
    found: found.join(''),
    wanted: wanted.text,
    ...(met ? {} : { advice }),
  };
}

export function checkMemory(seen: SeenDevices, wanted: ParsedText<Size>, least: number | undefined): Finding {
  return judgeDevices(seen, least, `${wanted.text}${ofMany(least)}`, ({ bytes }) =>
    bytes === undefined ? undefined : compareSize(bytes, wanted.value),
  );
}

export function checkCompute(
  seen: SeenDevices,
  wanted: ParsedText<Range>,
  least: number | undefined,
): Finding {
  return judgeDevices(seen, least, `${wanted.text}${ofMany(least)}`, ({ compute }) => {
    const verdict = compute === undefined ? undefined : judge(wanted.value, compute);
    return compute === undefined || verdict === undefined || 'unknown' in verdict
      ? undefined
      : { met: verdict.met, found: compute };
  });
}

const ofMany = (least: number | undefined): string =>
  least === undefined ? '' : ` on ${least} ${least === 1 ? 'device' : 'devices'}`;

/**
 * Judges a property of the devices. All must have it, or with `least` that many. If it is not known which devices the job
 * sees, each choice must do.
 */
function judgeDevices(
  { count, candidates, because }: SeenDevices,
  least: number | undefined,
  wanted: string,
  judgeOne: (device: Device) => { met: boolean; found: string } | undefined,
): Finding {
  if (count === 0) {
    const hidden = because === undefined ? '' : `, since ${because}`;
    return { status: 'fail', found: `no device${hidden}`, wanted, advice };
  }
  const verdicts = candidates.map(judgeOne);
  const shown = candidates.map(({ name }, index) => `${name}: ${verdicts[index]?.found ?? 'unknown'}`);
  const found = [...new Set(shown)].join(', ');
  const hidden = candidates.length - count;
  const need = (least ?? count) + hidden;
  if (verdicts.filter((verdict) => verdict?.met === true).length >= need)
    return { status: 'pass', found, wanted };
  if (verdicts.filter((verdict) => verdict?.met !== false).length >= need)
    return { status: 'error', found, wanted, advice: 'The driver does not tell this. Update the driver.' };
  return { status: 'fail', found, wanted, advice };
}

/** Judges a version that was found, or not. */
export function checkVersion(found: string | Obstacle, wanted: ParsedText<Range>, update: string): Finding {
  if (typeof found !== 'string') return { ...found, wanted: wanted.text };
  const verdict = judge(wanted.value, found);
  if ('unknown' in verdict)
    return { status: 'error', found: `${found}: ${verdict.unknown}`, wanted: wanted.text };
  const result = { found, wanted: wanted.text };
  return verdict.met ? { status: 'pass', ...result } : { status: 'fail', ...result, advice: update };
}
