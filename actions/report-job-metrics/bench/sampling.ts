// Measures the cost of a sample on this machine: `node actions/report-job-metrics/bench/sampling.ts`.
import { tmpdir } from 'node:os';
import { openReader } from '../src/sampling/reader-io.ts';
import { jobPlace } from '../src/sampling/job-use-io.ts';

const rounds = 2_000;
const paths = [process.cwd(), tmpdir(), '/'];
const take = openReader({ paths, place: jobPlace(undefined) });
for (let round = 0; round < 200; round += 1) await take();
const before = process.cpuUsage();
let bytes = 0;
for (let round = 0; round < rounds; round += 1) bytes += JSON.stringify(await take()).length + 1;
const { user, system } = process.cpuUsage(before);
const milliseconds = (user + system) / 1000 / rounds;
const perHour = (bytes / rounds) * 1_800;
console.log(
  `${milliseconds.toFixed(2)} ms of CPU a sample: ${((milliseconds / 2_000) * 100).toFixed(3)} % of one CPU at the default interval of 2 s.`,
);
console.log(`${Math.round(bytes / rounds)} bytes a sample: ${(perHour / 2 ** 20).toFixed(2)} MiB an hour.`);
