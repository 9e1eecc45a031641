export const id = 395;
export const ids = [395];
export const modules = {

/***/ 9395:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  Sz: () => (/* binding */ closeAndReport),
  jt: () => (/* binding */ directoryOf),
  us: () => (/* binding */ failWhenStrict),
  q7: () => (/* binding */ notMeasured),
  hR: () => (/* binding */ watchedPaths)
});

// EXTERNAL MODULE: ../../packages/core/src/index.ts + 38 modules
var src = __webpack_require__(9394);
// EXTERNAL MODULE: ./src/figures.ts + 1 modules
var src_figures = __webpack_require__(1209);
;// CONCATENATED MODULE: ./src/chart.ts
/** Points a chart may have: more cannot be told apart at its width. */
const mostPoints = 60;
/** At most `most` values, each the largest of its neighbours, so that no peak is lost. */
function downsample(values, most = mostPoints) {
    if (values.length <= most)
        return [...values];
    return Array.from({ length: most }, (_unused, index) => {
        const from = Math.floor((index * values.length) / most);
        const to = Math.floor(((index + 1) * values.length) / most);
        return values.slice(from, to).reduce((peak, value) => Math.max(peak, value), -Infinity);
    });
}
/** The default's first colour can hardly be seen on white. */
const palette = '%%{init: {"themeVariables": {"xyChart": {"plotColorPalette": "#0969da"}}}}%%';
/**
 * A chart as text of Mermaid's xychart. It refuses NaN, empty lists, exponents and quotes, so that values that are no
 * numbers are left out and all are written with digits. `undefined`: too few values for a line.
 */
function toMermaid({ title, unit, values, seconds, top }) {
    const known = downsample(values.filter((value) => Number.isFinite(value)));
    if (known.length < 3)
        return undefined;
    const highest = top ?? Math.max(...known);
    const long = seconds >= 300;
    const width = Math.max(0.1, (Number.isFinite(seconds) ? seconds : 0) / (long ? 60 : 1));
    return [
        palette,
        'xychart-beta',
        `    title "${plain(title)}"`,
        `    x-axis "${long ? 'minutes' : 'seconds'}" 0 --> ${digits(width)}`,
        `    y-axis "${plain(unit)}" 0 --> ${digits(highest > 0 ? highest : 1)}`,
        `    line [${known.map(digits).join(', ')}]`,
    ].join('\n');
}
function plain(text) {
    return text.replaceAll(/[^\p{L}\p{N} .,()%/-]/gu, ' ').trim();
}
/** Never an exponent, never `-0`: small values keep three digits after the point, large ones are capped. */
function digits(value) {
    const text = Math.max(-1e15, Math.min(1e15, value)).toFixed(3);
    return text.replace(/\.?0+$/, '').replace(/^-0$/, '0');
}
const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
/** A line of bars, at most 30, from 0 to `top` (default: the largest value). */
function toSparkline(values, top) {
    const known = downsample(values.filter((value) => Number.isFinite(value)), 30);
    const highest = top ?? known.reduce((peak, value) => Math.max(peak, value), 0);
    return known
        .map((value) => (highest > 0 ? value / highest : 0))
        .map((share) => bars[Math.max(0, Math.min(bars.length - 1, Math.floor(share * bars.length)))])
        .join('');
}

;// CONCATENATED MODULE: ./src/report.ts


/** The JSON report, with the whole series. */
function makeReport({ series, figures, end }) {
    const { points, stalls, ...summary } = figures;
    const { head, skipped, samples } = series;
    const wall = (index) => {
        const sample = samples.at(index);
        return sample && new Date(sample.wall).toISOString();
    };
    const times = { started: wall(0), ended: wall(-1) };
    return {
        version: 1,
        ...times,
        machine: head,
        end,
        skipped,
        summary,
        findings: findings({ series, figures, end }),
        stalls,
        points,
    };
}
/** What a reader should know before the figures, a sentence each. */
function findings({ series, figures, end }) {
    const last = series.samples.at(-1);
    const at = last === undefined ? 'the start' : `${new Date(last.wall).toISOString().slice(11, 19)} UTC`;
    const stalled = figures.stalls.reduce((sum, { from, to }) => sum + to - from, 0);
    const found = [
        [end === 'lost', `Sampler stopped at ${at}: it was killed or could not run. The figures end there.`],
        [end === 'max-age', `Sampler stopped at ${at}, at its greatest age. The figures end there.`],
        [(figures.oomKills ?? 0) > 0, `The kernel killed ${figures.oomKills} process(es) for lack of memory.`],
        [
            figures.thrashSeconds >= 30,
            `Memory was thrashing for ${(0,src/* formatDuration */.a3)(figures.thrashSeconds * 1000)}: all tasks waited for it.`,
        ],
        [
            stalled > 0,
            `No samples for ${(0,src/* formatDuration */.a3)(stalled * 1000)} (suspended or hung); nothing is made up for that time.`,
        ],
        [
            (figures.throttledSeconds ?? 0) >= 1,
            `The CPU quota held tasks back for ${(0,src/* formatDuration */.a3)((figures.throttledSeconds ?? 0) * 1000)}.`,
        ],
        [series.skipped > 0, `${series.skipped} unreadable line(s) of the series were left out.`],
    ];
    return [...found.filter(([applies]) => applies).map(([, sentence]) => sentence), ...series.head.notes];
}
/** The part of the job's summary. */
function renderSummary(reported, charts) {
    const { series, figures } = reported;
    const { head } = series;
    const cores = Number(head.cores.value.toFixed(2));
    const limits = `${cores} CPUs (${head.cores.source}), ${(0,src/* formatBytes */.z3)(head.memory.value)} of memory (${head.memory.source})`;
    const duration = (0,src/* formatDuration */.a3)(figures.durationSeconds * 1000);
    const blocks = [
        '### Job metrics',
        `${figures.samples} samples in ${duration}; limits: ${limits}.`,
        ...findings(reported).map((sentence) => `> ${sentence}`),
        renderTable(figures, charts === 'text'),
    ];
    if (charts === 'mermaid') {
        for (const chart of chartsOf(reported)) {
            const text = toMermaid(chart);
            if (text !== undefined)
                blocks.push(`\`\`\`mermaid\n${text}\n\`\`\``);
        }
    }
    return `${blocks.join('\n\n')}\n`;
}
/** Shares are drawn of the whole, other figures of their largest value. */
function topOf(key) {
    return key === 'cpu' || key === 'disk' || key.endsWith('Pressure') ? 1 : undefined;
}
function renderTable(figures, sparklines) {
    const percent = (value) => `${(value * 100).toFixed(1)} %`;
    const speed = (value) => `${(0,src/* formatBytes */.z3)(value)}/s`;
    const rows = [
        ['CPU', figures.cpu, percent, 'cpu'],
        ['Memory', figures.memory, src/* formatBytes */.z3, 'memoryBytes'],
        ['Fullest disk', figures.disk, percent, 'disk'],
        ['Received', figures.received, speed, 'receivedPerSecond'],
        ['Sent', figures.sent, speed, 'sentPerSecond'],
        ['Waiting for CPU', figures.cpuPressure, percent, 'cpuPressure'],
        ['Waiting for memory', figures.memoryPressure, percent, 'memoryPressure'],
        ['Waiting for disks', figures.ioPressure, percent, 'ioPressure'],
    ];
    const shown = rows.flatMap(([label, range, format, key]) => {
        if (range === undefined)
            return [];
        const cells = [label, format(range.min), format(range.mean), format(range.max)];
        return [sparklines ? [...cells, toSparkline(valuesOf(figures, key), topOf(key))] : cells];
    });
    return (0,src/* table */.tp)(['', 'min', 'mean', 'max', ...(sparklines ? ['over time'] : [])], shown);
}
function valuesOf({ points }, key) {
    return points.map((point) => point[key]).filter((value) => value !== undefined);
}
/** At most three: each is a frame of its own on the run's page. */
function chartsOf({ figures, series }) {
    const seconds = figures.points.reduce((sum, point) => sum + point.seconds, 0);
    const scaled = (key, by) => valuesOf(figures, key).map((value) => value / by);
    const received = scaled('receivedPerSecond', 2 ** 20);
    const sent = scaled('sentPerSecond', 2 ** 20);
    const cores = Number(series.head.cores.value.toFixed(2));
    return [
        { title: `CPU, % of ${cores} CPUs`, unit: '%', values: scaled('cpu', 0.01), seconds, top: 100 },
        { title: 'Memory in use', unit: 'GiB', values: scaled('memoryBytes', 2 ** 30), seconds },
        {
            title: 'Network, received and sent',
            unit: 'MiB/s',
            values: received.map((value, index) => value + (sent[index] ?? 0)),
            seconds,
        },
    ];
}

// EXTERNAL MODULE: ./src/series-io.ts + 13 modules
var series_io = __webpack_require__(6403);
// EXTERNAL MODULE: ./src/series-files.ts
var series_files = __webpack_require__(7823);
;// CONCATENATED MODULE: ./src/close.ts





/** Where this job's series is. */
function directoryOf({ job }) {
    return (0,series_files/* seriesDirectory */.P4)(job.temp, {
        repository: job.repository.fullName,
        runId: job.runId,
        runAttempt: job.runAttempt,
        job: job.name,
        trackingId: job.trackingId,
    });
}
/** The paths whose disks are watched: the job's own, and the container engine's, which fill up unseen. */
function watchedPaths({ job }) {
    const paths = [job.workspace, job.temp, job.toolCache, '/var/lib/docker', '/'];
    return paths.filter((path) => path !== undefined);
}
/** Closes the series and reports it. `undefined`: it was not open, which is a warning, or an error when strict. */
async function closeAndReport(step, settings, directory) {
    const closed = await (0,series_io/* closeSeries */.C)(directory, watchedPaths(step));
    if (closed === 'closed') {
        step.log.info('An earlier step has closed and reported the series of this job.');
        return undefined;
    }
    if (closed === 'none' || closed === 'broken') {
        notMeasured(step, settings.strict, closed === 'none' ? missing : 'The file of the series is broken.');
        return undefined;
    }
    const figures = (0,src_figures/* summarise */.f)(closed.series);
    const reported = { series: closed.series, figures, end: closed.end };
    step.summary.add(renderSummary(reported, settings.charts));
    for (const sentence of findings(reported))
        step.log.info(sentence);
    await writeReport(step, settings.strict, directory, reported);
    return figures;
}
/** A disk that is full has been reported in the summary by now; the outputs are set all the same. */
async function writeReport(step, strict, directory, reported) {
    try {
        await (0,src/* writeFileAtomic */.Zf)((0,series_files/* seriesFiles */.J$)(directory).report, `${JSON.stringify(makeReport(reported))}\n`);
    }
    catch (error) {
        failWhenStrict(strict, error);
        step.annotate('warning', `The JSON report could not be written: ${(0,src/* messageOf */.bD)(error)}.`);
    }
}
const missing = "No series of this job is open, so that there is nothing to report. A step with this action and 'when: post' opens one; RUNNER_TEMP must stay as it is in between.";
/** The job goes on without figures, unless the user said that it must not. */
function notMeasured(step, strict, reason) {
    if (strict)
        throw new src/* UserError */.yo(`${reason} 'strict' makes this an error.`, { strict });
    step.annotate('warning', `${reason} The job goes on without metrics.`);
}
/** Our own failure: nothing is reported, and only a strict step fails. */
function failWhenStrict(strict, fault) {
    if (strict)
        throw new src/* UserError */.yo(`The job could not be measured: ${(0,src/* messageOf */.bD)(fault)}.`, { strict });
}


/***/ }),

/***/ 1209:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  Y: () => (/* binding */ outputsOf),
  f: () => (/* binding */ summarise)
});

;// CONCATENATED MODULE: ./src/rates.ts
/** A gap of more intervals than this is a stall: nothing is known of it, and nothing is made up. */
const stallIntervals = 3;
/** The points between the samples; the first sample alone is none. */
function toPoints({ head, samples }) {
    const points = [];
    const stalls = [];
    const origin = samples[0]?.monotonic ?? 0;
    for (const [index, sample] of samples.entries()) {
        const before = samples[index - 1];
        if (before === undefined)
            continue;
        const seconds = (sample.monotonic - before.monotonic) / 1000;
        const at = (sample.monotonic - origin) / 1000;
        if (seconds * 1000 > stallIntervals * head.interval)
            stalls.push({ from: at - seconds, to: at });
        else if (seconds > 0)
            points.push({ at, seconds, ...measure(before, sample, seconds, head) });
    }
    return { points, stalls };
}
function measure(before, now, seconds, head) {
    const measured = {
        ...cpuShares(before, now, seconds, head),
        memoryBytes: head.memory.source === 'cgroup' ? now.cgroup?.workingSetBytes : now.memory?.usedBytes,
        anonymousBytes: now.cgroup?.anonymousBytes,
        disk: fullestDisk(now),
        receivedPerSecond: rate(before.network?.receivedBytes, now.network?.receivedBytes, seconds),
        sentPerSecond: rate(before.network?.sentBytes, now.network?.sentBytes, seconds),
        cpuPressure: share(before.pressure?.cpu, now.pressure?.cpu, seconds),
        memoryPressure: share(before.pressure?.memory, now.pressure?.memory, seconds),
        ioPressure: share(before.pressure?.io, now.pressure?.io, seconds),
    };
    return Object.fromEntries(Object.entries(measured).filter(([, value]) => value !== undefined));
}
/** Under a quota the cgroup's own time counts, as a share of the quota; else the machine's. */
function cpuShares(before, now, seconds, head) {
    if (head.cores.source === 'cgroup') {
        return { cpu: share(before.cgroup?.cpuSeconds, now.cgroup?.cpuSeconds, seconds * head.cores.value) };
    }
    const [a, b] = [before.cpu, now.cpu];
    if (a === undefined || b === undefined)
        return {};
    // The kernel's iowait and idle may go back a little; a decrease counts as none.
    const spent = (name) => Math.max(0, b[name] - a[name]);
    const total = spent('user') + spent('system') + spent('iowait') + spent('steal') + spent('idle');
    if (total === 0)
        return {};
    return {
        cpu: (spent('user') + spent('system') + spent('steal')) / total,
        user: spent('user') / total,
        system: spent('system') / total,
        iowait: spent('iowait') / total,
        steal: spent('steal') / total,
    };
}
function fullestDisk({ disks }) {
    const shares = disks
        .filter(({ totalBytes }) => totalBytes > 0)
        .map(({ totalBytes, availableBytes }) => 1 - availableBytes / totalBytes);
    return shares.length === 0 ? undefined : Math.max(...shares);
}
/** A counter that went back was reset, so that nothing is known of this point. */
function rate(before, now, seconds) {
    if (before === undefined || now === undefined || now < before)
        return undefined;
    return (now - before) / seconds;
}
function share(before, now, seconds) {
    const value = rate(before, now, seconds);
    return value === undefined ? undefined : Math.min(1, value);
}

;// CONCATENATED MODULE: ./src/figures.ts

const thrashShare = 0.1;
function summarise(series) {
    const { points, stalls } = toPoints(series);
    const { samples, head } = series;
    const [first, last] = [samples[0], samples.at(-1)];
    const of = (name) => rangeOf(points, name);
    const memoryOf = (sample) => head.memory.source === 'cgroup' ? sample.cgroup?.workingSetBytes : sample.memory?.usedBytes;
    return {
        samples: samples.length,
        durationSeconds: first && last ? (last.monotonic - first.monotonic) / 1000 : 0,
        cpu: of('cpu'),
        memory: withSamples(of('memoryBytes'), samples.map(memoryOf)),
        disk: withSamples(of('disk'), samples.map(fullestDisk)),
        received: of('receivedPerSecond'),
        sent: of('sentPerSecond'),
        cpuPressure: of('cpuPressure'),
        memoryPressure: of('memoryPressure'),
        ioPressure: of('ioPressure'),
        networkBytes: grown(samples, ({ network }) => network && network.receivedBytes + network.sentBytes),
        oomKills: grown(samples, ({ cgroup }) => cgroup?.oomKills),
        throttledSeconds: grown(samples, ({ cgroup }) => cgroup?.throttledSeconds),
        thrashSeconds: longestThrash(points),
        points,
        stalls,
    };
}
function rangeOf(points, name) {
    let [min, max, sum, seconds] = [Infinity, -Infinity, 0, 0];
    for (const point of points) {
        const value = point[name];
        if (value === undefined)
            continue;
        min = Math.min(min, value);
        max = Math.max(max, value);
        sum += value * point.seconds;
        seconds += point.seconds;
    }
    return seconds === 0 ? undefined : { min, mean: sum / seconds, max };
}
/** A level, unlike a rate, is known at every sample: at the first one, and at both ends of a stall. */
function withSamples(range, values) {
    const known = values.filter((value) => value !== undefined);
    const min = known.reduce((least, value) => Math.min(least, value), Infinity);
    const max = known.reduce((most, value) => Math.max(most, value), -Infinity);
    const mean = range?.mean ?? known.reduce((sum, value) => sum + value, 0) / known.length;
    return known.length === 0 ? undefined : { min, mean, max };
}
/** How much a counter grew over all samples; a reset in between counts from there. */
function grown(samples, counter) {
    const values = samples.map(counter).filter((value) => value !== undefined);
    if (values.length < 2)
        return undefined;
    return values.reduce((sum, value, index) => sum + Math.max(0, value - (values[index - 1] ?? value)), 0);
}
function longestThrash(points) {
    let [longest, current] = [0, 0];
    for (const { memoryPressure = 0, seconds } of points) {
        current = memoryPressure > thrashShare ? current + seconds : 0;
        longest = Math.max(longest, current);
    }
    return longest;
}
/** The outputs of `when: now`; what could not be measured is left out. */
function outputsOf(figures) {
    const { cpu, memory, disk, networkBytes, durationSeconds } = figures;
    const ratio = (value) => value?.toFixed(4);
    const whole = (value) => value?.toFixed(0);
    const all = {
        'cpu-mean-ratio': ratio(cpu?.mean),
        'cpu-peak-ratio': ratio(cpu?.max),
        'memory-peak-bytes': whole(memory?.max),
        'disk-peak-ratio': ratio(disk?.max),
        'network-bytes': whole(networkBytes),
        'duration-seconds': durationSeconds.toFixed(1),
    };
    const known = Object.entries(all).filter((entry) => entry[1] !== undefined);
    return Object.fromEntries(known);
}


/***/ }),

/***/ 7823:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   J$: () => (/* binding */ seriesFiles),
/* harmony export */   Md: () => (/* binding */ settingsVariable),
/* harmony export */   P4: () => (/* binding */ seriesDirectory),
/* harmony export */   yy: () => (/* binding */ maxAge)
/* harmony export */ });
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7598);
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_crypto__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4379);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1___default = /*#__PURE__*/__webpack_require__.n(node_path__WEBPACK_IMPORTED_MODULE_1__);


function seriesDirectory(temp, key) {
    const identity = JSON.stringify([key.repository, key.runId, key.runAttempt, key.job, key.trackingId]);
    const hash = (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createHash)('sha256').update(identity).digest('hex').slice(0, 12);
    const safe = (text) => text.replaceAll(/[^\w-]/g, '_').slice(0, 40);
    const name = [safe(key.runId), key.runAttempt, safe(key.job), hash].join('-');
    return (0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(temp, 'runner-actions', 'job-metrics', name);
}
function seriesFiles(directory) {
    return {
        directory,
        series: (0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(directory, 'series.jsonl'),
        sampler: (0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(directory, 'sampler.json'),
        stop: (0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(directory, 'stop'),
        ended: (0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(directory, 'ended'),
        report: (0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(directory, 'report.json'),
    };
}
const settingsVariable = 'RUNNER_ACTIONS_SAMPLER';
/** A job on GitHub's runners may take six hours; the rest is for the steps of the runner itself. */
const maxAge = 6.5 * 3600_000;


/***/ }),

/***/ 6403:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  C: () => (/* binding */ closeSeries),
  M: () => (/* binding */ openSeries)
});

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: ../../packages/core/src/index.ts + 38 modules
var src = __webpack_require__(9394);
;// CONCATENATED MODULE: ./src/sample.ts
/** Reads the lines of a series; `undefined` when even the first one is broken. */
function parseSeries(text) {
    const [first = '', ...rest] = text.split('\n').filter((line) => line !== '');
    const head = parseLine(first);
    if (head?.version !== 1)
        return undefined;
    const parsed = rest.map((line) => parseLine(line));
    const samples = parsed.filter((sample) => typeof sample?.monotonic === 'number');
    samples.sort((a, b) => a.monotonic - b.monotonic);
    return { head, samples, skipped: rest.length - samples.length };
}
function parseLine(line) {
    try {
        return JSON.parse(line) ?? undefined;
    }
    catch {
        return undefined;
    }
}

// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
;// CONCATENATED MODULE: ../../packages/host/src/answer.ts
/** Tells an answer from a reason why there is none. */
function isUnknown(answer) {
    return typeof answer === 'object' && answer !== null && 'unknown' in answer;
}

// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(4379);
;// CONCATENATED MODULE: ../../packages/host/src/platform.ts


/** Why this platform has no such files; `undefined` on Linux. */
function platform_unsupported(kernel, what) {
    const platform = kernel.platform ?? process.platform;
    return platform === 'linux' ? undefined : `${what} cannot be read on ${platform}`;
}
function platform_kernelPath(kernel, path) {
    return (0,external_node_path_.join)(kernel.root ?? '/', path);
}
/** The text of a kernel file; `undefined` when it is not there, may not be read, or its process has ended. */
function readKernel(kernel, path) {
    try {
        return (0,external_node_fs_.readFileSync)(platform_kernelPath(kernel, path), 'utf8');
    }
    catch {
        return undefined;
    }
}

;// CONCATENATED MODULE: ../../packages/host/src/mounts.ts

/** Parses the text of `/proc/self/mountinfo`; lines that are not of its form are left out. */
function parseMounts(text) {
    return text.split('\n').flatMap((line) => {
        const [before = '', after = ''] = line.split(' - ', 2);
        const [, , device, root, mountPoint, options = ''] = before.split(' ');
        const [type, source = '', superOptions = ''] = after.split(' ');
        if (device === undefined || root === undefined || mountPoint === undefined || !type)
            return [];
        return [
            {
                device,
                root: decodeOctal(root),
                mountPoint: decodeOctal(mountPoint),
                type,
                source: decodeOctal(source),
                options: [...options.split(','), ...superOptions.split(',')].filter((option) => option !== ''),
            },
        ];
    });
}
/** Blanks, tabs, new lines and backslashes in names are written as `\040` and the like. */
function decodeOctal(text) {
    return text.replaceAll(/\\([0-7]{3})/g, (_whole, digits) => String.fromCharCode(Number.parseInt(digits, 8)));
}
/** What is mounted, in the order of mounting. */
function readMounts(kernel = {}) {
    const reason = platform_unsupported(kernel, 'Mounts');
    if (reason !== undefined)
        return { unknown: reason };
    const text = readKernel(kernel, '/proc/self/mountinfo');
    return text === undefined ? { unknown: '/proc/self/mountinfo cannot be read' } : parseMounts(text);
}
/** The mount that holds an absolute path. Of several on one mount point the last one hides the others. */
function mountOf(path, mounts) {
    let best;
    for (const mount of mounts) {
        const prefix = mount.mountPoint === '/' ? '/' : `${mount.mountPoint}/`;
        const holds = path === mount.mountPoint || path.startsWith(prefix);
        if (holds && mount.mountPoint.length >= (best?.mountPoint.length ?? 0))
            best = mount;
    }
    return best;
}

;// CONCATENATED MODULE: ../../packages/host/src/disks.ts



/** The disk that holds `path`, links followed. */
async function diskOf(path, kernel = {}) {
    try {
        const [real, system, entry] = await Promise.all([(0,promises_.realpath)(path), (0,promises_.statfs)(path), (0,promises_.stat)(path)]);
        const mounts = readMounts(kernel);
        return {
            path,
            mountPoint: isUnknown(mounts) ? undefined : mountOf(real, mounts)?.mountPoint,
            totalBytes: system.blocks * system.bsize,
            availableBytes: system.bavail * system.bsize,
            totalInodes: system.files,
            availableInodes: system.ffree,
            device: String(entry.dev),
        };
    }
    catch (error) {
        return { unknown: `The disk of ${path} cannot be read: ${error.message}` };
    }
}
/** The disks that hold `paths`, each once; what cannot be read is left out. */
async function disksOf(paths, kernel = {}) {
    const found = await Promise.all(paths.map((path) => diskOf(path, kernel)));
    const byDevice = new Map();
    for (const disk of found)
        if (!isUnknown(disk) && !byDevice.has(disk.device))
            byDevice.set(disk.device, disk);
    return [...byDevice.values()];
}
/** The share of the space that is taken as a process without privileges sees it, from 0 to 1. */
function usedShare(disk) {
    return disk.totalBytes === 0 ? 0 : 1 - disk.availableBytes / disk.totalBytes;
}

;// CONCATENATED MODULE: ../../packages/host/src/cgroup.ts





/**
 * Finds this process's cgroup controller by controller: on a hybrid host v1 has memory and CPU while v2 is mounted
 * too, but empty; so the folder's being there says nothing. Source: cgroups(7).
 */
function findCgroup(kernel = {}) {
    const reason = platform_unsupported(kernel, 'Cgroups');
    if (reason !== undefined)
        return { unknown: reason };
    const mounts = readMounts(kernel);
    if (isUnknown(mounts))
        return mounts;
    const own = parseOwnCgroups(readKernel(kernel, '/proc/self/cgroup') ?? '');
    const first = (name) => findV1(kernel, name, mounts, own) ?? findV2(kernel, name, mounts, own);
    return { memory: first('memory'), cpu: first('cpu'), cpuTime: first('cpuacct') ?? first('cpu') };
}
/** Parses `/proc/self/cgroup`: controller to path; the path of v2 is under the empty name. */
function parseOwnCgroups(text) {
    const own = new Map();
    for (const line of text.split('\n')) {
        const match = /^\d+:([^:]*):(.*)$/.exec(line);
        for (const name of match?.[1]?.split(',') ?? [])
            own.set(name, match?.[2] ?? '/');
    }
    return own;
}
function findV1(kernel, name, mounts, own) {
    const mount = mounts.find(({ type, options }) => type === 'cgroup' && options.includes(name));
    if (mount === undefined)
        return undefined;
    return { version: 1, ...directoryIn(kernel, mount, own.get(name) ?? '/') };
}
function findV2(kernel, name, mounts, own) {
    const mount = mounts.find(({ type }) => type === 'cgroup2');
    if (mount === undefined)
        return undefined;
    const place = { version: 2, ...directoryIn(kernel, mount, own.get('') ?? '/') };
    // A controller may be enabled only further up: what that folder allows binds here too.
    const directory = lineage(place).find((folder) => {
        const controllers = readKernel(kernel, (0,external_node_path_.join)(folder, 'cgroup.controllers')) ?? '';
        return controllers.trim().split(' ').includes(name);
    });
    return directory === undefined ? undefined : { ...place, directory };
}
/** In a container the mount shows a part of the hierarchy, and the path may be the host's: then the mount itself is ours. */
function directoryIn(kernel, mount, path) {
    const root = mount.root === '/' ? '' : mount.root;
    const relative = path === root || path.startsWith(`${root}/`) ? path.slice(root.length) : '';
    const directory = (0,external_node_path_.join)(mount.mountPoint, relative);
    const found = (0,external_node_fs_.existsSync)(platform_kernelPath(kernel, directory)) ? directory : mount.mountPoint;
    return { directory: found.replace(/\/$/, ''), top: mount.mountPoint };
}
/** The controller's folder and the folders above it up to the hierarchy's mount: a limit of any of them binds. */
function lineage({ directory, top }) {
    const folders = [directory];
    for (let folder = directory; folder !== top && folder.startsWith(top);) {
        folder = (0,external_node_path_.dirname)(folder);
        folders.push(folder);
    }
    return folders;
}

;// CONCATENATED MODULE: ../../packages/host/src/cgroup-limits.ts



/** v1 writes "no limit" as the largest multiple of the page size; nothing real is near it. */
const noLimit = 2 ** 60;
/** The smallest limit of the cgroup and of those above it. Source: the kernel's pages "Control Group v2" and "CFS Bandwidth Control". */
function readLimits(cgroup, kernel = {}) {
    return {
        memoryBytes: smallest(cgroup.memory, (controller, folder) => memoryLimit(kernel, controller, folder)),
        cpus: smallest(cgroup.cpu, (controller, folder) => cpuLimit(kernel, controller, folder)),
    };
}
function smallest(controller, limitOf) {
    if (controller === undefined)
        return undefined;
    const limits = lineage(controller)
        .map((folder) => limitOf(controller, folder))
        .filter((limit) => limit !== undefined);
    return limits.length === 0 ? undefined : Math.min(...limits);
}
function memoryLimit(kernel, { version }, folder) {
    const name = version === 2 ? 'memory.max' : 'memory.limit_in_bytes';
    const limit = Number(readKernel(kernel, (0,external_node_path_.join)(folder, name))?.trim() || Number.NaN);
    return Number.isFinite(limit) && limit < noLimit ? limit : undefined;
}
function cpuLimit(kernel, { version }, folder) {
    const read = (name) => readKernel(kernel, (0,external_node_path_.join)(folder, name))?.trim() ?? '';
    const [quota, period] = version === 2 ? read('cpu.max').split(' ') : [read('cpu.cfs_quota_us'), read('cpu.cfs_period_us')];
    const cpus = Number(quota || Number.NaN) / Number(period || Number.NaN);
    return Number.isFinite(cpus) && cpus > 0 ? cpus : undefined;
}

;// CONCATENATED MODULE: ../../packages/host/src/capacity.ts




/** What this process may really use: the smallest of the machine's, the affinity's and the cgroup's limits. */
function hostCapacity(kernel = {}, machine = readMachine()) {
    const cgroup = findCgroup(kernel);
    const limits = isUnknown(cgroup) ? { memoryBytes: undefined, cpus: undefined } : readLimits(cgroup, kernel);
    return {
        cores: least([
            { value: machine.cpus, source: 'machine' },
            { value: machine.usableCpus, source: 'affinity' },
            { value: limits.cpus, source: 'cgroup' },
        ]),
        memory: least([
            { value: machine.memoryBytes, source: 'machine' },
            { value: limits.memoryBytes, source: 'cgroup' },
        ]),
    };
}
function readMachine() {
    return { cpus: (0,external_node_os_.cpus)().length, usableCpus: (0,external_node_os_.availableParallelism)(), memoryBytes: (0,external_node_os_.totalmem)() };
}
/** Of equal limits the first one is named. What is missing or 0 is not a limit. */
function least(limits) {
    const given = limits.filter((limit) => limit.value !== undefined && limit.value > 0);
    return given.reduce((best, limit) => (limit.value < best.value ? limit : best), given[0] ?? unlimited);
}
const unlimited = { value: 1, source: 'machine' };

;// CONCATENATED MODULE: ../../packages/host/src/cgroup-usage.ts


/** Lines of `key value`. */
function parseKeyValues(text) {
    const pairs = text.split('\n').map((line) => line.trim().split(/\s+/));
    return new Map(pairs.filter(([, value]) => value !== undefined).map(([key, value]) => [key, Number(value)]));
}
function readUsage(cgroup, kernel = {}) {
    return { ...memoryUsage(cgroup.memory, kernel), ...cpuUsage(cgroup, kernel) };
}
function memoryUsage(controller, kernel) {
    const second = controller?.version === 2;
    const stat = valuesOf(controller, 'memory.stat', kernel);
    const current = numberOf(controller, second ? 'memory.current' : 'memory.usage_in_bytes', kernel);
    const inactive = stat.get(second ? 'inactive_file' : 'total_inactive_file');
    const events = valuesOf(controller, second ? 'memory.events' : 'memory.oom_control', kernel);
    return {
        workingSetBytes: current === undefined || inactive === undefined ? undefined : Math.max(0, current - inactive),
        anonymousBytes: stat.get(second ? 'anon' : 'total_rss'),
        oomKills: events.get('oom_kill'),
    };
}
function cpuUsage(cgroup, kernel) {
    const stat = valuesOf(cgroup.cpu, 'cpu.stat', kernel);
    if (cgroup.cpu?.version === 2) {
        return {
            cpuSeconds: scaled(stat.get('usage_usec'), 1e6),
            throttledSeconds: scaled(stat.get('throttled_usec'), 1e6),
        };
    }
    return {
        cpuSeconds: scaled(numberOf(cgroup.cpuTime, 'cpuacct.usage', kernel), 1e9),
        throttledSeconds: scaled(stat.get('throttled_time'), 1e9),
    };
}
function scaled(value, by) {
    return value === undefined ? undefined : value / by;
}
function textOf(controller, name, kernel) {
    return controller === undefined ? undefined : readKernel(kernel, (0,external_node_path_.join)(controller.directory, name));
}
function valuesOf(controller, name, kernel) {
    return parseKeyValues(textOf(controller, name, kernel) ?? '');
}
function numberOf(controller, name, kernel) {
    const text = textOf(controller, name, kernel)?.trim();
    return text === undefined || text === '' || !Number.isFinite(Number(text)) ? undefined : Number(text);
}

;// CONCATENATED MODULE: ./src/counters.ts
/** Clock ticks a second in `/proc/stat`; Linux has one value for user space on all the CPUs that Node runs on. */
const ticks = 100;
/** Parses the first line of `/proc/stat`. Guest time is left out: the kernel counts it in user time too. Source: proc_stat(5). */
function parseCpu(text) {
    const line = /^cpu +(.*)$/m.exec(text)?.[1];
    if (line === undefined)
        return undefined;
    const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, soft = 0, steal = 0] = line
        .split(' ')
        .map((field) => Number(field) / ticks);
    return { user: user + nice, system: system + irq + soft, iowait, steal, idle };
}
/** Parses `/proc/meminfo`. Used is what is not available; free would count the page cache as used. */
function parseMemory(text) {
    const bytes = (name) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? Number.NaN) * 1024;
    const totalBytes = bytes('MemTotal');
    const usedBytes = totalBytes - bytes('MemAvailable');
    return Number.isFinite(usedBytes) ? { usedBytes, totalBytes } : undefined;
}
/** Traffic on these is not the machine's, or is counted on another interface as well. */
const virtual = /^(lo|veth.*|docker\d*|br-.*|virbr.*|cni.*|flannel.*|cali.*)$/;
/** Parses `/proc/net/dev`, summed over the interfaces that lead out of the machine. */
function parseNetwork(text) {
    let found = false;
    let receivedBytes = 0;
    let sentBytes = 0;
    for (const match of text.matchAll(/^\s*([^\s:|]+):\s*(.*)$/gm)) {
        if (virtual.test(match[1] ?? ''))
            continue;
        const fields = (match[2] ?? '').trim().split(/\s+/).map(Number);
        found = true;
        receivedBytes += fields[0] ?? 0;
        sentBytes += fields[8] ?? 0;
    }
    return found ? { receivedBytes, sentBytes } : undefined;
}
/** Parses a file of `/proc/pressure` and answers the seconds of its `some` or `full` line. Source: the kernel's page "PSI". */
function parsePressure(text, line) {
    const total = new RegExp(`^${line} .*total=(\\d+)`, 'm').exec(text)?.[1];
    return total === undefined ? undefined : Number(total) / 1e6;
}

;// CONCATENATED MODULE: ./src/sample-io.ts



/** Takes one sample; `paths` are those whose disks are watched. What cannot be read is left out. */
async function takeSample(paths, kernel = {}) {
    const disks = await disksOf(paths, kernel);
    const sample = {
        wall: Date.now(),
        monotonic: Number(process.hrtime.bigint() / 1000n) / 1000,
        disks: disks.map(({ path, totalBytes, availableBytes }) => ({ path, totalBytes, availableBytes })),
    };
    return { ...sample, ...(isLinux(kernel) ? readLinux(kernel) : readPortable()) };
}
/** What the sampled figures are shares of, and what cannot be told here. */
function describeMachine(interval, kernel = {}) {
    const { cores, memory } = hostCapacity(kernel);
    const notes = [];
    if (!isLinux(kernel)) {
        const platform = kernel.platform ?? process.platform;
        notes.push(`Network and pressure are not measured on ${platform}; memory includes the file cache.`);
    }
    else if (readKernel(kernel, '/proc/pressure/memory') === undefined) {
        notes.push('This kernel does not tell pressure (PSI).');
    }
    return { version: 1, interval, cores, memory, notes };
}
function isLinux(kernel) {
    return (kernel.platform ?? process.platform) === 'linux';
}
function readLinux(kernel) {
    const read = (path) => readKernel(kernel, path) ?? '';
    return defined({
        cpu: parseCpu(read('/proc/stat')),
        memory: parseMemory(read('/proc/meminfo')),
        network: parseNetwork(read('/proc/net/dev')),
        pressure: readPressure(read),
        cgroup: readCgroup(kernel),
    });
}
function readPressure(read) {
    return defined({
        cpu: parsePressure(read('/proc/pressure/cpu'), 'some'),
        memory: parsePressure(read('/proc/pressure/memory'), 'full'),
        io: parsePressure(read('/proc/pressure/io'), 'full'),
    });
}
function readCgroup(kernel) {
    const cgroup = findCgroup(kernel);
    return isUnknown(cgroup) ? undefined : defined({ ...readUsage(cgroup, kernel) });
}
/** What Node tells everywhere. */
function readPortable() {
    const cpu = { user: 0, system: 0, iowait: 0, steal: 0, idle: 0 };
    for (const { times } of (0,external_node_os_.cpus)()) {
        cpu.user += (times.user + times.nice) / 1000;
        cpu.system += (times.sys + times.irq) / 1000;
        cpu.idle += times.idle / 1000;
    }
    return { cpu, memory: { usedBytes: (0,external_node_os_.totalmem)() - (0,external_node_os_.freemem)(), totalBytes: (0,external_node_os_.totalmem)() } };
}
/** Without the entries that are `undefined`. */
function defined(record) {
    const entries = Object.entries(record).filter(([, value]) => value !== undefined);
    return Object.fromEntries(entries);
}

// EXTERNAL MODULE: external "node:child_process"
var external_node_child_process_ = __webpack_require__(1421);
// EXTERNAL MODULE: external "node:timers/promises"
var external_node_timers_promises_ = __webpack_require__(8500);
;// CONCATENATED MODULE: ../../packages/host/src/processes.ts


/** The fields of `/proc/PID/stat` that are used. The name may hold blanks and parentheses. Source: proc_pid_stat(5). */
function parseStat(text) {
    const match = /^\d+ \((.*)\) (.*)$/s.exec(text.trim());
    const fields = match?.[2]?.split(' ') ?? [];
    const [state, parent, startTime] = [fields[0], fields[1], fields[19]];
    if (match === null || state === undefined || parent === undefined || startTime === undefined)
        return undefined;
    return { name: match[1] ?? '', state, parent: Number(parent), startTime: Number(startTime) };
}
/** All processes that can be seen. Those that end while being read are left out. */
function listProcesses(kernel = {}) {
    const reason = unsupported(kernel, 'Processes');
    if (reason !== undefined)
        return { unknown: reason };
    try {
        const pids = readdirSync(kernelPath(kernel, '/proc')).filter((name) => /^\d+$/.test(name));
        return pids.map((pid) => readProcess(Number(pid), kernel)).filter((found) => found !== undefined);
    }
    catch (error) {
        return { unknown: `Processes cannot be listed: ${error.message}` };
    }
}
/** One process; `undefined` when there is none, or none can be seen on this platform. */
function readProcess(pid, kernel = {}) {
    if (platform_unsupported(kernel, 'Processes') !== undefined)
        return undefined;
    const stat = parseStat(readKernel(kernel, `/proc/${pid}/stat`) ?? '');
    if (stat === undefined)
        return undefined;
    const status = readKernel(kernel, `/proc/${pid}/status`) ?? '';
    const command = readKernel(kernel, `/proc/${pid}/cmdline`) ?? '';
    const environment = readKernel(kernel, `/proc/${pid}/environ`);
    return {
        pid,
        parent: stat.parent,
        user: Number(/^Uid:\s+(\d+)/m.exec(status)?.[1] ?? Number.NaN),
        startTime: stat.startTime,
        zombie: stat.state === 'Z',
        command: command.replaceAll('\0', ' ').trim() || `[${stat.name}]`,
        trackingId: trackingIdIn(environment),
        environmentReadable: environment !== undefined,
    };
}
function trackingIdIn(environment) {
    const name = 'RUNNER_TRACKING_ID=';
    const variable = environment?.split('\0').find((entry) => entry.startsWith(name));
    return variable?.slice(name.length) || undefined;
}
/** Whether this very process still runs, and not another one with its pid. A zombie has ended. `undefined`: unknown here. */
function processAlive(pid, startTime, kernel = {}) {
    if (platform_unsupported(kernel, 'Processes') !== undefined)
        return undefined;
    const stat = parseStat(readKernel(kernel, `/proc/${pid}/stat`) ?? '');
    return stat !== undefined && stat.startTime === startTime && stat.state !== 'Z';
}
/** Changes with each boot, so that a pid and start time of an earlier boot are not taken for a process of this one. */
function bootId(kernel = {}) {
    return readKernel(kernel, '/proc/sys/kernel/random/boot_id')?.trim() || undefined;
}

// EXTERNAL MODULE: ./src/series-files.ts
var series_files = __webpack_require__(7823);
;// CONCATENATED MODULE: ./src/sampler-io.ts








/** How long the sampler may take to end before it is killed. Milliseconds. */
const grace = 3_000;
/**
 * Starts the sampler apart from this process. Its environment is a short list, so that no token is in it; the tracking
 * id is, so that the runner ends it should post never run. @throws Error when it cannot be started.
 */
async function startSampler(script, settings, files, environment) {
    const kept = ['PATH', 'HOME', 'RUNNER_TRACKING_ID', 'SystemRoot'];
    const env = Object.fromEntries(kept.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])));
    const child = (0,external_node_child_process_.spawn)(process.execPath, [script], {
        cwd: (0,external_node_path_.parse)(process.execPath).root,
        detached: true,
        stdio: 'ignore',
        windowsHide: true,
        env: { ...env, [series_files/* settingsVariable */.Md]: JSON.stringify(settings) },
    });
    await new Promise((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    child.unref();
    const pid = child.pid ?? 0;
    const identity = { pid, startTime: readProcess(pid)?.startTime, boot: bootId() };
    await (0,src/* writeFileAtomic */.Zf)(files.sampler, JSON.stringify(identity));
    return identity;
}
/** Who samples; `undefined` when nobody was started. */
function readIdentity(files) {
    try {
        return JSON.parse((0,external_node_fs_.readFileSync)(files.sampler, 'utf8'));
    }
    catch {
        return undefined;
    }
}
/** Whether the sampler runs. Where processes cannot be read, any process with its pid counts. */
function isAlive({ pid, startTime, boot }) {
    if (boot !== bootId())
        return false;
    if (startTime !== undefined)
        return processAlive(pid, startTime) ?? false;
    if (process.platform === 'linux')
        return false;
    try {
        process.kill(pid, 0);
        return true;
    }
    catch {
        return false;
    }
}
/** Ends the sampler, by force if need be, and answers whether it was still running. */
async function stopSampler(files) {
    // Where the disk has no room for it the signal has to do.
    await (0,promises_.writeFile)(files.stop, '').catch(() => undefined);
    const identity = readIdentity(files);
    if (identity === undefined || !isAlive(identity))
        return false;
    if (process.platform !== 'win32')
        signal(identity, 'SIGTERM');
    const end = performance.now() + grace;
    while (isAlive(identity) && performance.now() < end)
        await (0,external_node_timers_promises_.setTimeout)(20);
    if (isAlive(identity))
        signal(identity, 'SIGKILL');
    while (isAlive(identity) && performance.now() < end + 1_000)
        await (0,external_node_timers_promises_.setTimeout)(20);
    return true;
}
function signal({ pid }, name) {
    try {
        process.kill(pid, name);
    }
    catch {
        // It ended by itself in the meantime.
    }
}

;// CONCATENATED MODULE: ./src/series-io.ts







/**
 * Opens the job's series: takes the first sample and starts the sampler. Answers false when the series is open already,
 * so that a second step with this action joins it. @throws Error when nothing can be written or started.
 */
async function openSeries(request) {
    const { directory, interval, paths } = request;
    const files = (0,series_files/* seriesFiles */.J$)(directory);
    const identity = readIdentity(files);
    if (identity !== undefined && !(0,external_node_fs_.existsSync)(files.stop) && isAlive(identity))
        return false;
    await (0,promises_.mkdir)(directory, { recursive: true });
    // What an earlier series of this job left: a series that was closed may be followed by another one.
    for (const left of [files.stop, files.ended, files.report, files.sampler])
        await (0,promises_.rm)(left, { force: true });
    const first = await takeSample(paths);
    const lines = [describeMachine(interval), first].map((line) => `${JSON.stringify(line)}\n`);
    await (0,src/* writeFileAtomic */.Zf)(files.series, lines.join(''), { mode: 0o600 });
    const settings = { directory, interval, maxAge: series_files/* maxAge */.yy, paths };
    await startSampler(request.script, settings, files, request.environment);
    return true;
}
/**
 * Stops the sampler and reads what it wrote. A last sample is taken here, so that a short job has two; after a sampler
 * that died nothing is added, since the time in between is not known.
 */
async function closeSeries(directory, paths) {
    const files = (0,series_files/* seriesFiles */.J$)(directory);
    if (!(0,external_node_fs_.existsSync)(files.series))
        return 'none';
    if ((0,external_node_fs_.existsSync)(files.stop))
        return 'closed';
    const wasRunning = await stopSampler(files);
    const aged = (0,external_node_fs_.existsSync)(files.ended);
    const series = parseSeries(await readCapped(files.series));
    if (series === undefined)
        return 'broken';
    if (wasRunning || series.samples.length < 2)
        series.samples.push(await takeSample(paths));
    return { series, end: wasRunning ? 'stopped' : aged ? 'max-age' : 'lost' };
}
/** More than the shortest interval writes until the sampler's greatest age. Bytes. */
const mostBytes = 64 * 2 ** 20;
/** The start of a file: other steps of the job may write to it too, so that its size is not to be trusted. */
async function readCapped(path) {
    const file = await (0,promises_.open)(path);
    try {
        const size = Math.min((await file.stat()).size, mostBytes);
        const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, 0);
        return buffer.toString('utf8', 0, bytesRead);
    }
    finally {
        await file.close();
    }
}


/***/ })

};
