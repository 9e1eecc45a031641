// The sampler: a process of its own that writes samples until it is told to stop. It knows no token and keeps nothing in memory.
import { closeSync, constants, existsSync, fstatSync, openSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { Sample } from './sample.ts';
import { takeSample } from './sample-io.ts';
import { type SamplerSettings, seriesFiles, settingsVariable } from './series-files.ts';

/** How often it looks whether it is to stop, where samples are further apart. Milliseconds. */
const look = 500;

const settings = JSON.parse(process.env[settingsVariable] ?? '{}') as SamplerSettings;
const files = seriesFiles(settings.directory);
const end = performance.now() + settings.maxAge;
let due = performance.now() + settings.interval;

let broken = false;

/** Without `O_CREAT`: a file that was removed in the meantime is not brought back. A link, or a pipe, in its place gets nothing. */
const { O_WRONLY, O_APPEND, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
const existing = O_WRONLY | O_APPEND | O_NOFOLLOW | O_NONBLOCK;

/** A full disk, of all things to be measured, must not end the sampler: what could not be written is missing. */
function append(sample: Sample): void {
  try {
    const file = openSync(files.series, existing);
    try {
      if (!fstatSync(file).isFile()) return;
      // After a write that failed there may be half a line, which is ended first.
      writeFileSync(file, `${broken ? '\n' : ''}${JSON.stringify(sample)}\n`);
    } finally {
      closeSync(file);
    }
    broken = false;
  } catch {
    broken = true;
  }
}

while (existsSync(files.series) && !existsSync(files.stop)) {
  if (performance.now() >= end) {
    writeFileSync(files.ended, 'max-age', { flag: 'wx' });
    break;
  }
  if (performance.now() >= due) {
    append(await takeSample(settings.paths));
    // What was missed is not made up for: the next sample is one interval from the last one that was due.
    while (due <= performance.now()) due += settings.interval;
  }
  await wait(Math.max(1, Math.min(look, due - performance.now())));
}
