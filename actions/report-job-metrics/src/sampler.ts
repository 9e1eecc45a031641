// The sampler: a separate process that writes samples until it is stopped. It has no token.
import { openReader } from './sampling/reader-io.ts';
import { writeSamples } from './sampling/sampler-loop.ts';
import { type SamplerSettings, settingsVariable } from './sampling/series-files.ts';

const settings = JSON.parse(process.env[settingsVariable] ?? '{}') as SamplerSettings;
const reader = openReader(settings);
await writeSamples(settings, () => reader.read());
reader.close();
process.exit();
