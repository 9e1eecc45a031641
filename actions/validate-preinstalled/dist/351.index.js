export const id = 351;
export const ids = [351];
export const modules = {

/***/ 351:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  phase: () => (/* binding */ phase),
  safeAnswer: () => (/* binding */ safeAnswer)
});

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(4379);
// EXTERNAL MODULE: ../../node_modules/yaml/dist/index.js
var dist = __webpack_require__(3483);
// EXTERNAL MODULE: ../../packages/core/src/index.ts + 39 modules
var src = __webpack_require__(2899);
;// CONCATENATED MODULE: ../../packages/config/src/plain.ts

/** More aliases than any honest file has, and far fewer than a bomb needs. */
const maxAliasCount = 100;
const maxNodes = 100_000;
/** Turns YAML nodes into plain data, and remembers where each part stands. */
function toPlain(yaml) {
    const faults = [];
    const places = rememberPlaces();
    const open = new Set();
    let [aliases, nodes] = [0, 0];
    function convert(node, path, key) {
        nodes += 1;
        if (nodes > maxNodes)
            return fault(key, `at most ${maxNodes} values, aliases expanded`);
        const known = node;
        const offset = startOf(known) ?? key;
        places.add(path, known, key);
        if ((0,dist/* isAlias */.Vj)(known))
            return resolveAlias(known, path, offset);
        if ((0,dist/* isScalar */.jn)(known))
            return scalarValue(known);
        if ((0,dist/* isMap */.jh)(known))
            return within(known, offset, () => convertMap(known.items, path));
        if ((0,dist/* isSeq */.oP)(known)) {
            return within(known, offset, () => known.items.map((item, index) => convert(item, [...path, index], startOf(item) ?? offset)));
        }
        return null;
    }
    function convertMap(items, path) {
        const pairs = items.map(({ key, value }) => {
            const offset = startOf(key) ?? 0;
            const name = (0,dist/* isScalar */.jn)(key) ? (key.source ?? String(key.value)) : '';
            if (!(0,dist/* isScalar */.jn)(key) || name === '__proto__')
                fault(offset, 'a key that is a plain text');
            return [name, convert(value, [...path, name], offset)];
        });
        return Object.fromEntries(pairs.filter(([name]) => name !== '__proto__'));
    }
    function resolveAlias(alias, path, offset) {
        aliases += 1;
        if (aliases > maxAliasCount)
            return fault(offset, `at most ${maxAliasCount} aliases`);
        const target = alias.resolve(yaml);
        return target === undefined
            ? fault(offset, 'an alias of an anchor above it')
            : convert(target, path, offset);
    }
    function within(node, offset, convertItems) {
        if (open.has(node))
            return fault(offset, 'an alias that does not contain itself');
        open.add(node);
        const value = convertItems();
        open.delete(node);
        return value;
    }
    function fault(offset, expected) {
        if (!faults.some((known) => known.expected === expected))
            faults.push({ offset, expected });
    }
    const value = convert(yaml.contents, [], 0);
    return { value, faults, offsetOf: places.offsetOf };
}
/** Where each part stands; of what does not exist, the nearest part around it. */
function rememberPlaces() {
    const offsets = new Map();
    const offsetOf = (path, part) => {
        const found = offsets.get(id(path));
        if (found !== undefined)
            return found[part];
        return path.length === 0 ? 0 : offsetOf(path.slice(0, -1), 'key');
    };
    const add = (path, node, key) => {
        // An empty value has no text of its own: its key is where people look.
        const empty = (0,dist/* isScalar */.jn)(node) && node.source === '' && node.type === 'PLAIN';
        const value = empty ? key : (node?.range?.[0] ?? key);
        if (!offsets.has(id(path)))
            offsets.set(id(path), { key, value });
    };
    return { add, offsetOf };
}
function startOf(node) {
    return node?.range?.[0];
}
function id(path) {
    return JSON.stringify(path);
}
/** A number whose text is not its own (`1.10`, `0755`, `0x1F`, `012345e6`) stays the text that was written. */
function scalarValue({ value, source }) {
    if (typeof value === 'number' || typeof value === 'bigint')
        return source !== undefined && String(value) !== source ? source : value;
    return typeof value === 'string' || typeof value === 'boolean' || value === null
        ? value
        : (source ?? String(value));
}

;// CONCATENATED MODULE: ../../packages/config/src/document.ts



const documentLimit = 1024 * 1024;
/** Reads YAML 1.2. It never throws: duplicate keys, tabs, unknown tags, alias bombs and files over 1 MiB are problems. */
function readDocument(text, file) {
    const problemAt = (line, column, expected) => ({
        ...{ file, line, column, expected },
        path: [],
        found: undefined,
    });
    const broken = (expected) => ({
        ...{ file, value: undefined, problems: [problemAt(1, 1, expected)] },
        positionOf: () => ({ line: 1, column: 1 }),
    });
    if (Buffer.byteLength(text) > documentLimit)
        return broken('a document of at most 1 MiB');
    try {
        return document_open(text, file, problemAt);
    }
    catch (error) {
        return broken(`YAML that can be read (${(0,src/* messageOf */.bD)(error)})`);
    }
}
function document_open(text, file, problemAt) {
    const lines = new dist/* LineCounter */.HN();
    const yaml = (0,dist/* parseDocument */.Tp)(text, { lineCounter: lines, prettyErrors: false, version: '1.2' });
    const at = (offset) => {
        const { line, col } = lines.linePos(offset);
        return { line: Math.max(1, line), column: Math.max(1, col) };
    };
    const problems = [...yaml.errors, ...yaml.warnings].map(({ code, message, pos }) => {
        const { line, column } = at(pos[0]);
        return problemAt(line, column, `valid YAML (${sentences[code] ?? message.replace(/\.$/, '')})`);
    });
    if (problems.length > 0)
        return { file, value: undefined, problems, positionOf: () => at(0) };
    const plain = toPlain(yaml);
    return {
        file,
        value: plain.value,
        problems: plain.faults.map(({ offset, expected }) => problemAt(at(offset).line, at(offset).column, expected)),
        positionOf: (path, part) => at(plain.offsetOf(path, part)),
    };
}
const sentences = {
    DUPLICATE_KEY: 'this key stands here twice; remove one of them',
    TAB_AS_INDENT: 'a tab is no indentation; use spaces',
    MULTIPLE_DOCS: "one document only; remove the line '---'",
};

;// CONCATENATED MODULE: ../../packages/config/src/problem.ts

/** A path as people write it: `tools.node`, `files[0].sha256`. */
function describePath(path) {
    return path
        .map((step, index) => (typeof step === 'number' ? `[${step}]` : `${index === 0 ? '' : '.'}${step}`))
        .join('');
}
/** The problem as one sentence, without its place: that is the annotation's business. */
function describeProblem({ path, found, expected, nearest }) {
    const where = path.length === 0 ? '' : `${describePath(path)}: `;
    const what = found === undefined ? '' : `found ${(0,src/* quote */.hD)(found)}, `;
    const hint = nearest === undefined ? '' : ` Did you mean '${nearest}'?`;
    return `${where}${what}expected ${expected}.${hint}`;
}
/** The candidate that is at most a third of its letters away from `name`. */
function nearestOf(name, candidates) {
    const ranked = candidates
        .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
        .filter(({ candidate, distance }) => distance <= Math.max(1, Math.ceil(candidate.length / 3)))
        .sort((one, other) => one.distance - other.distance);
    return ranked[0]?.candidate;
}
/** Levenshtein's distance, one row at a time. Long names are cut: nobody means them by mistake. */
function editDistance(one, other) {
    const [left, right] = [one.slice(0, 64), other.slice(0, 64)];
    let row = Array.from({ length: right.length + 1 }, (_, index) => index);
    for (let i = 1; i <= left.length; i += 1) {
        const next = [i];
        for (let j = 1; j <= right.length; j += 1) {
            const replaced = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
            next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
        }
        row = next;
    }
    return row[right.length] ?? 0;
}

// EXTERNAL MODULE: ../../node_modules/valibot/dist/index.mjs
var valibot_dist = __webpack_require__(458);
;// CONCATENATED MODULE: ../../packages/config/src/text.ts

/** A text, also when YAML reads it as a number or a truth: `node: 20`, `DEBUG: true`. */
const text_text = valibot_dist/* pipe */.FsL(valibot_dist/* union */.KCZ([valibot_dist/* string */.YjP(), valibot_dist/* number */.aig(), valibot_dist/* boolean */.zMY()], 'a text'), valibot_dist/* transform */.pdi((value) => String(value)));

;// CONCATENATED MODULE: ../../packages/config/src/schema-keys.ts
/** The keys that `schema` knows in the map at `path`, those of all options of a union together. */
function keysAt(schema, path) {
    let holders = unwrap(schema);
    for (const step of path) {
        holders = holders.flatMap((holder) => {
            const next = holder.entries?.[step] ?? (holder.type === 'record' ? holder.value : holder.item);
            return next === undefined ? [] : unwrap(next);
        });
    }
    return [...new Set(holders.flatMap((holder) => Object.keys(holder.entries ?? {})))];
}
function unwrap(schema) {
    if (schema.wrapped !== undefined)
        return unwrap(schema.wrapped);
    const nested = schema.type === 'union' || schema.type === 'variant' ? schema.options : undefined;
    return nested === undefined ? [schema] : nested.flatMap(unwrap);
}

;// CONCATENATED MODULE: ../../packages/config/src/validate.ts



/** The document as its schema has it, or all of its problems at once, in the order of the file. */
function validate(document, schema) {
    if (document.problems.length > 0)
        return { ok: false, problems: document.problems };
    const result = valibot_dist/* safeParse */.xLC(schema, document.value);
    if (result.success)
        return { ok: true, value: result.output };
    const problems = result.issues
        .flatMap((issue) => innermost(issue, []))
        .flatMap(({ issue, path }) => explain(document, schema, issue, path));
    const unique = new Map(problems.map((problem) => [JSON.stringify([problem.path, problem.expected, problem.found]), problem]));
    const sorted = [...unique.values()].sort((a, b) => a.line - b.line || a.column - b.column);
    return { ok: false, problems: sorted };
}
/** Of a union, the option that got deepest into the value is what the user meant. */
function innermost(issue, above) {
    const path = [
        ...above,
        ...(issue.path ?? []).map((step) => (typeof step.key === 'number' ? step.key : String(step.key))),
    ];
    if (issue.type !== 'union' || issue.issues === undefined)
        return [{ issue, path }];
    const inner = issue.issues.flatMap((nested) => innermost(nested, path));
    const deeper = inner.filter((nested) => nested.path.length > path.length || nested.issue.kind === 'validation');
    return deeper.length > 0 ? deeper : [{ issue, path }];
}
function explain(document, schema, issue, path) {
    const parent = path.slice(0, -1);
    // For Valibot a list is an object too: what it says of the keys is then beside the point.
    if (issue.type === 'strict_object' && path.length > 0 && Array.isArray(valueAt(document, parent))) {
        const place = document.positionOf(parent, 'value');
        return [{ file: document.file, ...place, path: parent, found: 'a list', expected: 'a map of keys' }];
    }
    if (issue.type === 'strict_object' && issue.expected === 'never')
        return unknownKeys(document, schema, path);
    const missing = issue.type === 'strict_object' && path.length > 0 && issue.received === 'undefined';
    const { line, column } = document.positionOf(path, 'value');
    const found = missing ? undefined : show(issue.input);
    const expected = missing ? `the key '${path.at(-1)}'` : expectation(issue);
    const at = missing ? path.slice(0, -1) : path;
    return [{ file: document.file, line, column, path: at, found, expected }];
}
function valueAt({ value }, path) {
    return path.reduce((part, key) => part?.[key], value);
}
/** Valibot stops at the first unknown key of a map; people want to see all of them. */
function unknownKeys(document, schema, path) {
    const parent = path.slice(0, -1);
    const known = keysAt(schema, parent);
    const value = valueAt(document, parent);
    return Object.keys((value ?? {}))
        .filter((key) => !known.includes(key))
        .map((key) => {
        const nearest = nearestOf(key, known);
        return {
            file: document.file,
            ...document.positionOf([...parent, key], 'key'),
            path: parent,
            found: key,
            expected: `one of ${known.join(', ')}`,
            ...(nearest === undefined ? {} : { nearest }),
        };
    });
}
const names = {
    string: 'a text',
    Object: 'a map of keys',
    Array: 'a list',
    boolean: 'true or false',
    number: 'a number',
};
/** A schema's own message says what is expected; Valibot's standard ones are put in our words. */
function expectation(issue) {
    if (!issue.message.startsWith('Invalid '))
        return issue.message;
    const expected = issue.expected ?? 'something else';
    const options = expected.replaceAll(/[()"]/g, '').split(' | ');
    return options.map((option) => names[option] ?? option).join(' or ');
}
function show(value) {
    return typeof value === 'string'
        ? value
        : value === null
            ? 'nothing'
            : (JSON.stringify(value) ?? 'nothing');
}

;// CONCATENATED MODULE: ../../packages/config/src/index.ts





;// CONCATENATED MODULE: ./src/environment.ts

/** Checks a variable; a secret's value is never told. */
async function checkVariable(name, spec, value) {
    const shown = spec.secret === true ? 'a value' : (value ?? '').slice(0, 80);
    const finding = (met, found, wanted) => ({
        ...{ status: met ? 'pass' : 'fail', found, wanted },
        ...(met ? {} : { advice: `Set ${name} for the runner or the job.` }),
    });
    if (spec.set === false)
        return finding(value === undefined, value === undefined ? 'unset' : 'set', 'unset');
    if (value === undefined)
        return finding(false, 'unset', 'set');
    if (value === '')
        return finding(spec.equals === '', 'empty', spec.equals === '' ? 'empty' : 'set');
    if (spec.equals !== undefined && value !== spec.equals)
        return finding(false, shown, spec.secret === true ? 'another value' : spec.equals);
    if (spec.matches !== undefined && !new RegExp(spec.matches).test(value))
        return finding(false, shown, `/${spec.matches}/`);
    // A value that nothing was asked about is not told either: people forget `secret`.
    if (spec.is === undefined)
        return finding(true, spec.equals === undefined && spec.matches === undefined ? 'set' : shown, 'set');
    const entry = await (0,promises_.stat)(value).catch(() => undefined);
    const kind = entry?.isDirectory() ? 'directory' : entry?.isFile() ? 'file' : 'neither file nor directory';
    return finding(kind === spec.is, `${shown} (${kind})`, spec.is);
}

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
;// CONCATENATED MODULE: ./src/files-io.ts



/** Checks a file: what it is, then its size, and only then its content. `path` is absolute. */
async function checkFile(path, { sha256, size }, signal) {
    const wanted = [size === undefined ? '' : `${size} bytes`, sha256 === undefined ? '' : `sha256 ${sha256.slice(0, 12)}…`]
        .filter((part) => part !== '')
        .join(', ') || 'a file';
    const fail = (found, advice) => ({ status: 'fail', found, wanted, advice });
    try {
        const entry = await (0,promises_.stat)(path);
        if (entry.isDirectory())
            return fail('a directory', 'Name a file in it.');
        if (!entry.isFile())
            return fail('not a regular file', 'Name a regular file.');
        const isPointer = entry.size < 1024 && (await head(path)).startsWith('version https://git-lfs');
        if (isPointer)
            return fail('a Git LFS pointer, not the content', "Fetch it with 'git lfs pull'.");
        if (size !== undefined && entry.size !== size)
            return fail(`${entry.size} bytes`, 'Copy the file again.');
        if (sha256 === undefined)
            return { status: 'pass', found: `${entry.size} bytes`, wanted };
        const digest = await digestOf(path, signal);
        if (digest === sha256.toLowerCase())
            return { status: 'pass', found: `sha256 ${digest.slice(0, 12)}…`, wanted };
        return fail(`sha256 ${digest}`, 'The content differs; copy the file again.');
    }
    catch (error) {
        return unreadable(path, error, fail, wanted);
    }
}
async function unreadable(path, { code, message }, fail, wanted) {
    if (code === 'EACCES' || code === 'EPERM')
        return fail('not readable by this user', 'Give the runner’s user read access.');
    if (code !== 'ENOENT' && code !== 'ENOTDIR')
        return { status: 'error', found: message, wanted };
    const isLink = await (0,promises_.lstat)(path).then((entry) => entry.isSymbolicLink(), () => false);
    return isLink
        ? fail('a link to nothing', 'Restore what it links to.')
        : fail('missing', 'Put the file there.');
}
async function head(path) {
    const file = await (0,promises_.open)(path);
    try {
        const { buffer, bytesRead } = await file.read(Buffer.alloc(64), 0, 64, 0);
        return buffer.toString('latin1', 0, bytesRead);
    }
    finally {
        await file.close();
    }
}
/** Chunks of 1 MiB hash half as fast again as Node's default. */
async function digestOf(path, signal) {
    const hash = (0,external_node_crypto_.createHash)('sha256');
    for await (const chunk of (0,external_node_fs_.createReadStream)(path, { highWaterMark: 1024 * 1024, signal }))
        hash.update(chunk);
    return hash.digest('hex');
}

;// CONCATENATED MODULE: ../../packages/host/src/platform.ts


/** Why this platform has no such files; `undefined` on Linux. */
function platform_unsupported(kernel, what) {
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
    const reason = platform_unsupported(kernel, 'Processes');
    if (reason !== undefined)
        return { unknown: reason };
    try {
        const pids = (0,external_node_fs_.readdirSync)(kernelPath(kernel, '/proc')).filter((name) => /^\d+$/.test(name));
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
    const stat = parseStat(platform_readKernel(kernel, `/proc/${pid}/stat`) ?? '');
    if (stat === undefined)
        return undefined;
    const status = platform_readKernel(kernel, `/proc/${pid}/status`) ?? '';
    const command = platform_readKernel(kernel, `/proc/${pid}/cmdline`) ?? '';
    const environment = platform_readKernel(kernel, `/proc/${pid}/environ`);
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
    if (unsupported(kernel, 'Processes') !== undefined)
        return undefined;
    const stat = parseStat(readKernel(kernel, `/proc/${pid}/stat`) ?? '');
    return stat !== undefined && stat.startTime === startTime && stat.state !== 'Z';
}
/** Changes with each boot, so that a pid and start time of an earlier boot are not taken for a process of this one. */
function bootId(kernel = {}) {
    return readKernel(kernel, '/proc/sys/kernel/random/boot_id')?.trim() || undefined;
}

;// CONCATENATED MODULE: ../../packages/host/src/answer.ts
/** Tells an answer from a reason why there is none. */
function answer_isUnknown(answer) {
    return typeof answer === 'object' && answer !== null && 'unknown' in answer;
}

;// CONCATENATED MODULE: ./src/interruption-io.ts

/**
 * When the job is cancelled, ends the probes with this process: each leads a group of its own, which a signal to
 * this process does not reach. The answer stops that again.
 */
function endProbesOnSignal() {
    const signals = ['SIGINT', 'SIGTERM'];
    const release = () => signals.forEach((signal) => process.off(signal, end));
    const end = (signal) => {
        const all = listProcesses();
        const probes = answer_isUnknown(all) ? [] : all.filter(({ parent }) => parent === process.pid);
        for (const { pid } of probes)
            killGroup(pid);
        release();
        process.kill(process.pid, signal);
    };
    for (const signal of signals)
        process.on(signal, end);
    return release;
}
function killGroup(pid) {
    try {
        process.kill(-pid, 'SIGKILL');
    }
    catch {
        // Ended by itself meanwhile.
    }
}

;// CONCATENATED MODULE: ./src/paths.ts
/** Puts the values of `$NAME` and `${NAME}` into a path. @throws Error when one is not set, lest `/` is checked instead */
function expandPath(path, environment) {
    return path.replaceAll(/\$(?:\{(\w+)\}|(\w+))/g, (_, braced, bare) => {
        const name = braced ?? bare ?? '';
        const value = environment[name];
        if (value === undefined || value === '')
            throw new Error(`the path ${path} needs ${name}, which is not set`);
        return value;
    });
}

;// CONCATENATED MODULE: ./src/deb-version.ts
function parseDeb(text) {
    const [, epoch, rest = ''] = /^(?:(\d+):)?(.*)$/s.exec(text) ?? [];
    const dash = rest.lastIndexOf('-');
    return {
        epoch: epoch === undefined ? undefined : Number(epoch),
        upstream: dash === -1 ? rest : rest.slice(0, dash),
        revision: dash === -1 ? undefined : rest.slice(dash + 1),
    };
}
/** Orders two versions as `dpkg --compare-versions` does: -1, 0 or 1. */
function compareDeb(one, other) {
    const [a, b] = [parseDeb(one), parseDeb(other)];
    return (Math.sign((a.epoch ?? 0) - (b.epoch ?? 0)) ||
        comparePart(a.upstream, b.upstream) ||
        comparePart(a.revision ?? '', b.revision ?? ''));
}
/** `~` sorts before the end of the text, letters before all other characters. */
function weight(character) {
    if (character === undefined || /\d/.test(character))
        return 0;
    if (character === '~')
        return -1;
    return /[A-Za-z]/.test(character) ? character.charCodeAt(0) : character.charCodeAt(0) + 256;
}
function comparePart(one, other) {
    let [a, b] = [one, other];
    while (a !== '' || b !== '') {
        const [textA, textB] = [/^\D*/.exec(a)?.[0] ?? '', /^\D*/.exec(b)?.[0] ?? ''];
        for (let index = 0; index < Math.max(textA.length, textB.length); index += 1) {
            const difference = weight(textA[index]) - weight(textB[index]);
            if (difference !== 0)
                return Math.sign(difference);
        }
        [a, b] = [a.slice(textA.length), b.slice(textB.length)];
        const [digitsA, digitsB] = [/^\d*/.exec(a)?.[0] ?? '', /^\d*/.exec(b)?.[0] ?? ''];
        const [numberA, numberB] = [BigInt(digitsA || '0'), BigInt(digitsB || '0')];
        if (numberA !== numberB)
            return numberA < numberB ? -1 : 1;
        [a, b] = [a.slice(digitsA.length), b.slice(digitsB.length)];
    }
    return 0;
}
const constraint = /^(>=|<=|>|<|=)?\s*([0-9][0-9A-Za-z.+~:-]*)$/;
/** The parts of `>=1.2 <2`, or `undefined` when it cannot be read. */
function parseDebRange(text) {
    const tokens = text
        .replaceAll(/([<>=])\s+/g, '$1')
        .trim()
        .split(/\s+/)
        .map((token) => constraint.exec(token));
    if (tokens.some((token) => token === null))
        return undefined;
    return tokens.map((token) => ({ operator: token?.[1] ?? '', version: token?.[2] ?? '' }));
}
/** What the constraint does not name (epoch, revision) is not compared; a bare `3` takes 3 and 3.x. */
function satisfiesDeb(found, range) {
    return range.every(({ operator, version }) => {
        const [have, want] = [parseDeb(found), parseDeb(version)];
        const epoch = want.epoch === undefined ? '' : `${have.epoch ?? 0}:`;
        const base = `${epoch}${have.upstream}${want.revision === undefined ? '' : `-${have.revision ?? '0'}`}`;
        const order = compareDeb(base, version);
        if (operator === '')
            return order === 0 || base.startsWith(`${version}.`);
        if (operator === '=')
            return order === 0;
        if (operator === '>=')
            return order >= 0;
        if (operator === '<=')
            return order <= 0;
        return operator === '>' ? order > 0 : order < 0;
    });
}

;// CONCATENATED MODULE: ./src/packages.ts


/** One query for all of dpkg's database: it takes no longer than one for a single package. */
async function readPackages(deadline) {
    const format = '${Package}\\t${Version}\\t${db:Status-Abbrev}\\t${Provides}\\n';
    const argv = ['dpkg-query', '-W', `-f=${format}`];
    const { status, code, stdout, truncated } = await (0,src/* execute */.g7)(argv, {
        deadline,
        timeout: 20_000,
        limitBytes: 32 * 1024 ** 2,
    });
    if (status === 'not-started')
        return { unknown: 'dpkg-query is not on PATH' };
    if (status !== 'exited' || code !== 0 || truncated)
        return { unknown: `dpkg-query ended with ${code ?? status}` };
    return parsePackages(stdout);
}
/** A real package wins over one that only provides its name. */
function parsePackages(output) {
    const rows = output.split('\n').map((line) => line.split('\t'));
    const installed = rows.filter(([, , status = '']) => status.startsWith('ii') || status.startsWith('hi'));
    const real = installed.map(([name = '', version = '']) => [name, { name, version }]);
    const provided = installed.flatMap(([name = '', version = '', , provides = '']) => provides.split(',').flatMap((entry) => {
        const [, virtual, own] = /^\s*([^\s(]+)(?:\s*\(=\s*([^)]+)\))?/.exec(entry) ?? [];
        return virtual === undefined ? [] : [[virtual, { name, version: own ?? version }]];
    }));
    return new Map([...provided, ...real]);
}
function judgePackage(name, version, packages) {
    const wanted = version ?? 'installed';
    if ('unknown' in packages) {
        return {
            status: 'error',
            found: packages.unknown,
            wanted,
            advice: "'apt' packages can be checked on Debian and Ubuntu only.",
        };
    }
    const found = packages.get(name);
    if (found === undefined)
        return { status: 'fail', found: 'not installed', wanted, advice: `apt-get install ${name}` };
    const by = found.name === name ? '' : ` (by ${found.name})`;
    const met = version === undefined || satisfiesDeb(found.version, parseDebRange(version) ?? []);
    return {
        status: met ? 'pass' : 'fail',
        found: found.version + by,
        wanted,
        ...(met ? {} : { advice: `Upgrade ${found.name}.` }),
    };
}

;// CONCATENATED MODULE: ./src/requirement.ts
function settle(requirement, finding) {
    const lenient = finding.status === 'fail' && requirement.severity === 'warn';
    return { ...finding, requirement, status: lenient ? 'warn' : finding.status };
}

// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
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
    if (answer_isUnknown(mounts))
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
    const limit = Number(platform_readKernel(kernel, (0,external_node_path_.join)(folder, name))?.trim() || Number.NaN);
    return Number.isFinite(limit) && limit < noLimit ? limit : undefined;
}
function cpuLimit(kernel, { version }, folder) {
    const read = (name) => platform_readKernel(kernel, (0,external_node_path_.join)(folder, name))?.trim() ?? '';
    const [quota, period] = version === 2 ? read('cpu.max').split(' ') : [read('cpu.cfs_quota_us'), read('cpu.cfs_period_us')];
    const cpus = Number(quota || Number.NaN) / Number(period || Number.NaN);
    return Number.isFinite(cpus) && cpus > 0 ? cpus : undefined;
}

;// CONCATENATED MODULE: ../../packages/host/src/capacity.ts




/** What this process may really use: the smallest of the machine's, the affinity's and the cgroup's limits. */
function hostCapacity(kernel = {}, machine = readMachine()) {
    const cgroup = findCgroup(kernel);
    const limits = answer_isUnknown(cgroup) ? { memoryBytes: undefined, cpus: undefined } : readLimits(cgroup, kernel);
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

;// CONCATENATED MODULE: ../../packages/host/src/disks.ts



/** The disk that holds `path`, links followed. */
async function diskOf(path, kernel = {}) {
    try {
        const [real, system, entry] = await Promise.all([(0,promises_.realpath)(path), (0,promises_.statfs)(path), (0,promises_.stat)(path)]);
        const mounts = readMounts(kernel);
        return {
            path,
            mountPoint: answer_isUnknown(mounts) ? undefined : mountOf(real, mounts)?.mountPoint,
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

;// CONCATENATED MODULE: ./src/version.ts
/** A lone letter needs a number after it: `3.13.0a1` is early, `tmux 3.3a` and OpenSSL's `1.0.2b` are not. */
const early = /^[-._~]?(?:(?:rc|alpha|beta|preview|pre|dev|nightly|ea)(?=[-.\d]|$)|[abm]\d)/i;
/** Reads `v1.32.4-dispatcher`, `9.2p1`, `1.8.0_402`, `22.04`, four parts; a vendor's suffix is no pre-release. */
function parseVersion(raw) {
    const [, numbers, rest = ''] = /^[vV]?(\d+(?:\.\d+)*)(.*)$/s.exec(raw.trim()) ?? [];
    if (numbers === undefined)
        return undefined;
    return { raw, parts: numbers.split('.').map(Number), prerelease: early.test(rest) };
}
/** Compares part by part; a missing part is 0. */
function compareParts(one, other) {
    for (let index = 0; index < Math.max(one.length, other.length); index += 1) {
        const difference = (one[index] ?? 0) - (other[index] ?? 0);
        if (difference !== 0)
            return Math.sign(difference);
    }
    return 0;
}
const comparator = /(\^|~>?|>=|<=|>|<|==?)?\s*[vV]?(\d+(?:\.\d+)*)(?:\.[xX*])*/g;
/** Reads `20`, `20.x`, `^20`, `~1.2`, `>=20 <25`, `1.2 - 2`, `a || b`, `latest`; `undefined` when it is none of these. */
function parseRange(text) {
    if (/^\s*(latest|\*|x)\s*$/i.test(text))
        return [[]];
    const alternatives = text.split('||').map((alternative) => {
        const spread = alternative.replace(/^\s*(\S+)\s+-\s+(\S+)\s*$/, '>=$1 <=$2');
        const found = [...spread.matchAll(comparator)];
        const rest = spread.replaceAll(comparator, '').replaceAll(/[\s,]/g, '');
        return rest !== '' || found.length === 0
            ? undefined
            : found.map(([, operator = '=', numbers = '']) => ({
                operator,
                parts: numbers.split('.').map(Number),
            }));
    });
    return alternatives.every((alternative) => alternative !== undefined) ? alternatives : undefined;
}
/** Whether the version is in the range. A pre-release never is, unless `prerelease`; any version is `latest`. */
function satisfies({ parts, prerelease }, range, allowPrerelease = false) {
    const open = range.some((comparators) => comparators.length === 0);
    if (prerelease && !allowPrerelease && !open)
        return false;
    return range.some((comparators) => comparators.every((one) => holds(parts, one)));
}
function holds(found, { operator, parts }) {
    const order = compareParts(found, parts);
    const same = (count) => compareParts(found.slice(0, count), parts.slice(0, count)) === 0;
    if (operator === '>=')
        return order >= 0;
    if (operator === '<')
        return order < 0;
    if (operator === '>')
        return order > 0 && !same(parts.length);
    if (operator === '<=')
        return order < 0 || same(parts.length);
    if (operator.startsWith('~'))
        return order >= 0 && same(Math.min(2, parts.length));
    if (operator === '^') {
        const leading = parts.findIndex((part) => part > 0);
        return order >= 0 && same(leading === -1 ? parts.length : leading + 1);
    }
    return same(parts.length);
}

;// CONCATENATED MODULE: ./src/manifest.ts





const severity = valibot_dist/* optional */.lqM(valibot_dist/* picklist */.KIO(['warn', 'error']));
const range = valibot_dist/* pipe */.FsL(text_text, valibot_dist/* check */.z6Y((given) => parseRange(given) !== undefined, 'a range such as 20, ^20, >=20 <25 or latest'));
const debRange = valibot_dist/* pipe */.FsL(text_text, valibot_dist/* check */.z6Y((given) => parseDebRange(given) !== undefined, 'a range such as >=8.5 or 3'));
const count = valibot_dist/* pipe */.FsL(text_text, valibot_dist/* regex */.yGV(/^>=\s*\d+(\.\d+)?$|^\d+(\.\d+)?$/, 'a number, such as >=4'));
const size = valibot_dist/* pipe */.FsL(text_text, valibot_dist/* check */.z6Y(isSize, 'a size such as >=8GiB'));
const toolSchema = valibot_dist/* strictObject */.rej({
    version: valibot_dist/* optional */.lqM(range, 'latest'),
    severity,
    prerelease: valibot_dist/* optional */.lqM(valibot_dist/* boolean */.zMY()),
});
const fileSchema = valibot_dist/* strictObject */.rej({
    path: valibot_dist/* pipe */.FsL(valibot_dist/* string */.YjP(), valibot_dist/* nonEmpty */.hq('a path')),
    sha256: valibot_dist/* optional */.lqM(valibot_dist/* pipe */.FsL(text_text, valibot_dist/* regex */.yGV(/^[0-9a-fA-F]{64}$/, '64 hexadecimal digits; put them in quotes'))),
    size: valibot_dist/* optional */.lqM(valibot_dist/* pipe */.FsL(valibot_dist/* number */.aig(), valibot_dist/* integer */.ndf('a whole number of bytes'))),
    severity,
});
const environmentSchema = valibot_dist/* strictObject */.rej({
    set: valibot_dist/* optional */.lqM(valibot_dist/* boolean */.zMY()),
    secret: valibot_dist/* optional */.lqM(valibot_dist/* boolean */.zMY()),
    equals: valibot_dist/* optional */.lqM(text_text),
    matches: valibot_dist/* optional */.lqM(valibot_dist/* pipe */.FsL(text_text, valibot_dist/* check */.z6Y(isPattern, 'a regular expression'))),
    is: valibot_dist/* optional */.lqM(valibot_dist/* picklist */.KIO(['directory', 'file'])),
    severity,
});
const packageSchema = valibot_dist/* strictObject */.rej({
    apt: valibot_dist/* union */.KCZ([valibot_dist/* string */.YjP(), valibot_dist/* array */.YOg(valibot_dist/* string */.YjP())]),
    version: valibot_dist/* optional */.lqM(debRange),
    severity,
});
const systemSchema = valibot_dist/* strictObject */.rej({
    os: valibot_dist/* optional */.lqM(valibot_dist/* picklist */.KIO(['linux', 'macos', 'windows'])),
    arch: valibot_dist/* optional */.lqM(valibot_dist/* picklist */.KIO(['x64', 'arm64', 'arm', 'ia32'])),
    cpu: valibot_dist/* optional */.lqM(valibot_dist/* strictObject */.rej({ cores: count })),
    memory: valibot_dist/* optional */.lqM(size),
    disk: valibot_dist/* optional */.lqM(valibot_dist/* array */.YOg(valibot_dist/* strictObject */.rej({ path: valibot_dist/* string */.YjP(), free: size, severity }))),
});
/** Version 1 of the manifest. */
const manifestSchema = valibot_dist/* strictObject */.rej({
    version: valibot_dist/* literal */.euz(1, '1, the version of the format'),
    name: valibot_dist/* optional */.lqM(text_text),
    severity,
    system: valibot_dist/* optional */.lqM(systemSchema),
    tools: valibot_dist/* optional */.lqM(valibot_dist/* record */.g1P(valibot_dist/* string */.YjP(), valibot_dist/* union */.KCZ([range, toolSchema]))),
    packages: valibot_dist/* optional */.lqM(valibot_dist/* array */.YOg(packageSchema)),
    files: valibot_dist/* optional */.lqM(valibot_dist/* array */.YOg(fileSchema)),
    env: valibot_dist/* optional */.lqM(valibot_dist/* record */.g1P(valibot_dist/* string */.YjP(), environmentSchema)),
});
/** The requirements of a manifest, each with its place in the file. */
function requirementsOf(manifest, document) {
    const fallback = manifest.severity ?? 'error';
    const place = (path, name, own) => {
        const { line, column } = document.positionOf(path, 'key');
        return { name, severity: own ?? fallback, line, column };
    };
    const { system = {}, tools = {}, packages = [], files = [], env = {} } = manifest;
    const { cpu, disk = [], ...rest } = system;
    return [
        ...Object.entries({ ...rest, ...(cpu === undefined ? {} : { cores: cpu.cores }) }).map(([fact, wanted]) => ({
            ...place(fact === 'cores' ? ['system', 'cpu', 'cores'] : ['system', fact], fact),
            kind: 'system',
            fact: fact,
            wanted: String(wanted),
        })),
        ...disk.map(({ path, free, severity: own }, index) => ({
            ...place(['system', 'disk', index], `disk ${path}`, own),
            ...{ kind: 'disk', path, free },
        })),
        ...Object.entries(tools).map(([name, given]) => {
            const spec = typeof given === 'string' ? { version: given } : given;
            return {
                ...place(['tools', name], name, 'severity' in spec ? spec.severity : undefined),
                kind: 'tool',
                prerelease: 'prerelease' in spec && spec.prerelease === true,
                range: spec.version,
            };
        }),
        ...packages.flatMap(({ apt, version, severity: own }, index) => [apt]
            .flat()
            .map((name) => ({ ...place(['packages', index], name, own), kind: 'package', version }))),
        ...files.map((spec, index) => ({
            ...place(['files', index], spec.path, spec.severity),
            kind: 'file',
            spec,
        })),
        ...Object.entries(env).map(([name, spec]) => ({
            ...place(['env', name], name, spec.severity),
            kind: 'env',
            spec,
        })),
    ];
}
/** The amount of `>=8GiB`, in bytes. */
function sizeOf(given) {
    return (0,src/* parseBytes */.z_)(given.replace(/^>=\s*/, ''));
}
function isSize(given) {
    return passes(() => sizeOf(given));
}
function isPattern(given) {
    return passes(() => new RegExp(given));
}
function passes(attempt) {
    try {
        attempt();
        return true;
    }
    catch {
        return false;
    }
}

;// CONCATENATED MODULE: ./src/system.ts




const systems = { darwin: 'macos', win32: 'windows' };
function checkSystem(fact, wanted) {
    const { cores, memory } = hostCapacity();
    const compare = (met, found) => ({
        ...{ status: met ? 'pass' : 'fail', found, wanted },
        ...(met ? {} : { advice: 'Choose another runner.' }),
    });
    if (fact === 'cores')
        return compare(cores.value >= Number(wanted.replace(/^>=\s*/, '')), `${cores.value} (${cores.source})`);
    if (fact === 'memory')
        return compare(memory.value >= sizeOf(wanted), `${(0,src/* formatBytes */.z3)(memory.value)} (${memory.source})`);
    const found = fact === 'os' ? (systems[process.platform] ?? process.platform) : process.arch;
    return compare(found === wanted, found);
}
/** Free space for a process without privileges, on the file system that holds `path`. */
async function checkDisk(path, free, environment) {
    const real = expandPath(path, environment);
    const disk = await diskOf(real);
    if (answer_isUnknown(disk))
        return { status: 'error', found: disk.unknown, wanted: free };
    const met = disk.availableBytes >= sizeOf(free);
    const found = `${(0,src/* formatBytes */.z3)(disk.availableBytes)} free on ${disk.mountPoint ?? real}`;
    return {
        status: met ? 'pass' : 'fail',
        found,
        wanted: free,
        ...(met ? {} : { advice: 'Free some space.' }),
    };
}

;// CONCATENATED MODULE: ./src/probes.ts
/** The first thing that looks like a version and does not continue a word. */
const general = /(?<![\w.])[vV]?(\d+(?:\.\d+)+[\w.+~-]*)/;
const flag = (...list) => ({ arguments: list, pattern: general });
const probes = {
    node: flag('-v'),
    npm: flag('-v'),
    python3: flag('-V'),
    python: flag('-V'),
    go: { arguments: ['version'], pattern: /go(\d+(?:\.\d+)+\S*)/ },
    java: { arguments: ['-version'], pattern: /version "(?:1\.(?=8))?([^"]+)"/ },
    javac: { arguments: ['-version'], pattern: /javac (?:1\.(?=8))?(\S+)/ },
    kubectl: { arguments: ['version', '--client', '-o', 'json'], pattern: /"gitVersion":\s*"v?([^"]+)"/ },
    helm: flag('version', '--template', '{{.Version}}'),
    terraform: { arguments: ['version', '-json'], pattern: /"terraform_version":\s*"([^"]+)"/ },
    ssh: { arguments: ['-V'], pattern: /OpenSSH\w*_(\d+(?:\.\d+)+\w*)/ },
    gcc: flag('-dumpfullversion'),
    'g++': flag('-dumpfullversion'),
    unzip: { arguments: ['-v'], pattern: /UnZip (\d+(?:\.\d+)+)/ },
    zip: { arguments: ['-v'], pattern: /Zip (\d+(?:\.\d+)+)/ },
    openssl: flag('version'),
    jq: { arguments: ['--version'], pattern: /jq-(\d+(?:\.\d+)*\S*)/ },
    aws: { arguments: ['--version'], pattern: /aws-cli\/(\S+)/ },
    nvcc: { arguments: ['--version'], pattern: /release [\d.]+, V(\S+)/ },
    dotnet: { arguments: ['--list-sdks'], pattern: /(\d+\.\d+\.\d+\S*) \[[^\n]*\s*$/ },
    az: { arguments: ['version', '-o', 'json'], pattern: /"azure-cli":\s*"([^"]+)"/ },
    oc: { arguments: ['version', '--client'], pattern: /Client Version: v?(\S+)/ },
    kustomize: flag('version'),
    minikube: flag('version', '--short'),
    mvn: flag('-v'),
    mysql: {
        arguments: ['--version'],
        pattern: /(?:Distrib|Ver) (\d+(?:\.\d+)+[\w.+~-]*)(?!.*Distrib)/,
    },
    ffmpeg: { arguments: ['-version'], pattern: /ffmpeg version n?(\d\S*)/ },
    lsof: flag('-v'),
    lua: flag('-v'),
    tmux: flag('-V'),
    awk: flag('-W', 'version'),
    less: { arguments: ['--version'], pattern: /less (\d+(?:\.\d+)*)/ },
    '7z': { arguments: ['i'], pattern: /7-Zip[^\d]*(\d+\.\d+)/ },
};
/** The tool's own probe, or `--version`, which most of the others know. */
function probeOf(tool) {
    return Object.hasOwn(probes, tool) ? (probes[tool] ?? flag('--version')) : flag('--version');
}
/** The version in a tool's output, without colours; `undefined` when none is there. */
function readVersion(probe, output) {
    const plain = output.replaceAll(/\u001b\[[0-9;]*[A-Za-z]/g, '');
    return probe.pattern.exec(plain)?.[1];
}

;// CONCATENATED MODULE: ./src/tools.ts


function judgeTool(name, wanted, prerelease, facts) {
    const [path, ...shadowed] = facts.copies;
    if (path === undefined || facts.execution === undefined) {
        return {
            status: 'fail',
            found: 'not on PATH',
            wanted,
            advice: `Install ${name}, or add its folder to PATH.`,
        };
    }
    const shadows = shadowed.length === 0 ? {} : { notice: `${path} hides ${shadowed.join(', ')}.` };
    return { ...judgeOutput(name, wanted, prerelease, facts.execution), ...shadows };
}
function judgeOutput(name, wanted, prerelease, execution) {
    const range = parseRange(wanted) ?? [];
    const output = `${execution.stdout}\n${execution.stderr}`;
    const firstLine = output.trim().split('\n', 1)[0]?.slice(0, 120) ?? '';
    const broken = (found) => ({
        ...{ status: 'error', found, wanted },
        advice: `Run '${[name, ...probeOf(name).arguments].join(' ')}' on the runner to see why.`,
    });
    if (execution.status === 'timed-out')
        return broken('no answer in time');
    if (execution.status === 'not-started')
        return broken(`cannot be started (${execution.error?.code ?? 'unknown'})`);
    if (execution.status === 'signalled')
        return broken(`killed by ${execution.signal ?? 'a signal'}`);
    if (execution.code === 126 || execution.code === 127) {
        return {
            status: 'fail',
            found: `a shim without an active version (${firstLine})`,
            wanted,
            advice: 'Choose a version in its version manager.',
        };
    }
    const raw = readVersion(probeOf(name), output);
    const version = raw === undefined ? undefined : parseVersion(raw);
    if (range.some((comparators) => comparators.length === 0)) {
        return { status: 'pass', found: raw ?? 'present, version not read', wanted };
    }
    if (raw === undefined || version === undefined)
        return broken(`no version in its output (${firstLine})`);
    if (satisfies(version, range, prerelease))
        return { status: 'pass', found: raw, wanted };
    const reason = version.prerelease && !prerelease ? ' (a pre-release)' : '';
    return { status: 'fail', found: `${raw}${reason}`, wanted, advice: `Install a ${name} that is ${wanted}.` };
}

;// CONCATENATED MODULE: ./src/tools-io.ts





const probeTimeout = 10_000;
const outputLimit = 64 * 1024;
/** What keeps tools from colours, downloads and update checks. */
const quiet = {
    ...{ LC_ALL: 'C', TERM: 'dumb', NO_COLOR: '1', CI: '1' },
    ...{
        RUSTUP_AUTO_INSTALL: '0',
        GOTOOLCHAIN: 'local',
        COREPACK_ENABLE_NETWORK: '0',
        CHECKPOINT_DISABLE: '1',
    },
    ...{ DOTNET_NOLOGO: '1', DOTNET_CLI_TELEMETRY_OPTOUT: '1', HOMEBREW_NO_AUTO_UPDATE: '1' },
    AZURE_CORE_COLLECT_TELEMETRY: '0',
};
/** Version managers live in variables of their own, so tools get all but what they could leak or be changed by. */
const withheld = /^(INPUT_|ACTIONS_|GITHUB_|RUST_BACKTRACE$|NODE_OPTIONS$)|TOKEN|SECRET|PASSWORD|CREDENTIAL|_KEY$/i;
/** Asks a tool for its version, in an empty folder, so that no project file turns it into another version. */
async function openTools(job, deadline) {
    const cwd = await (0,promises_.mkdtemp)((0,external_node_path_.join)(job.temp, 'probe-'));
    const inherited = Object.entries(job.environment).filter(([name]) => !withheld.test(name));
    const env = { ...Object.fromEntries(inherited), ...quiet };
    const asked = new Map();
    const ask = async (name) => {
        const copies = await findOnPath(name, job.environment);
        const [path] = copies;
        if (path === undefined)
            return { copies, execution: undefined };
        const argv = [path, ...probeOf(name).arguments];
        const execution = await (0,src/* execute */.g7)(argv, {
            cwd,
            env,
            deadline,
            timeout: probeTimeout,
            limitBytes: outputLimit,
        });
        return { copies, execution };
    };
    return {
        ask: (name) => {
            const facts = asked.get(name) ?? ask(name);
            asked.set(name, facts);
            return facts;
        },
        close: () => (0,promises_.rm)(cwd, { recursive: true, force: true }),
    };
}
/** All executable files of that name on PATH, in its order. */
async function findOnPath(name, environment) {
    if (/[/\\]/.test(name))
        return [];
    const extensions = process.platform === 'win32' ? (environment['PATHEXT'] ?? '.EXE;.CMD').split(';') : [''];
    const listed = (environment['PATH'] ?? '').split(external_node_path_.delimiter).filter((folder) => folder !== '');
    // Where /bin links to /usr/bin, one copy is not two.
    const real = await Promise.all(listed.map((folder) => (0,promises_.realpath)(folder).catch(() => folder)));
    const folders = listed.filter((_, index) => real.indexOf(real[index] ?? '') === index);
    const candidates = folders.flatMap((folder) => extensions.map((extension) => (0,external_node_path_.join)(folder, name + extension)));
    const found = await Promise.all(candidates.map(isExecutable));
    return candidates.filter((_, index) => found[index]);
}
async function isExecutable(path) {
    try {
        await (0,promises_.access)(path, external_node_fs_.constants.X_OK);
        return (await (0,promises_.stat)(path)).isFile();
    }
    catch {
        return false;
    }
}

;// CONCATENATED MODULE: ./src/check.ts











/** Checks all requirements, `concurrency` at once; a check that breaks is an `error` and disturbs no other. */
async function checkAll(requirements, options) {
    const { job, deadline, concurrency } = options;
    const { ask: askTool, close } = await openTools(job, deadline);
    const release = endProbesOnSignal();
    let packages;
    const check = async (requirement) => {
        switch (requirement.kind) {
            case 'system':
                return checkSystem(requirement.fact, requirement.wanted);
            case 'disk':
                return checkDisk(requirement.path, requirement.free, job.environment);
            case 'tool':
                return judgeTool(requirement.name, requirement.range, requirement.prerelease, await askTool(requirement.name));
            case 'package':
                packages ??= readPackages(deadline);
                return judgePackage(requirement.name, requirement.version, await packages);
            case 'file':
                return checkFile((0,external_node_path_.resolve)(job.workspace, expandPath(requirement.name, job.environment)), requirement.spec, deadline.signal);
            case 'env':
                return checkVariable(requirement.name, requirement.spec, job.environment[requirement.name]);
        }
    };
    const results = [];
    const queue = requirements.entries();
    const work = async () => {
        for (const [index, requirement] of queue) {
            const finding = await check(requirement).catch((error) => ({
                status: 'error',
                found: (0,src/* messageOf */.bD)(error),
                wanted: 'an answer',
            }));
            results[index] = settle(requirement, finding);
        }
    };
    try {
        await Promise.all(Array.from({ length: concurrency }, work));
    }
    finally {
        release();
        await close();
    }
    return results;
}

;// CONCATENATED MODULE: ./src/inputs.ts


const defaultManifest = '.github/runner-requirements.yml';
function readInputs(inputs) {
    const auto = Math.max(4, 2 * (0,external_node_os_.availableParallelism)());
    const concurrency = inputs.text('concurrency') ?? 'auto';
    return Object.freeze({
        manifest: inputs.text('manifest') ?? defaultManifest,
        onFailure: inputs.choice('on-failure', ['fail', 'warn', 'fallback']) ?? 'fail',
        fallback: readFallback(inputs.text('fallback') ?? 'ubuntu-latest'),
        concurrency: concurrency === 'auto' ? auto : (inputs.integer('concurrency', { min: 1, max: 256 }) ?? auto),
        timeout: inputs.duration('timeout') ?? 60_000,
    });
}
function readFallback(text) {
    if (!/^[[{"]/.test(text))
        return JSON.stringify(text);
    try {
        return JSON.stringify(JSON.parse(text));
    }
    catch {
        throw new src/* UserError */.yo(`Input 'fallback' is ${(0,src/* quote */.hD)(text)}: expected a label, or JSON for 'runs-on'.`);
    }
}

;// CONCATENATED MODULE: ./src/manifest-io.ts





const example = 'version: 1\ntools:\n  node: ">=20"';
/** Reads the manifest: from a file of the workspace, or from the input itself. @throws UserError when there is no such file */
async function readManifest(manifest, workspace) {
    if (manifest.includes('\n'))
        return readDocument(manifest, 'manifest');
    const path = (0,external_node_path_.resolve)(workspace, manifest);
    try {
        if ((await (0,promises_.stat)(path)).size > documentLimit)
            throw new src/* UserError */.yo(`The manifest ${manifest} is larger than 1 MiB.`);
        return readDocument(await (0,promises_.readFile)(path, 'utf8'), manifest);
    }
    catch (error) {
        if (error instanceof src/* UserError */.yo)
            throw error;
        const how = manifest === defaultManifest
            ? `Create it, for example with:\n${example}`
            : "Check input 'manifest', and that the repository is checked out before.";
        throw new src/* UserError */.yo(`The manifest ${manifest} cannot be read (${error.code ?? 'unknown'}). ${how}`);
    }
}

;// CONCATENATED MODULE: ./src/report.ts

function tally(results) {
    const counts = { pass: 0, warn: 0, fail: 0, error: 0, skip: 0 };
    for (const { status } of results)
        counts[status] += 1;
    const status = counts.fail > 0 ? 'fail' : counts.error > 0 ? 'error' : counts.warn > 0 ? 'warn' : 'pass';
    const unmet = results.filter((result) => result.status === 'fail' || result.status === 'warn');
    return { status, counts, missing: unmet.map(({ requirement }) => requirement.name) };
}
/** One requirement's result in a sentence: what was found, what is wanted, what to do. */
function sentence({ requirement, found, wanted, advice }) {
    return `${requirement.kind} ${requirement.name}: found ${found}; wanted ${wanted}.${advice === undefined ? '' : ` ${advice}`}`;
}
const rank = { fail: 0, error: 1, warn: 2, skip: 3, pass: 4 };
function renderSummary(name, results, { counts }) {
    const sorted = [...results].sort((one, other) => rank[one.status] - rank[other.status]);
    const rows = sorted.map(({ requirement, status, found, wanted, notice }) => [
        status,
        `${requirement.kind} ${(0,src/* codeSpan */.SS)(requirement.name)}`,
        found + (notice === undefined ? '' : `. ${notice}`),
        wanted,
    ]);
    const figures = Object.entries(counts).filter(([, count]) => count > 0);
    const head = figures.map(([status, count]) => `${count} ${status}`).join(', ') || 'nothing required';
    return `### Runner requirements: ${(0,src/* escapeMarkdown */.FV)(name)}\n\n${head}\n\n${(0,src/* table */.tp)(['Status', 'Requirement', 'Found', 'Wanted'], rows)}\n`;
}
/** The result as the report has it: what a secret must equal is left out. */
function withoutSecret(result) {
    const { requirement } = result;
    if (requirement.kind !== 'env' || requirement.spec.secret !== true)
        return result;
    const spec = { ...requirement.spec, equals: undefined };
    return { ...result, requirement: { ...requirement, spec } };
}

;// CONCATENATED MODULE: ./src/main.ts









async function phase(step) {
    const inputs = readInputs(step.inputs);
    const document = await readManifest(inputs.manifest, step.job.workspace);
    const manifest = accept(step, document);
    const requirements = requirementsOf(manifest, document);
    if (requirements.length === 0)
        step.annotate('warning', 'The manifest asserts nothing.', { file: document.file });
    const deadline = step.deadline.limit(inputs.timeout);
    const results = await checkAll(requirements, { job: step.job, deadline, concurrency: inputs.concurrency });
    const counted = tally(results);
    answer(step, inputs, counted);
    annotate(step, inputs, document.file, results);
    step.summary.add(renderSummary(manifest.name ?? document.file, results, counted));
    await writeReport(step, counted, results);
    const bad = counted.counts.fail + counted.counts.error;
    if (bad > 0 && inputs.onFailure === 'fail')
        throw new src/* UserError */.yo(`${bad} of ${results.length} requirements are not met.`);
}
/** Our own failure: nothing is known, so the work goes to the fallback and the job is not stopped. */
function safeAnswer(step) {
    const counts = { pass: 0, warn: 0, fail: 0, error: 1, skip: 0 };
    answer(step, readInputs(step.inputs), { status: 'error', counts, missing: [] });
}
function accept(step, document) {
    const validation = validate(document, manifestSchema);
    if (validation.ok)
        return validation.value;
    const [first, ...rest] = validation.problems;
    for (const problem of rest) {
        const { file, line, column } = problem;
        step.annotate('error', describeProblem(problem), { file, line, column });
    }
    if (first === undefined)
        throw new src/* UserError */.yo('The manifest cannot be used.', { file: document.file });
    const { file, line, column } = first;
    throw new src/* UserError */.yo(describeProblem(first), { file, line, column });
}
function answer(step, inputs, { status, counts, missing }) {
    const ok = status === 'pass' || status === 'warn';
    const isHosted = step.job.runner.environment === 'github-hosted';
    const outputs = {
        ...{ ok, status, passed: counts.pass, warned: counts.warn, failed: counts.fail, errored: counts.error },
        ...{ skipped: counts.skip, missing: JSON.stringify(missing), fallback: !ok },
        'runs-on': ok && !isHosted ? '"self-hosted"' : inputs.fallback,
    };
    for (const [name, value] of Object.entries(outputs))
        step.outputs.set(name, value);
}
function annotate(step, { onFailure }, file, results) {
    for (const result of results) {
        const { line, column } = result.requirement;
        const level = result.status === 'warn' || onFailure !== 'fail' ? 'warning' : 'error';
        if (result.status === 'pass')
            step.log.info(sentence(result));
        else if (result.status !== 'skip')
            step.annotate(level, sentence(result), { file, line, column });
    }
}
async function writeReport(step, counted, results) {
    const folder = (0,external_node_path_.join)(step.job.temp, 'runner-actions');
    await (0,promises_.mkdir)(folder, { recursive: true });
    const path = (0,external_node_path_.join)(folder, `validate-preinstalled-${process.pid}.json`);
    await (0,src/* writeFileAtomic */.Zf)(path, `${JSON.stringify({ version: 1, ...counted, results: results.map(withoutSecret) }, undefined, 2)}\n`);
    step.outputs.set('report', path);
}


/***/ })

};
