// The sampler: a separate process that writes samples until it is stopped. It has no token and keeps no samples in
// memory.
import { closeSync, constants, existsSync, fstatSync, openSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { Sample } from './sampling/sample.ts';
import { takeSample } from './sampling/sample-io.ts';
import { type SamplerSettings, seriesFiles, settingsVariable } from './sampling/series-files.ts';

/** Milliseconds between checks for the stop file, if the interval is longer. */
const pollInterval = 500;

const settings = JSON.parse(process.env[settingsVariable] ?? '{}') as SamplerSettings;
const files = seriesFiles(settings.directory);
const end = performance.now() + settings.maxAge;
let due = performance.now() + settings.interval;

/** Whether the last write failed. */
let writeFailed = false;

/**
 * Without `O_CREAT`, so that a removed file is not created again. Does not follow a symlink or wait for a pipe in its
 * place.
 */
const { O_WRONLY, O_APPEND, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
const existing = O_WRONLY | O_APPEND | O_NOFOLLOW | O_NONBLOCK;

/** Appends a sample. A failed write, for example on a full disk, must not end the sampler: the sample is lost. */
function append(sample: Sample): void {
  try {
    const file = openSync(files.series, existing);
    try {
      if (!fstatSync(file).isFile()) return;
      // A failed write may have left an incomplete line. End it first.
      writeFileSync(file, `${writeFailed ? '\n' : ''}${JSON.stringify(sample)}\n`);
    } finally {
      closeSync(file);
    }
    writeFailed = false;
  } catch {
    writeFailed = true;
  }
}

while (existsSync(files.series) && !existsSync(files.stop)) {
  if (performance.now() >= end) {
    writeFileSync(files.ended, 'max-age', { flag: 'wx' });
    break;
  }
  if (performance.now() >= due) {
    append(await takeSample(settings.paths));
    // Skip missed samples: the next one is due on the next multiple of the interval.
    while (due <= performance.now()) due += settings.interval;
  }
  await wait(Math.max(1, Math.min(pollInterval, due - performance.now())));
}
