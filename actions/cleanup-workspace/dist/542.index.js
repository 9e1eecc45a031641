export const id = 542;
export const ids = [542];
export const modules = {

/***/ 6542:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  u: () => (/* binding */ clean)
});

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(4379);
// EXTERNAL MODULE: ../../packages/core/src/index.ts + 39 modules
var src = __webpack_require__(2899);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
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
function readKernel(kernel, path) {
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

;// CONCATENATED MODULE: ../../packages/host/src/answer.ts
/** Tells an answer from a reason why there is none. */
function isUnknown(answer) {
    return typeof answer === 'object' && answer !== null && 'unknown' in answer;
}

;// CONCATENATED MODULE: ../../packages/host/src/measure.ts

/** Blocks and files of a path, links not followed. What cannot be read counts nothing. */
function measureTree(path, deadline) {
    const size = { files: 0, bytes: 0, complete: true };
    const open = [path];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
        if (deadline?.remaining() === 0)
            return { ...size, complete: false };
        try {
            const entry = (0,external_node_fs_.lstatSync)(next);
            size.bytes += entry.blocks * 512;
            if (!entry.isDirectory())
                size.files += 1;
            else
                for (const name of (0,external_node_fs_.readdirSync)(next, { encoding: 'buffer' }))
                    open.push(Buffer.concat([next, Buffer.from('/'), name]));
        }
        catch {
            // Unreadable, or deeper than a path may be long: removal has its own word on it.
        }
    }
    return size;
}

// EXTERNAL MODULE: ../../packages/host/src/runner-folders.ts
var runner_folders = __webpack_require__(7634);
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

;// CONCATENATED MODULE: ./src/clean-io.ts




/** Names are kept byte for byte: `latin1` maps each byte to a character and back. */
const decodeName = (name) => Buffer.from(name.toString()).equals(name) ? name.toString() : `\0${name.toString('latin1')}`;
const encodeName = (name) => name.startsWith('\0') ? Buffer.from(name.slice(1), 'latin1') : Buffer.from(name);
/** What is in the workspace. Sizes are looked up as far as the deadline allows. */
function findEntries(workspace, deadline) {
    const mounts = readMounts();
    const points = isUnknown(mounts) ? [] : mounts.map(({ mountPoint }) => mountPoint);
    return (0,external_node_fs_.readdirSync)(Buffer.from(workspace), { withFileTypes: true, encoding: 'buffer' }).map((entry) => {
        const name = decodeName(entry.name);
        const { files, bytes } = measureTree(Buffer.concat([Buffer.from(`${workspace}/`), entry.name]), deadline);
        const holdsMount = points.some((point) => (0,runner_folders/* isInside */.FK)(point, (0,external_node_path_.join)(workspace, entry.name.toString())));
        return { name, isDirectory: entry.isDirectory(), files, bytes, holdsMount };
    });
}
/**
 * Does what the plan says: what goes whole is renamed out of the way first, so that the workspace is clean at once and
 * stays clean if the process is killed; then it is removed, with what earlier runs left behind.
 */
function execute(plan, { workspace, trash }, keep, deadline) {
    const moved = moveAside(plan, workspace, (0,external_node_path_.join)(trash, (0,external_node_crypto_.randomUUID)()));
    const planned = new Set(plan.steps.filter(({ action }) => action !== 'keep').map(({ name }) => name));
    const inPlace = emptyDirectory(workspace, {
        deadline,
        keep: (path, isDirectory) => planned.has(path.split('/', 1)[0] ?? '') ? keep(path, isDirectory) : 'keep',
    });
    const drained = drainTrash(trash, deadline);
    const parts = [inPlace, drained];
    const sum = (count) => parts.reduce((total, part) => total + count(part), 0);
    return {
        freedBytes: sum(({ freedBytes }) => freedBytes),
        removed: sum(({ files, directories }) => files + directories),
        residue: [...parts.flatMap(({ residue }) => residue), ...unbrick(inPlace, workspace, moved)],
        finished: parts.every(({ finished }) => finished),
    };
}
/** Renames within two open directories, so that neither can be swapped. What cannot be moved is removed in place. */
function moveAside({ steps }, workspace, into) {
    (0,external_node_fs_.mkdirSync)(into, { recursive: true, mode: 0o700 });
    const [from, to] = [openAnchor(workspace), openAnchor(into)];
    try {
        for (const { name, action } of steps) {
            if (action !== 'move')
                continue;
            try {
                (0,external_node_fs_.renameSync)(within(from, encodeName(name)), within(to, encodeName(name)));
            }
            catch {
                // Another file system, or another user's directory: the removal in place has its own word on it.
            }
        }
    }
    finally {
        closeAnchor(from);
        closeAnchor(to);
    }
    return into;
}
/** Removes what lies in the trash, of this run and of earlier ones that were killed or ran out of budget. */
function drainTrash(trash, deadline) {
    const folders = (0,external_node_fs_.readdirSync)(trash).length;
    const removal = emptyDirectory(trash, { deadline });
    // The folders of the trash are the clean-up's own, and do not count as the job's.
    removal.directories = Math.max(0, removal.directories - folders);
    try {
        (0,external_node_fs_.rmdirSync)(trash);
    }
    catch {
        // Not empty: residue, or another runner's clean-up at this moment.
    }
    return removal;
}
/**
 * What another user owns cannot be removed, and would fail the next checkout. The workspace as a whole can be moved away,
 * since its parent is ours; a new one takes its place.
 */
function unbrick({ residue, finished }, workspace, moved) {
    const blocked = finished && residue.some(({ reason }) => /another user/.test(reason));
    if (!blocked || !(0,external_node_fs_.existsSync)(workspace))
        return [];
    try {
        const { mode } = (0,external_node_fs_.statSync)(workspace);
        (0,external_node_fs_.mkdirSync)(moved, { recursive: true, mode: 0o700 });
        (0,external_node_fs_.renameSync)(workspace, (0,external_node_path_.join)(moved, 'workspace'));
        (0,external_node_fs_.mkdirSync)(workspace, { mode: mode & 0o777 });
        return [
            { path: (0,external_node_path_.join)(moved, 'workspace'), reason: 'moved out of the workspace, since it could not be removed' },
        ];
    }
    catch (error) {
        return [{ path: workspace, reason: `could not be moved away either: ${error.message}` }];
    }
}

;// CONCATENATED MODULE: ./src/keep.ts

/**
 * What becomes of an entry, by globs of which the last that matches counts; `!` takes out again. A glob for a directory
 * covers all that is in it. A directory that might hold something to keep, or to take out, is looked into.
 */
function keepByGlobs(globs) {
    const rules = globs.map((glob) => {
        const removes = glob.startsWith('!');
        return {
            removes,
            pattern: (removes ? glob.slice(1) : glob).replace(/^\.\//, '').replace(/\/+(\*\*)?$/, ''),
        };
    });
    const covers = (pattern, path) => (0,external_node_path_.matchesGlob)(path, pattern) || (0,external_node_path_.matchesGlob)(path, `${pattern}/**`);
    const hasNegation = rules.some(({ removes }) => removes);
    return (path, isDirectory) => {
        const last = rules.findLast(({ pattern }) => covers(pattern, path));
        const kept = last !== undefined && !last.removes;
        if (!isDirectory)
            return kept ? 'keep' : 'remove';
        if (kept)
            return hasNegation && rules.some((rule) => rule.removes && mayHold(path, rule.pattern))
                ? 'look inside'
                : 'keep';
        return rules.some((rule) => !rule.removes && mayHold(path, rule.pattern)) ? 'look inside' : 'remove';
    };
}
/** Whether something below `directory` may match the pattern: compared part by part, as far as both go. */
function mayHold(directory, pattern) {
    const parts = pattern.split('/');
    const open = parts.indexOf('**');
    const fixed = open < 0 ? parts : parts.slice(0, open);
    const path = directory.split('/');
    if (open < 0 && path.length >= parts.length)
        return false;
    return path.slice(0, fixed.length).every((part, index) => (0,external_node_path_.matchesGlob)(part, fixed[index] ?? ''));
}

;// CONCATENATED MODULE: ./src/plan.ts
/** The plan: each entry of the workspace and what becomes of it. A dry run shows it; a run executes exactly it. */
function makePlan(workspace, found, keep) {
    const steps = found.map((entry) => {
        const verdict = keep(entry.name, entry.isDirectory);
        if (verdict === 'keep')
            return { ...entry, action: 'keep', why: 'matches keep' };
        if (verdict === 'look inside')
            return { ...entry, action: 'in-place', why: 'something in it may match keep' };
        if (entry.holdsMount)
            return { ...entry, action: 'in-place', why: 'another file system is mounted in it' };
        return { ...entry, action: 'move', why: 'left by the job' };
    });
    return { workspace, steps: steps.sort((one, other) => (one.name < other.name ? -1 : 1)) };
}
/** What a plan takes away, at most. */
function totals({ steps }) {
    const taken = steps.filter(({ action }) => action !== 'keep');
    const sum = (field) => taken.reduce((total, step) => total + step[field], 0);
    return {
        entries: taken.length,
        files: sum('files'),
        bytes: sum('bytes'),
        kept: steps.length - taken.length,
    };
}

;// CONCATENATED MODULE: ./src/report.ts


const shown = 30;
/** The plan, a line an entry, for the log. */
function planLines({ steps }) {
    return steps.map(({ name, action, why, bytes }) => `${action.padEnd(8)} ${JSON.stringify(name)} ${(0,src/* formatBytes */.z3)(bytes)} (${why})`);
}
/** The summary: one sentence, and what needs a person. */
function renderSummary(plan, outcome) {
    const { entries, files, bytes, kept } = totals(plan);
    const keeps = kept === 0 ? '' : `, ${kept} kept`;
    if (outcome === undefined) {
        return `### Clean-up: would remove ${files} files in ${entries} entries, ${(0,src/* formatBytes */.z3)(bytes)}${keeps} (dry run)\n`;
    }
    const rest = outcome.finished ? '' : '; the budget was used up, and the rest is left for the next run';
    const head = `### Clean-up: ${(0,src/* formatBytes */.z3)(outcome.freedBytes)} freed, ${outcome.removed} files and directories removed${keeps}${rest}\n`;
    if (outcome.residue.length === 0)
        return head;
    const rows = outcome.residue
        .slice(0, shown)
        .map(({ path, reason }) => [(0,src/* codeSpan */.SS)(path), (0,src/* escapeMarkdown */.FV)(reason)]);
    const more = outcome.residue.length > shown ? `\n${outcome.residue.length - shown} more are in the report.\n` : '';
    return `${head}\n${(0,src/* table */.tp)(['Not removed', 'Why'], rows)}${more}`;
}

// EXTERNAL MODULE: ./src/workspace.ts
var workspace = __webpack_require__(2839);
;// CONCATENATED MODULE: ./src/clean.ts








/** Plans, prints the plan, executes it unless it is a dry run, and reports. */
async function clean(step, { inputs, report }) {
    const place = (0,workspace/* findWorkspace */.p)(step.job);
    const deadline = step.deadline.limit(inputs.budget);
    const keep = keepByGlobs(inputs.keep);
    // Looking up sizes may take a quarter of the budget; removing is what the rest is for.
    const found = inputs.workspace ? findEntries(place.workspace, deadline.limit(inputs.budget / 4)) : [];
    const plan = makePlan(place.workspace, found, keep);
    step.log.group(`Plan for ${place.workspace}: ${plan.steps.length} entries`, planLines(plan));
    const outcome = inputs.dryRun ? undefined : execute(plan, place, keep, deadline);
    step.summary.add(renderSummary(plan, outcome));
    await (0,promises_.mkdir)((0,external_node_path_.dirname)(report), { recursive: true });
    await (0,src/* writeFileAtomic */.Zf)(report, `${JSON.stringify({ version: 1, dryRun: inputs.dryRun, plan, outcome: outcome ?? null }, undefined, 2)}\n`);
    warnOfResidue(step, outcome, inputs.strict);
    return { outcome, skipped: totals(plan).kept };
}
function warnOfResidue(step, outcome, strict) {
    const [first, ...more] = outcome?.residue ?? [];
    if (first === undefined)
        return;
    const others = more.length === 0 ? '' : `, and ${more.length} more`;
    const message = `Not everything could be removed: ${first.path} (${first.reason})${others}.`;
    if (strict)
        throw new src/* UserError */.yo(message, { strict: true });
    step.annotate('warning', message);
}


/***/ }),

/***/ 2839:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   p: () => (/* binding */ findWorkspace)
/* harmony export */ });
/* harmony import */ var node_os__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(8161);
/* harmony import */ var node_os__WEBPACK_IMPORTED_MODULE_0___default = /*#__PURE__*/__webpack_require__.n(node_os__WEBPACK_IMPORTED_MODULE_0__);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4379);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_1___default = /*#__PURE__*/__webpack_require__.n(node_path__WEBPACK_IMPORTED_MODULE_1__);
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(3024);
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_2___default = /*#__PURE__*/__webpack_require__.n(node_fs__WEBPACK_IMPORTED_MODULE_2__);
/* harmony import */ var _runner_actions_core__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(2899);
/* harmony import */ var _runner_actions_host__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(7634);





/** @throws UserError when emptying the workspace could take something else with it */
function findWorkspace(job) {
    const folders = (0,_runner_actions_host__WEBPACK_IMPORTED_MODULE_4__/* .runnerFolders */ .Ku)(job);
    const given = (0,node_path__WEBPACK_IMPORTED_MODULE_1__.resolve)(job.workspace);
    if (!(0,node_fs__WEBPACK_IMPORTED_MODULE_2__.existsSync)(given))
        throw new _runner_actions_core__WEBPACK_IMPORTED_MODULE_3__/* .UserError */ .yo(`The workspace ${given} is not there, so there is nothing to clean.`);
    const workspace = (0,node_fs__WEBPACK_IMPORTED_MODULE_2__.realpathSync)(given);
    const work = (0,node_fs__WEBPACK_IMPORTED_MODULE_2__.realpathSync)(folders.work);
    const home = job.environment['HOME'] || (0,node_os__WEBPACK_IMPORTED_MODULE_0__.homedir)();
    const precious = [home, folders.temp, folders.tools, folders.actions, folders.root].filter((path) => path !== undefined);
    const inside = precious.find((path) => (0,_runner_actions_host__WEBPACK_IMPORTED_MODULE_4__/* .isInside */ .FK)(path, workspace));
    if (workspace === (0,node_path__WEBPACK_IMPORTED_MODULE_1__.dirname)(workspace) || inside !== undefined) {
        throw refuse(workspace, inside === undefined ? 'it is the root of the file system' : `${inside} lies in it`);
    }
    if (!(0,_runner_actions_host__WEBPACK_IMPORTED_MODULE_4__/* .isInside */ .FK)(workspace, work) || workspace === work)
        throw refuse(workspace, `it is not in the runner's work folder ${work}`);
    return { workspace, trash: (0,node_path__WEBPACK_IMPORTED_MODULE_1__.resolve)(work, '.trash') };
}
function refuse(workspace, why) {
    return new _runner_actions_core__WEBPACK_IMPORTED_MODULE_3__/* .UserError */ .yo(`The workspace ${workspace} is not emptied: ${why}. Check GITHUB_WORKSPACE and the runner's work folder.`);
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


/***/ })

};
