export const id = 342;
export const ids = [342];
export const modules = {

/***/ 2332:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   S: () => (/* binding */ openGitHubCache)
/* harmony export */ });
/** `undefined` where the runner offers no cache service. */
async function openGitHubCache() {
    const cache = await __webpack_require__.e(/* import() */ 239).then(__webpack_require__.bind(__webpack_require__, 5239));
    if (!cache.isFeatureAvailable())
        return undefined;
    return {
        restore: (paths, key, restoreKeys, { lookupOnly, crossOs }) => cache.restoreCache([...paths], key, [...restoreKeys], { lookupOnly }, crossOs),
        save: async (paths, key, crossOs) => (await cache.saveCache([...paths], key, undefined, crossOs)) !== -1,
    };
}


/***/ }),

/***/ 1601:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   I: () => (/* binding */ readJobStatus),
/* harmony export */   K: () => (/* binding */ readInputs)
/* harmony export */ });
/* harmony import */ var _runner_actions_core__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5625);

/** GitHub's limits. Source: `@actions/cache`, `checkKey`. */
const longestKey = 512;
const mostKeys = 10;
function readInputs(inputs) {
    const key = checkKey('key', inputs.required('key'));
    const restoreKeys = inputs.lines('restore-keys').map((prefix) => checkKey('restore-keys', prefix));
    if (restoreKeys.length >= mostKeys) {
        throw new _runner_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .yo(`Input 'restore-keys' has ${restoreKeys.length} keys: expected at most ${mostKeys - 1}.`);
    }
    inputs.required('path');
    return Object.freeze({
        paths: inputs.lines('path'),
        key,
        restoreKeys,
        failOnMiss: inputs.boolean('fail-on-cache-miss') ?? false,
        lookupOnly: inputs.boolean('lookup-only') ?? false,
        crossOs: inputs.boolean('enableCrossOsArchive') ?? false,
        root: inputs.text('root'),
        save: inputs.choice('save', ['on-success', 'always', 'never']) ?? 'on-success',
        remote: inputs.choice('remote', ['auto', 'off', 'only']) ?? 'auto',
    });
}
/** Read when the job ends. No status: nothing is saved. */
function readJobStatus(inputs) {
    return inputs.text('job-status') ?? '';
}
function checkKey(input, key) {
    if (key.length > longestKey) {
        throw new _runner_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .yo(`Input '${input}' is ${(0,_runner_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .quote */ .hD)(key)}, ${key.length} characters long: expected at most ${longestKey}.`);
    }
    if (key.includes(','))
        throw new _runner_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .yo(`Input '${input}' is ${(0,_runner_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .quote */ .hD)(key)}: a key may not have a comma.`);
    return key;
}


/***/ }),

/***/ 1577:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  _: () => (/* binding */ planCache),
  i: () => (/* binding */ surroundings)
});

// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(4379);
// EXTERNAL MODULE: ../../packages/host/src/runner-folders.ts
var runner_folders = __webpack_require__(7634);
// EXTERNAL MODULE: ../../packages/store/src/index.ts + 10 modules
var src = __webpack_require__(7732);
;// CONCATENATED MODULE: ./src/scopes.ts
/** Events that strangers can cause and that run on the default branch: what they wrote, everyone would restore. */
const readOnly = new Set([
    'pull_request_target',
    'issue_comment',
    'issues',
    'fork',
    'watch',
    'discussion',
    'discussion_comment',
]);
/**
 * GitHub's rule: a run restores from its own ref, then a pull request's base branch, then the default branch, and saves
 * under its own ref alone. Source: GitHub's page "Dependency caching reference", "Restrictions for accessing a cache".
 */
function scopesOf(eventName, ref, payload) {
    const { repository, pull_request: pull, workflow_run: run } = (payload ?? {});
    const branch = (name) => name === undefined || name === '' ? undefined : `refs/heads/${name}`;
    const read = [ref || undefined, branch(pull?.base?.ref), branch(repository?.default_branch)];
    const foreignRun = eventName === 'workflow_run' && run?.head_repository?.full_name !== repository?.full_name;
    const mayWrite = payload !== undefined && ref !== '' && !readOnly.has(eventName) && !foreignRun;
    return {
        read: [...new Set(read.filter((scope) => scope !== undefined))],
        write: mayWrite ? ref : undefined,
    };
}

;// CONCATENATED MODULE: ./src/plan.ts




/** Where to look and where to save, from inputs and job alone. A hosted runner's disk is thrown away with it. */
function planCache(inputs, job) {
    const isLocal = inputs.remote !== 'only' && job.runner.environment !== 'github-hosted';
    const own = (0,external_node_path_.join)((0,runner_folders/* runnerFolders */.Ku)(job).work, '..', '_runner-actions-cache');
    const root = isLocal ? (inputs.root ?? job.environment['RUNNER_ACTIONS_CACHE'] ?? own) : undefined;
    const { read, write } = scopesOf(job.eventName, job.ref, job.payload());
    const common = {
        host: new URL(job.serverUrl).host,
        repositoryId: job.repository.id || job.repository.fullName,
        version: (0,src/* versionOf */.E4)(inputs.paths, job.runner.os, job.runner.arch),
    };
    return {
        inputs,
        root,
        read: read.map((scope) => ({ ...common, scope })),
        write: write === undefined ? undefined : { ...common, scope: write },
        report: (0,external_node_path_.join)(job.temp, 'runner-actions', `restore-local-cache-${process.pid}.json`),
    };
}
/** What no path may replace. */
function surroundings({ root }, job) {
    return { workspace: job.workspace, home: job.environment['HOME'], store: root };
}


/***/ }),

/***/ 8890:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   Gj: () => (/* binding */ saveLine),
/* harmony export */   Is: () => (/* binding */ cacheHit),
/* harmony export */   JD: () => (/* binding */ restoreLine)
/* harmony export */ });
/* harmony import */ var _runner_actions_core__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(5625);

/** `cache-hit` as `actions/cache` sets it: empty on a miss, `false` for a restore key. */
function cacheHit(found, key) {
    if (found.matchedKey === undefined)
        return '';
    return found.matchedKey === key ? 'true' : 'false';
}
/** One line for the log and the summary. */
function restoreLine(found, key, milliseconds, lookupOnly) {
    if (found.matchedKey === undefined)
        return `Cache: nothing found for ${(0,_runner_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .codeSpan */ .SS)(key)}, after ${(0,_runner_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .formatDuration */ .a3)(milliseconds)}`;
    const what = found.matchedKey === key ? (0,_runner_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .codeSpan */ .SS)(key) : `${(0,_runner_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .codeSpan */ .SS)(found.matchedKey)} for ${(0,_runner_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .codeSpan */ .SS)(key)}`;
    const size = found.source === 'local' ? `, ${found.files} files, ${(0,_runner_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .formatBytes */ .z3)(found.bytes)}` : '';
    const from = found.source === 'local' ? 'this machine’s disk' : 'GitHub';
    return `Cache: ${lookupOnly ? 'found' : 'restored'} ${what} from ${from}${size} in ${(0,_runner_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .formatDuration */ .a3)(milliseconds)}`;
}
function saveLine(saved, key, milliseconds) {
    const places = [
        saved.local === 'saved' ? 'this machine’s disk' : '',
        saved.github === 'saved' ? 'GitHub' : '',
    ].filter(Boolean);
    if (places.length > 0)
        return `Cache: saved ${(0,_runner_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .codeSpan */ .SS)(key)} to ${places.join(' and ')} in ${(0,_runner_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .formatDuration */ .a3)(milliseconds)}`;
    return `Cache: nothing saved (${saved.local === 'exists' ? 'another job saved the key meanwhile' : saved.why})`;
}


/***/ }),

/***/ 7136:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   SQ: () => (/* binding */ placesToPaths),
/* harmony export */   gT: () => (/* binding */ existing),
/* harmony export */   h5: () => (/* binding */ resolveTargets),
/* harmony export */   qm: () => (/* binding */ leadsOut)
/* harmony export */ });
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3024);
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_fs__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var node_os__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(8161);
/* harmony import */ var node_os__WEBPACK_IMPORTED_MODULE_1___default = /*#__PURE__*/__webpack_require__.n(node_os__WEBPACK_IMPORTED_MODULE_1__);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(4379);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_2___default = /*#__PURE__*/__webpack_require__.n(node_path__WEBPACK_IMPORTED_MODULE_2__);
/* harmony import */ var _runner_actions_core__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(5625);
/* harmony import */ var _runner_actions_host__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(7634);





const special = /[*?[\]{}]/;
/**
 * The absolute paths to save: globs are matched against what is there, `!` takes out.
 * @throws UserError for a path whose replacement would take more with it than a cache
 */
function resolveTargets(paths, around) {
    const excluded = new Set(paths.filter((path) => path.startsWith('!')).flatMap((path) => expand(path.slice(1), around)));
    const all = paths.flatMap((pattern, path) => {
        if (pattern.startsWith('!'))
            return [];
        const base = baseOf(pattern, around);
        return expand(pattern, around).map((found) => ({
            path: found,
            place: { path, below: (0,node_path__WEBPACK_IMPORTED_MODULE_2__.relative)(base, found) },
        }));
    });
    const targets = all.filter(({ path }, index) => !excluded.has(path) && all.findIndex((other) => other.path === path) === index);
    for (const { path } of targets)
        refuseDangerous(path, around);
    refuseNested(targets.map(({ path }) => path));
    return targets;
}
/**
 * Where an entry's trees go here. What the globs match now does not matter: the folder may be empty still.
 * @throws Error for a place that is outside what its path names
 */
function placesToPaths(places, paths, around) {
    return places.map(({ path, below }) => {
        const pattern = paths[path];
        const base = pattern === undefined ? '' : baseOf(pattern, around);
        const target = (0,node_path__WEBPACK_IMPORTED_MODULE_2__.resolve)(base, below);
        const isNamed = special.test(pattern ?? '') ? (0,_runner_actions_host__WEBPACK_IMPORTED_MODULE_4__/* .isInside */ .FK)(target, base) : target === base;
        if (pattern === undefined || !isNamed)
            throw new Error(`The entry has a tree outside of the paths: ${below}`);
        refuseDangerous(target, around);
        return target;
    });
}
/** The path as far as it has no glob, in full. */
function baseOf(pattern, around) {
    const parts = absolute(pattern, around).split(/[\\/]/);
    const first = parts.findIndex((part) => special.test(part));
    return special.test(pattern) && first !== -1 ? parts.slice(0, first).join('/') || '/' : parts.join('/');
}
function expand(pattern, around) {
    const full = absolute(pattern, around);
    return special.test(pattern) ? (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.globSync)(full).sort() : [full];
}
function absolute(path, { workspace, home }) {
    const isHome = path.startsWith('~/') || path === '~';
    return (0,node_path__WEBPACK_IMPORTED_MODULE_2__.resolve)(workspace, isHome ? (0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(home ?? (0,node_os__WEBPACK_IMPORTED_MODULE_1__.homedir)(), path.slice(1)) : path);
}
function refuseNested(paths) {
    const nested = paths.find((path) => paths.some((other) => other !== path && (0,_runner_actions_host__WEBPACK_IMPORTED_MODULE_4__/* .isInside */ .FK)(path, other)));
    if (nested !== undefined)
        throw new _runner_actions_core__WEBPACK_IMPORTED_MODULE_3__/* .UserError */ .yo(`Input 'path' has ${nested} twice: it lies in another of the paths.`);
}
function refuseDangerous(target, { workspace, home, store }) {
    const precious = [workspace, home ?? (0,node_os__WEBPACK_IMPORTED_MODULE_1__.homedir)(), store, (0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(workspace, '.git')].filter((path) => path !== undefined);
    const held = precious.find((path) => (0,_runner_actions_host__WEBPACK_IMPORTED_MODULE_4__/* .isInside */ .FK)(path, target));
    const inGit = (0,_runner_actions_host__WEBPACK_IMPORTED_MODULE_4__/* .isInside */ .FK)(target, (0,node_path__WEBPACK_IMPORTED_MODULE_2__.join)(workspace, '.git')) || (store !== undefined && (0,_runner_actions_host__WEBPACK_IMPORTED_MODULE_4__/* .isInside */ .FK)(target, store));
    if ((0,node_path__WEBPACK_IMPORTED_MODULE_2__.dirname)(target) !== target && held === undefined && !inGit)
        return;
    throw new _runner_actions_core__WEBPACK_IMPORTED_MODULE_3__/* .UserError */ .yo(`Input 'path' has ${target}, which is or holds ${held ?? 'what must stay'}. Name what the job itself makes.`);
}
/** What can be saved of the targets: what is there, and is not behind a link that the job put in place. */
function existing(targets, workspace) {
    const isLink = ({ path }) => (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.lstatSync)(path, { throwIfNoEntry: false })?.isSymbolicLink() === true || leadsOut(path, workspace);
    const links = targets.filter(isLink);
    return {
        there: targets.filter((target) => (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.existsSync)(target.path) && !links.includes(target)),
        links: links.map(({ path }) => path),
    };
}
/** Whether a path in the workspace goes through a link to somewhere outside it. */
function leadsOut(path, workspace) {
    if (!(0,_runner_actions_host__WEBPACK_IMPORTED_MODULE_4__/* .isInside */ .FK)(path, workspace))
        return false;
    let folder = (0,node_path__WEBPACK_IMPORTED_MODULE_2__.dirname)(path);
    while (!(0,node_fs__WEBPACK_IMPORTED_MODULE_0__.existsSync)(folder) && (0,_runner_actions_host__WEBPACK_IMPORTED_MODULE_4__/* .isInside */ .FK)(folder, workspace))
        folder = (0,node_path__WEBPACK_IMPORTED_MODULE_2__.dirname)(folder);
    return (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.existsSync)(workspace) && !(0,_runner_actions_host__WEBPACK_IMPORTED_MODULE_4__/* .isInside */ .FK)((0,node_fs__WEBPACK_IMPORTED_MODULE_0__.realpathSync)(folder), (0,node_fs__WEBPACK_IMPORTED_MODULE_0__.realpathSync)(workspace));
}


/***/ }),

/***/ 7634:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   FK: () => (/* binding */ isInside),
/* harmony export */   Ku: () => (/* binding */ runnerFolders)
/* harmony export */ });
/* unused harmony export runnerFolderOf */
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(3024);
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_fs__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4379);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1___default = /*#__PURE__*/__webpack_require__.n(node_path__WEBPACK_IMPORTED_MODULE_1__);


/** Finds the runner's folders from what it told the job. `exists` is for tests. */
function runnerFolders(job, exists = node_fs__WEBPACK_IMPORTED_MODULE_0__.existsSync) {
    const temp = (0,node_path__WEBPACK_IMPORTED_MODULE_1__.resolve)(job.temp);
    const work = (0,node_path__WEBPACK_IMPORTED_MODULE_1__.basename)(temp) === '_temp' ? (0,node_path__WEBPACK_IMPORTED_MODULE_1__.dirname)(temp) : (0,node_path__WEBPACK_IMPORTED_MODULE_1__.dirname)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.dirname)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.resolve)(job.workspace)));
    const root = (0,node_path__WEBPACK_IMPORTED_MODULE_1__.dirname)(work);
    const installed = ['.runner', (0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)('bin', 'Runner.Listener'), 'config.sh', 'config.cmd'];
    return {
        work,
        temp,
        tools: (0,node_path__WEBPACK_IMPORTED_MODULE_1__.resolve)(job.toolCache ?? (0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(work, '_tool')),
        actions: (0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(work, '_actions'),
        root: installed.some((name) => exists((0,node_path__WEBPACK_IMPORTED_MODULE_1__.join)(root, name))) ? root : undefined,
    };
}
/** Whether `path` is `folder` or lies in it, by name only: resolve links before where they matter. */
function isInside(path, folder) {
    const way = (0,node_path__WEBPACK_IMPORTED_MODULE_1__.relative)((0,node_path__WEBPACK_IMPORTED_MODULE_1__.resolve)(folder), (0,node_path__WEBPACK_IMPORTED_MODULE_1__.resolve)(path));
    return way === '' || (way !== '..' && !way.startsWith(`..${node_path__WEBPACK_IMPORTED_MODULE_1__.sep}`) && !(0,node_path__WEBPACK_IMPORTED_MODULE_1__.isAbsolute)(way));
}
/** The innermost of the runner's folders that `path` lies in. */
function runnerFolderOf(path, folders) {
    const order = ['temp', 'tools', 'actions', 'work', 'root'];
    return order.find((name) => {
        const folder = folders[name];
        return folder !== undefined && isInside(path, folder);
    });
}


/***/ }),

/***/ 7732:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  w4: () => (/* reexport */ findEntry),
  Ch: () => (/* reexport */ openStore),
  fe: () => (/* reexport */ restoreEntry),
  wn: () => (/* reexport */ saveEntry),
  E4: () => (/* reexport */ versionOf)
});

// UNUSED EXPORTS: copyTree, digest, sweepStaging

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
;// CONCATENATED MODULE: ../../packages/store/src/copy-tree.ts


const slash = Buffer.from('/');
/**
 * Copies a file, a link or a tree to a place that does not exist yet. Modes and times are kept, links are copied as links,
 * names are bytes. Files are cloned where the file system can. Synchronous calls: they are several times faster here than
 * promises, and nothing else goes on meanwhile.
 * @throws Error from the file system; Error for sockets, pipes and devices, which no cache can hold
 */
function copyTree(from, to) {
    const contents = { files: 0, directories: 0, links: 0, bytes: 0 };
    const shape = (0,external_node_crypto_.createHash)('sha256');
    copyEntry(from, to, contents, shape);
    return { ...contents, shape: shape.digest('hex') };
}
function copyEntry(from, to, contents, shape) {
    const { mode, size, accessed, modified, ...entry } = statOf(from);
    shape.update(entry.isFile ? `file ${size}\0` : entry.isLink ? 'link\0' : 'directory\0');
    if (entry.isLink) {
        (0,external_node_fs_.symlinkSync)((0,external_node_fs_.readlinkSync)(from, { encoding: 'buffer' }), to);
        (0,external_node_fs_.lutimesSync)(to, accessed, modified);
        contents.links += 1;
    }
    else if (entry.isFile) {
        (0,external_node_fs_.copyFileSync)(from, to, external_node_fs_.constants.COPYFILE_FICLONE | external_node_fs_.constants.COPYFILE_EXCL);
        (0,external_node_fs_.utimesSync)(to, accessed, modified);
        contents.files += 1;
        contents.bytes += size;
    }
    else if (entry.isDirectory) {
        (0,external_node_fs_.mkdirSync)(to, { mode: 0o700 });
        for (const child of listNames(from)) {
            shape.update(child).update('\0');
            copyEntry(join(from, child), join(to, child), contents, shape);
        }
        shape.update('end\0');
        (0,external_node_fs_.chmodSync)(to, mode & 0o7777);
        (0,external_node_fs_.utimesSync)(to, accessed, modified);
        contents.directories += 1;
    }
    else {
        throw new Error(`${from.toString()} is a socket, a pipe or a device, which a cache cannot hold`);
    }
}
function statOf(path) {
    const entry = (0,external_node_fs_.lstatSync)(path);
    // As numbers, in seconds: a Date would round to milliseconds, and builds compare times.
    const times = { accessed: entry.atimeMs / 1000, modified: entry.mtimeMs / 1000 };
    return {
        mode: entry.mode,
        size: entry.size,
        ...times,
        isLink: entry.isSymbolicLink(),
        isFile: entry.isFile(),
        isDirectory: entry.isDirectory(),
    };
}
/** In one order on every disk, for `shape`. */
function listNames(folder) {
    return (0,external_node_fs_.readdirSync)(folder, { encoding: 'buffer' }).sort((one, other) => Buffer.compare(one, other));
}
function join(folder, name) {
    return Buffer.concat([folder, slash, name]);
}
function sameContents(one, other) {
    return one.shape === other.shape && one.files === other.files && one.bytes === other.bytes;
}

// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(4379);
;// CONCATENATED MODULE: ../../packages/store/src/identity.ts


/** Entries are only exchanged between jobs that ask for the same paths, however spelt, on the same kind of system. */
function versionOf(paths, os, architecture) {
    return digest([...paths.map(normalise), os, architecture, 'layout 2']);
}
function normalise(path) {
    return external_node_path_.posix.normalize(path).replace(/(?<=.)\/$/, '');
}
/** The folders of a space below the store's root: digests, so that nothing foreign is ever a path. */
function folderOf(space) {
    const { host, repositoryId, scope, version } = space;
    return [digest([host, repositoryId]), digest([scope]), version].join('/');
}
/** A name for any text: 64 hexadecimal digits. */
function digest(parts) {
    return (0,external_node_crypto_.createHash)('sha256').update(JSON.stringify(parts)).digest('hex');
}

;// CONCATENATED MODULE: ../../packages/host/src/anchored.ts

/** Linux's O_PATH, which Node has no name for: a handle on a place that nothing can be read from. Source: open(2). */
const O_PATH = 0o10000000;
/**
 * Opens a directory, never through a symbolic link at its last part. A directory of ours that may not be read is made
 * readable, though not when it is on another mount than `mount`: that one is not ours to change.
 * @throws Error with the code MOUNT when the directory is on another mount than `mount`
 */
function openAnchor(path, mount) {
    // The handle names the inode itself, so that a swapped link cannot lead the change of mode elsewhere.
    const handle = (0,external_node_fs_.openSync)(path, O_PATH | external_node_fs_.constants.O_DIRECTORY | external_node_fs_.constants.O_NOFOLLOW);
    const self = `/proc/self/fd/${handle}`;
    try {
        const own = mountId(handle);
        if (mount !== undefined && own !== mount)
            throw Object.assign(new Error('another mount'), { code: 'MOUNT' });
        return { fd: openReadable(self, handle), mount: own };
    }
    finally {
        (0,external_node_fs_.closeSync)(handle);
    }
}
function openReadable(self, handle) {
    const flags = external_node_fs_.constants.O_RDONLY | external_node_fs_.constants.O_DIRECTORY;
    try {
        return (0,external_node_fs_.openSync)(self, flags);
    }
    catch (error) {
        if (error.code !== 'EACCES')
            throw error;
    }
    (0,external_node_fs_.chmodSync)(self, ((0,external_node_fs_.fstatSync)(handle).mode & 0o777) | 0o700);
    return (0,external_node_fs_.openSync)(self, flags);
}
function mountId(fd) {
    return /^mnt_id:\s*(\d+)/m.exec((0,external_node_fs_.readFileSync)(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1] ?? 'unknown';
}
function closeAnchor({ fd }) {
    (0,external_node_fs_.closeSync)(fd);
}
/** The path of an entry of an open directory. */
function within({ fd }, name) {
    return Buffer.concat([Buffer.from(`/proc/self/fd/${fd}/`), Buffer.from(name)]);
}
/** Lets the owner write in the directory. Only ever a directory's mode is changed: a file may be a hard link into a store. */
function makeWritable({ fd }) {
    const { mode } = (0,external_node_fs_.fstatSync)(fd);
    if ((mode & 0o700) === 0o700)
        return false;
    (0,external_node_fs_.fchmodSync)(fd, (mode & 0o777) | 0o700);
    return true;
}

;// CONCATENATED MODULE: ../../packages/host/src/remove.ts




/** Deeper directories are moved up first, so that no tree, however deep, runs out of handles or stack. */
const deepest = 100;
/**
 * Removes what is in a directory; the directory itself stays. It works on open directories, so that a link swapped in
 * meanwhile cannot lead it elsewhere; it never enters another mount, not even a bind mount of the same file system; it
 * removes links, and does not follow them. Elsewhere than on Linux it uses Node's own removal, entry by entry.
 * @throws Error when the directory itself cannot be opened
 */
function emptyDirectory(path, options = {}) {
    const removal = { files: 0, directories: 0, freedBytes: 0, residue: [], finished: true };
    if (process.platform !== 'linux')
        return emptyByPath(path, options, removal);
    const root = openAnchor(path);
    try {
        const walk = { root, options, removal, hoisted: [] };
        emptyAnchored(walk, root, Buffer.from(path), '', 0);
        for (let name = walk.hoisted.pop(); name !== undefined; name = walk.hoisted.pop()) {
            const place = {
                name,
                path: Buffer.from((0,external_node_path_.join)(path, name.toString())),
                relative: name.toString(),
                isDirectory: true,
            };
            removeEntry(walk, root, place, 0);
        }
        return removal;
    }
    finally {
        closeAnchor(root);
    }
}
/** Whether the directory is empty now. */
function emptyAnchored(walk, directory, path, relative, depth) {
    let empty = true;
    const entries = retryWritable(directory, () => (0,external_node_fs_.readdirSync)(within(directory, '.'), { withFileTypes: true, encoding: 'buffer' }));
    for (const entry of entries) {
        if (walk.options.deadline?.remaining() === 0) {
            walk.removal.finished = false;
            return false;
        }
        const place = {
            name: entry.name,
            path: Buffer.concat([path, Buffer.from('/'), entry.name]),
            relative: relative === '' ? entry.name.toString() : `${relative}/${entry.name.toString()}`,
            isDirectory: entry.isDirectory(),
        };
        empty = removeEntry(walk, directory, place, depth) && empty;
    }
    return empty;
}
/** Whether the entry is gone. */
function removeEntry(walk, directory, place, depth) {
    const verdict = walk.options.keep?.(place.relative, place.isDirectory) ?? 'remove';
    if (verdict === 'keep')
        return false;
    try {
        if (place.isDirectory)
            return removeDirectory(walk, directory, place, depth);
        if (verdict === 'look inside')
            return false;
        removeFile(walk, directory, place.name);
        return true;
    }
    catch (error) {
        const { code, message } = error;
        if (code === 'ENOENT')
            return true;
        walk.removal.residue.push({ path: place.path.toString(), reason: explain(code) ?? message });
        return false;
    }
}
function removeFile({ removal }, directory, name) {
    const path = within(directory, name);
    const { blocks, nlink } = retryWritable(directory, () => (0,external_node_fs_.lstatSync)(path));
    retryWritable(directory, () => (0,external_node_fs_.unlinkSync)(path));
    removal.files += 1;
    if (nlink === 1)
        removal.freedBytes += blocks * 512;
}
function removeDirectory(walk, parent, place, depth) {
    if (depth >= deepest && walk.options.keep === undefined)
        return hoist(walk, parent, place);
    const directory = openAnchor(within(parent, place.name), walk.root.mount);
    try {
        if (!emptyAnchored(walk, directory, place.path, place.relative, depth + 1))
            return false;
    }
    finally {
        closeAnchor(directory);
    }
    retryWritable(parent, () => (0,external_node_fs_.rmdirSync)(within(parent, place.name)));
    walk.removal.directories += 1;
    return true;
}
/** Moves a directory that is very deep to the top, to be removed from there. */
function hoist({ root, hoisted }, parent, { name }) {
    const unique = Buffer.from(`.removing-${(0,external_node_crypto_.randomUUID)()}`);
    const directory = openAnchor(within(parent, name), root.mount);
    try {
        // A directory that gets another parent must be writable itself: its `..` changes.
        makeWritable(directory);
        retryWritable(parent, () => (0,external_node_fs_.renameSync)(within(parent, name), within(root, unique)));
    }
    finally {
        closeAnchor(directory);
    }
    hoisted.push(unique);
    return true;
}
function retryWritable(directory, act) {
    try {
        return act();
    }
    catch (error) {
        const { code } = error;
        if (code !== 'EACCES' || !makeWritable(directory))
            throw error;
        return act();
    }
}
function explain(code) {
    const reasons = {
        MOUNT: 'another file system is mounted there',
        EBUSY: 'something is mounted there, or it is in use',
        EACCES: 'no permission: it belongs to another user',
        EPERM: 'not permitted: it is immutable, or belongs to another user',
        EROFS: 'the file system is read-only',
        ENOTEMPTY: 'something was added meanwhile',
        ELOOP: 'it became a link meanwhile',
        ENOTDIR: 'it became something else meanwhile',
    };
    return code === undefined ? undefined : reasons[code];
}
function emptyByPath(path, options, removal) {
    for (const entry of (0,external_node_fs_.readdirSync)(path, { withFileTypes: true })) {
        if (options.deadline?.remaining() === 0)
            return { ...removal, finished: false };
        if ((options.keep?.(entry.name, entry.isDirectory()) ?? 'remove') !== 'remove')
            continue;
        try {
            (0,external_node_fs_.rmSync)((0,external_node_path_.join)(path, entry.name), { recursive: true, force: true, maxRetries: 3 });
            if (entry.isDirectory())
                removal.directories += 1;
            else
                removal.files += 1;
        }
        catch (error) {
            removal.residue.push({ path: (0,external_node_path_.join)(path, entry.name), reason: error.message });
        }
    }
    return removal;
}

;// CONCATENATED MODULE: ../../packages/store/src/discard.ts


/** Removes a file or a tree, read-only folders included. What cannot be removed stays: it is in nobody's way. */
function discard(path) {
    try {
        if (!(0,external_node_fs_.lstatSync)(path).isDirectory())
            return (0,external_node_fs_.unlinkSync)(path);
        emptyDirectory(path.toString());
        (0,external_node_fs_.rmdirSync)(path);
    }
    catch {
        // Gone already, or another user's.
    }
}

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

;// CONCATENATED MODULE: ../../packages/store/src/staging.ts





/** Without an owner that can be judged, a folder is debris after a day. */
const patience = 24 * 3_600_000;
/** A new folder in the store's own file system, so that what is made in it can be published by a rename. */
function makeStaging(root) {
    const folder = (0,external_node_path_.join)(root, 'staging', (0,external_node_crypto_.randomUUID)());
    (0,external_node_fs_.mkdirSync)((0,external_node_path_.join)(root, 'staging'), { recursive: true, mode: 0o700 });
    const owner = {
        pid: process.pid,
        startTime: readProcess(process.pid)?.startTime,
        boot: currentBoot(),
    };
    // The owner first: a folder without one could not be judged if this process died here.
    (0,external_node_fs_.writeFileSync)(ownerOf(folder), JSON.stringify(owner));
    (0,external_node_fs_.mkdirSync)(folder, { mode: 0o700 });
    return folder;
}
function dropStaging(folder) {
    discard(Buffer.from(folder));
    (0,external_node_fs_.rmSync)(ownerOf(folder), { force: true });
}
/** Removes the staging folders of processes that have died. @returns how many */
function sweepStaging(root, now = Date.now()) {
    const staging = (0,external_node_path_.join)(root, 'staging');
    const ids = new Set((0,external_node_fs_.readdirSync)(staging).map((name) => name.replace(/\.owner\.json$/, '')));
    const dead = [...ids].map((id) => (0,external_node_path_.join)(staging, id)).filter((folder) => isDead(folder, now));
    for (const folder of dead)
        dropStaging(folder);
    return dead.length;
}
function ownerOf(folder) {
    return `${folder}.owner.json`;
}
function isDead(folder, now) {
    try {
        const owner = JSON.parse((0,external_node_fs_.readFileSync)(ownerOf(folder), 'utf8'));
        const boot = currentBoot();
        if (boot !== undefined && owner.boot !== undefined && boot !== owner.boot)
            return true;
        const alive = owner.startTime === undefined ? undefined : processAlive(owner.pid, owner.startTime);
        if (alive !== undefined)
            return !alive;
    }
    catch {
        // Its owner is just being written, or just ended: age decides.
    }
    const modified = (0,external_node_fs_.statSync)(folder, { throwIfNoEntry: false })?.mtimeMs ?? now;
    return now - modified > patience;
}
function currentBoot() {
    const boot = bootId();
    return typeof boot === 'string' ? boot : undefined;
}

;// CONCATENATED MODULE: ../../packages/store/src/place-tree.ts




/**
 * Copies each source beside its target, and only when all are there and whole renames them into place. What was in the
 * targets is renamed aside first and removed last; when a rename fails, it comes back.
 * @returns false when a source is missing or not whole: then every target is as it was
 * @throws Error from the file system of the targets, which are as they were then too
 */
function placeTrees(moves) {
    const prepared = moves.map(prepare);
    const swapped = [];
    try {
        if (!prepared.every(stage))
            return false;
        for (const move of prepared) {
            swap(move);
            swapped.push(move);
        }
    }
    catch (error) {
        for (const move of swapped.reverse())
            unswap(move);
        throw error;
    }
    finally {
        for (const { staging } of prepared)
            discard(staging);
    }
    for (const { old } of prepared)
        discard(old);
    return true;
}
function prepare(move) {
    const folder = move.target.subarray(0, move.target.lastIndexOf(0x2f) + 1);
    const beside = (what) => Buffer.concat([folder, Buffer.from(`.runner-actions-${what}-${(0,external_node_crypto_.randomUUID)()}`)]);
    return { ...move, staging: beside('new'), old: beside('old') };
}
function stage({ source, target, staging, isWhole }) {
    if (!exists(source))
        return false;
    (0,external_node_fs_.mkdirSync)(target.subarray(0, target.lastIndexOf(0x2f)), { recursive: true });
    return isWhole(copyTree(source, staging));
}
function swap({ staging, target, old }) {
    if (exists(target))
        (0,external_node_fs_.renameSync)(target, old);
    try {
        (0,external_node_fs_.renameSync)(staging, target);
    }
    catch (error) {
        if (exists(old))
            (0,external_node_fs_.renameSync)(old, target);
        throw error;
    }
}
function unswap({ target, old }) {
    discard(target);
    if (exists(old))
        (0,external_node_fs_.renameSync)(old, target);
}
function exists(path) {
    return (0,external_node_fs_.lstatSync)(path, { throwIfNoEntry: false }) !== undefined;
}

;// CONCATENATED MODULE: ../../packages/store/src/store.ts







/** @throws Error when the root is a link, is not this user's alone to write, or cannot be made */
function openStore(root) {
    (0,external_node_fs_.mkdirSync)(root, { recursive: true, mode: 0o700 });
    const entry = (0,external_node_fs_.lstatSync)(root);
    if (!entry.isDirectory())
        throw new Error(`The store ${root} is a link or a file. Name a folder.`);
    const user = process.getuid?.();
    if (user !== undefined && entry.uid !== user) {
        throw new Error(`The store ${root} belongs to another user (${entry.uid}). Name a folder of user ${user}.`);
    }
    // Whoever may write here could put another folder in the place of ours. Its mode is the owner's to change.
    if (process.platform !== 'win32' && (entry.mode & 0o022) !== 0) {
        throw new Error(`The store ${root} can be written by other users. Take that away: chmod 700.`);
    }
    for (const name of ['v1', 'staging', 'quarantine'])
        (0,external_node_fs_.mkdirSync)((0,external_node_path_.join)(root, name), { recursive: true, mode: 0o700 });
    return { root };
}
/**
 * Saves `sources` under `key`: copied beside, then published by a rename, so that a reader sees all of it or nothing.
 * @returns `exists` when an entry is there already, or another job was faster
 * @throws Error from the file system, such as ENOSPC; nothing is left of it then
 */
function saveEntry(store, space, key, sources) {
    sweepStaging(store.root);
    const folder = (0,external_node_path_.join)(store.root, 'v1', folderOf(space), digest([key]));
    if ((0,external_node_fs_.lstatSync)(folder, { throwIfNoEntry: false }) !== undefined)
        return 'exists';
    const staging = makeStaging(store.root);
    try {
        const trees = sources.map(({ path, place }, index) => ({
            ...copyTree(path, Buffer.from((0,external_node_path_.join)(staging, `tree-${index}`))),
            place,
        }));
        const metadata = { layout: 2, key, createdAt: Date.now(), trees };
        (0,external_node_fs_.writeFileSync)((0,external_node_path_.join)(staging, 'metadata.json'), JSON.stringify(metadata));
        (0,external_node_fs_.mkdirSync)((0,external_node_path_.dirname)(folder), { recursive: true, mode: 0o700 });
        (0,external_node_fs_.renameSync)(staging, folder);
        return 'saved';
    }
    catch (error) {
        if (['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(error.code ?? '') &&
            isEntry(folder))
            return 'exists';
        throw error;
    }
    finally {
        dropStaging(staging);
    }
}
function isEntry(folder) {
    return readEntry(folder) !== undefined;
}
/**
 * The entry that a job is to get, in GitHub's order: scope by scope, in each the key itself, then entries that begin with
 * it, then those that begin with each restore key; of several the newest. Source: GitHub's page "Dependency caching reference".
 */
function findEntry(store, spaces, key, restoreKeys) {
    for (const space of spaces) {
        const folder = (0,external_node_path_.join)(store.root, 'v1', folderOf(space));
        const exact = readEntry((0,external_node_path_.join)(folder, digest([key])));
        if (exact !== undefined)
            return exact;
        const all = listEntries(folder);
        for (const prefix of [key, ...restoreKeys]) {
            const found = all.find(({ metadata }) => metadata.key.startsWith(prefix));
            if (found !== undefined)
                return found;
        }
    }
    return undefined;
}
/** Newest first. */
function listEntries(folder) {
    let names;
    try {
        names = (0,external_node_fs_.readdirSync)(folder);
    }
    catch {
        return [];
    }
    const entries = names.map((name) => readEntry((0,external_node_path_.join)(folder, name))).filter((entry) => entry !== undefined);
    return entries.sort((one, other) => other.metadata.createdAt - one.metadata.createdAt);
}
function readEntry(folder) {
    try {
        const metadata = JSON.parse((0,external_node_fs_.readFileSync)((0,external_node_path_.join)(folder, 'metadata.json'), 'utf8'));
        return typeof metadata.key === 'string' && Array.isArray(metadata.trees)
            ? { folder, metadata }
            : undefined;
    }
    catch {
        return undefined;
    }
}
/**
 * Puts the entry's trees to `targets`, in the order of `metadata.trees`: all of them or none. What was there goes away.
 * An entry that does not hold what it should is put into quarantine.
 * @returns `broken` then, with nothing changed in the targets
 * @throws Error from the file system of the targets
 */
function restoreEntry(store, entry, targets) {
    const { trees } = entry.metadata;
    if (trees.length !== targets.length)
        throw new Error(`The entry has ${trees.length} trees, and ${targets.length} targets were given`);
    const moves = trees.map((tree, index) => ({
        source: Buffer.from((0,external_node_path_.join)(entry.folder, `tree-${index}`)),
        target: targets[index],
        isWhole: (copied) => sameContents(copied, tree),
    }));
    if (!placeTrees(moves))
        return quarantine(store, entry);
    stampUse(entry);
    return 'restored';
}
function quarantine(store, entry) {
    (0,external_node_fs_.renameSync)(entry.folder, (0,external_node_path_.join)(store.root, 'quarantine', (0,external_node_crypto_.randomUUID)()));
    return 'broken';
}
/** For eviction by last use: access times are not kept on many disks. */
function stampUse({ folder }) {
    try {
        (0,external_node_fs_.writeFileSync)((0,external_node_path_.join)(folder, 'used'), '');
    }
    catch {
        // A store that may only be read serves all the same.
    }
}

;// CONCATENATED MODULE: ../../packages/store/src/index.ts






/***/ })

};
