import { createRequire as __WEBPACK_EXTERNAL_createRequire } from "module";
/******/ var __webpack_modules__ = ({

/***/ 334:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  o: () => (/* binding */ takeSample)
});

// UNUSED EXPORTS: describeMachine

;// CONCATENATED MODULE: external "node:os"
const external_node_os_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:os");
;// CONCATENATED MODULE: external "node:fs/promises"
const promises_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs/promises");
;// CONCATENATED MODULE: ../../packages/host/src/answer.ts
/** Tells an answer from a reason why there is none. */
function isUnknown(answer) {
    return typeof answer === 'object' && answer !== null && 'unknown' in answer;
}

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __nccwpck_require__(24);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __nccwpck_require__(760);
;// CONCATENATED MODULE: ../../packages/host/src/platform.ts


/** Why this platform has no such files; `undefined` on Linux. */
function unsupported(kernel, what) {
    const platform = kernel.platform ?? process.platform;
    return platform === 'linux' ? undefined : `${what} cannot be read on ${platform}`;
}
function kernelPath(kernel, path) {
    return (0,external_node_path_.join)(kernel.root ?? '/', path);
}
/** The text of a kernel file; `undefined` when it is not there, may not be read, or its process has ended. */
function platform_readKernel(kernel, path) {
    try {
        return (0,external_node_fs_.readFileSync)(kernelPath(kernel, path), 'utf8');
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
    const reason = unsupported(kernel, 'Mounts');
    if (reason !== undefined)
        return { unknown: reason };
    const text = platform_readKernel(kernel, '/proc/self/mountinfo');
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
        const [real, system, entry] = await Promise.all([(0,promises_namespaceObject.realpath)(path), (0,promises_namespaceObject.statfs)(path), (0,promises_namespaceObject.stat)(path)]);
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
    const reason = unsupported(kernel, 'Cgroups');
    if (reason !== undefined)
        return { unknown: reason };
    const mounts = readMounts(kernel);
    if (isUnknown(mounts))
        return mounts;
    const own = parseOwnCgroups(platform_readKernel(kernel, '/proc/self/cgroup') ?? '');
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
        const controllers = platform_readKernel(kernel, (0,external_node_path_.join)(folder, 'cgroup.controllers')) ?? '';
        return controllers.trim().split(' ').includes(name);
    });
    return directory === undefined ? undefined : { ...place, directory };
}
/** In a container the mount shows a part of the hierarchy, and the path may be the host's: then the mount itself is ours. */
function directoryIn(kernel, mount, path) {
    const root = mount.root === '/' ? '' : mount.root;
    const relative = path === root || path.startsWith(`${root}/`) ? path.slice(root.length) : '';
    const directory = (0,external_node_path_.join)(mount.mountPoint, relative);
    const found = (0,external_node_fs_.existsSync)(kernelPath(kernel, directory)) ? directory : mount.mountPoint;
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
    return controller === undefined ? undefined : platform_readKernel(kernel, (0,external_node_path_.join)(controller.directory, name));
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
    const read = (path) => platform_readKernel(kernel, path) ?? '';
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
    for (const { times } of (0,external_node_os_namespaceObject.cpus)()) {
        cpu.user += (times.user + times.nice) / 1000;
        cpu.system += (times.sys + times.irq) / 1000;
        cpu.idle += times.idle / 1000;
    }
    return { cpu, memory: { usedBytes: (0,external_node_os_namespaceObject.totalmem)() - (0,external_node_os_namespaceObject.freemem)(), totalBytes: (0,external_node_os_namespaceObject.totalmem)() } };
}
/** Without the entries that are `undefined`. */
function defined(record) {
    const entries = Object.entries(record).filter(([, value]) => value !== undefined);
    return Object.fromEntries(entries);
}


/***/ }),

/***/ 974:
/***/ ((module, __unused_webpack___webpack_exports__, __nccwpck_require__) => {

__nccwpck_require__.a(module, async (__webpack_handle_async_dependencies__, __webpack_async_result__) => { try {
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __nccwpck_require__(24);
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__nccwpck_require__.n(node_fs__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var node_timers_promises__WEBPACK_IMPORTED_MODULE_1__ = __nccwpck_require__(500);
/* harmony import */ var node_timers_promises__WEBPACK_IMPORTED_MODULE_1___default = /*#__PURE__*/__nccwpck_require__.n(node_timers_promises__WEBPACK_IMPORTED_MODULE_1__);
/* harmony import */ var _sample_io_js__WEBPACK_IMPORTED_MODULE_2__ = __nccwpck_require__(334);
/* harmony import */ var _series_files_js__WEBPACK_IMPORTED_MODULE_3__ = __nccwpck_require__(270);
// The sampler: a process of its own that writes samples until it is told to stop. It knows no token and keeps nothing in memory.




/** How often it looks whether it is to stop, where samples are further apart. Milliseconds. */
const look = 500;
const settings = JSON.parse(process.env[_series_files_js__WEBPACK_IMPORTED_MODULE_3__/* .settingsVariable */ .Md] ?? '{}');
const files = (0,_series_files_js__WEBPACK_IMPORTED_MODULE_3__/* .seriesFiles */ .J$)(settings.directory);
const end = performance.now() + settings.maxAge;
let due = performance.now() + settings.interval;
let broken = false;
/** A full disk, of all things to be measured, must not end the sampler: what could not be written is missing. */
function append(sample) {
    try {
        // After a write that failed there may be half a line, which is ended first.
        (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.appendFileSync)(files.series, `${broken ? '\n' : ''}${JSON.stringify(sample)}\n`);
        broken = false;
    }
    catch {
        broken = true;
    }
}
while ((0,node_fs__WEBPACK_IMPORTED_MODULE_0__.existsSync)(files.series) && !(0,node_fs__WEBPACK_IMPORTED_MODULE_0__.existsSync)(files.stop)) {
    if (performance.now() >= end) {
        (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.writeFileSync)(files.ended, 'max-age');
        break;
    }
    if (performance.now() >= due) {
        const sample = await (0,_sample_io_js__WEBPACK_IMPORTED_MODULE_2__/* .takeSample */ .o)(settings.paths);
        // Looked at again: appending would bring back a file that was removed in the meantime.
        if (!(0,node_fs__WEBPACK_IMPORTED_MODULE_0__.existsSync)(files.series))
            break;
        append(sample);
        // What was missed is not made up for: the next sample is one interval from the last one that was due.
        while (due <= performance.now())
            due += settings.interval;
    }
    await (0,node_timers_promises__WEBPACK_IMPORTED_MODULE_1__.setTimeout)(Math.max(1, Math.min(look, due - performance.now())));
}

__webpack_async_result__();
} catch(e) { __webpack_async_result__(e); } }, 1);

/***/ }),

/***/ 270:
/***/ ((__unused_webpack_module, __webpack_exports__, __nccwpck_require__) => {


// EXPORTS
__nccwpck_require__.d(__webpack_exports__, {
  J$: () => (/* binding */ seriesFiles),
  Md: () => (/* binding */ settingsVariable)
});

// UNUSED EXPORTS: maxAge, seriesDirectory

;// CONCATENATED MODULE: external "node:crypto"
const external_node_crypto_namespaceObject = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:crypto");
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __nccwpck_require__(760);
;// CONCATENATED MODULE: ./src/series-files.ts


function seriesDirectory(temp, key) {
    const identity = JSON.stringify([key.repository, key.runId, key.runAttempt, key.job, key.trackingId]);
    const hash = createHash('sha256').update(identity).digest('hex').slice(0, 12);
    const safe = (text) => text.replaceAll(/[^\w-]/g, '_').slice(0, 40);
    const name = [safe(key.runId), key.runAttempt, safe(key.job), hash].join('-');
    return join(temp, 'runner-actions', 'job-metrics', name);
}
function seriesFiles(directory) {
    return {
        directory,
        series: (0,external_node_path_.join)(directory, 'series.jsonl'),
        sampler: (0,external_node_path_.join)(directory, 'sampler.json'),
        stop: (0,external_node_path_.join)(directory, 'stop'),
        ended: (0,external_node_path_.join)(directory, 'ended'),
        report: (0,external_node_path_.join)(directory, 'report.json'),
    };
}
const settingsVariable = 'RUNNER_ACTIONS_SAMPLER';
/** A job on GitHub's runners may take six hours; the rest is for the steps of the runner itself. */
const maxAge = (/* unused pure expression or super */ null && (6.5 * 3600_000));


/***/ }),

/***/ 24:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:fs");

/***/ }),

/***/ 760:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:path");

/***/ }),

/***/ 500:
/***/ ((module) => {

module.exports = __WEBPACK_EXTERNAL_createRequire(import.meta.url)("node:timers/promises");

/***/ })

/******/ });
/************************************************************************/
/******/ // The module cache
/******/ var __webpack_module_cache__ = {};
/******/ 
/******/ // The require function
/******/ function __nccwpck_require__(moduleId) {
/******/ 	// Check if module is in cache
/******/ 	var cachedModule = __webpack_module_cache__[moduleId];
/******/ 	if (cachedModule !== undefined) {
/******/ 		return cachedModule.exports;
/******/ 	}
/******/ 	// Create a new module (and put it into the cache)
/******/ 	var module = __webpack_module_cache__[moduleId] = {
/******/ 		// no module.id needed
/******/ 		// no module.loaded needed
/******/ 		exports: {}
/******/ 	};
/******/ 
/******/ 	// Execute the module function
/******/ 	var threw = true;
/******/ 	try {
/******/ 		__webpack_modules__[moduleId](module, module.exports, __nccwpck_require__);
/******/ 		threw = false;
/******/ 	} finally {
/******/ 		if(threw) delete __webpack_module_cache__[moduleId];
/******/ 	}
/******/ 
/******/ 	// Return the exports of the module
/******/ 	return module.exports;
/******/ }
/******/ 
/************************************************************************/
/******/ /* webpack/runtime/asset-relocator-loader */
/******/ if (typeof __nccwpck_require__ !== 'undefined') __nccwpck_require__.ab = decodeURIComponent(new URL('.', import.meta.url).pathname).slice(import.meta.url.match(/^file:\/\/\/\w:/) ? 1 : 0, -1) + "/";
/******/ 
/******/ /* webpack/runtime/async module */
/******/ (() => {
/******/ 	var webpackQueues = typeof Symbol === "function" ? Symbol("webpack queues") : "__webpack_queues__";
/******/ 	var webpackExports = typeof Symbol === "function" ? Symbol("webpack exports") : "__webpack_exports__";
/******/ 	var webpackError = typeof Symbol === "function" ? Symbol("webpack error") : "__webpack_error__";
/******/ 	var resolveQueue = (queue) => {
/******/ 		if(queue && queue.d < 1) {
/******/ 			queue.d = 1;
/******/ 			queue.forEach((fn) => (fn.r--));
/******/ 			queue.forEach((fn) => (fn.r-- ? fn.r++ : fn()));
/******/ 		}
/******/ 	}
/******/ 	var wrapDeps = (deps) => (deps.map((dep) => {
/******/ 		if(dep !== null && typeof dep === "object") {
/******/ 			if(dep[webpackQueues]) return dep;
/******/ 			if(dep.then) {
/******/ 				var queue = [];
/******/ 				queue.d = 0;
/******/ 				dep.then((r) => {
/******/ 					obj[webpackExports] = r;
/******/ 					resolveQueue(queue);
/******/ 				}, (e) => {
/******/ 					obj[webpackError] = e;
/******/ 					resolveQueue(queue);
/******/ 				});
/******/ 				var obj = {};
/******/ 				obj[webpackQueues] = (fn) => (fn(queue));
/******/ 				return obj;
/******/ 			}
/******/ 		}
/******/ 		var ret = {};
/******/ 		ret[webpackQueues] = x => {};
/******/ 		ret[webpackExports] = dep;
/******/ 		return ret;
/******/ 	}));
/******/ 	__nccwpck_require__.a = (module, body, hasAwait) => {
/******/ 		var queue;
/******/ 		hasAwait && ((queue = []).d = -1);
/******/ 		var depQueues = new Set();
/******/ 		var exports = module.exports;
/******/ 		var currentDeps;
/******/ 		var outerResolve;
/******/ 		var reject;
/******/ 		var promise = new Promise((resolve, rej) => {
/******/ 			reject = rej;
/******/ 			outerResolve = resolve;
/******/ 		});
/******/ 		promise[webpackExports] = exports;
/******/ 		promise[webpackQueues] = (fn) => (queue && fn(queue), depQueues.forEach(fn), promise["catch"](x => {}));
/******/ 		module.exports = promise;
/******/ 		body((deps) => {
/******/ 			currentDeps = wrapDeps(deps);
/******/ 			var fn;
/******/ 			var getResult = () => (currentDeps.map((d) => {
/******/ 				if(d[webpackError]) throw d[webpackError];
/******/ 				return d[webpackExports];
/******/ 			}))
/******/ 			var promise = new Promise((resolve) => {
/******/ 				fn = () => (resolve(getResult));
/******/ 				fn.r = 0;
/******/ 				var fnQueue = (q) => (q !== queue && !depQueues.has(q) && (depQueues.add(q), q && !q.d && (fn.r++, q.push(fn))));
/******/ 				currentDeps.map((dep) => (dep[webpackQueues](fnQueue)));
/******/ 			});
/******/ 			return fn.r ? promise : getResult();
/******/ 		}, (err) => ((err ? reject(promise[webpackError] = err) : outerResolve(exports)), resolveQueue(queue)));
/******/ 		queue && queue.d < 0 && (queue.d = 0);
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/compat get default export */
/******/ (() => {
/******/ 	// getDefaultExport function for compatibility with non-harmony modules
/******/ 	__nccwpck_require__.n = (module) => {
/******/ 		var getter = module && module.__esModule ?
/******/ 			() => (module['default']) :
/******/ 			() => (module);
/******/ 		__nccwpck_require__.d(getter, { a: getter });
/******/ 		return getter;
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/define property getters */
/******/ (() => {
/******/ 	// define getter functions for harmony exports
/******/ 	__nccwpck_require__.d = (exports, definition) => {
/******/ 		for(var key in definition) {
/******/ 			if(__nccwpck_require__.o(definition, key) && !__nccwpck_require__.o(exports, key)) {
/******/ 				Object.defineProperty(exports, key, { enumerable: true, get: definition[key] });
/******/ 			}
/******/ 		}
/******/ 	};
/******/ })();
/******/ 
/******/ /* webpack/runtime/hasOwnProperty shorthand */
/******/ (() => {
/******/ 	__nccwpck_require__.o = (obj, prop) => (Object.prototype.hasOwnProperty.call(obj, prop))
/******/ })();
/******/ 
/************************************************************************/
/******/ 
/******/ // startup
/******/ // Load entry module and return exports
/******/ // This entry module used 'module' so it can't be inlined
/******/ var __webpack_exports__ = __nccwpck_require__(974);
/******/ __webpack_exports__ = await __webpack_exports__;
/******/ 
