export const id = 482;
export const ids = [482];
export const modules = {

/***/ 3482:
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
// EXTERNAL MODULE: ../../packages/core/src/index.ts + 18 modules
var src = __webpack_require__(5625);
// EXTERNAL MODULE: ./src/inputs.ts
var src_inputs = __webpack_require__(1601);
// EXTERNAL MODULE: ./src/plan.ts + 1 modules
var src_plan = __webpack_require__(1577);
// EXTERNAL MODULE: ./src/report.ts
var src_report = __webpack_require__(8890);
// EXTERNAL MODULE: ../../packages/store/src/index.ts + 10 modules
var store_src = __webpack_require__(7732);
// EXTERNAL MODULE: ./src/github-cache.ts
var github_cache = __webpack_require__(2332);
// EXTERNAL MODULE: ./src/targets.ts
var src_targets = __webpack_require__(7136);
;// CONCATENATED MODULE: ./src/restore.ts





const nothing = { source: 'none', matchedKey: undefined, bytes: 0, files: 0 };
/**
 * The key itself at any level before a prefix at a nearer one. A prefix in the local store waits until GitHub has
 * answered, so that files of two entries never mix. What goes wrong on the way is a warning and a miss.
 */
async function restore(step, plan) {
    const { inputs } = plan;
    // A path that is wrong is the user's error, whatever is found.
    (0,src_targets/* resolveTargets */.h5)(inputs.paths, (0,src_plan/* surroundings */.i)(plan, step.job));
    const exact = await orMiss(step, localStore, () => restoreLocal(step, plan, true));
    if (exact?.matchedKey !== undefined)
        return exact;
    if (inputs.remote !== 'off') {
        const remote = await orMiss(step, 'GitHub’s cache', () => restoreRemote(plan));
        if (remote?.matchedKey !== undefined)
            return remote;
    }
    if (exact === undefined)
        return nothing;
    return (await orMiss(step, localStore, () => restoreLocal(step, plan, false))) ?? nothing;
}
const localStore = 'The local store';
/** @returns `undefined` when it could not be used, which the user was told */
async function orMiss(step, what, look) {
    try {
        return await look();
    }
    catch (error) {
        step.annotate('warning', `${what} could not be used, which counts as a miss: ${(0,src/* messageOf */.bD)(error)}.`);
        return undefined;
    }
}
function findLocal({ root, inputs, read }) {
    if (root === undefined)
        return undefined;
    const store = (0,store_src/* openStore */.Ch)(root);
    const entry = (0,store_src/* findEntry */.w4)(store, read, inputs.key, inputs.restoreKeys);
    return entry === undefined ? undefined : { store, entry };
}
function restoreLocal(step, plan, onlyExact) {
    const local = findLocal(plan);
    if (local === undefined)
        return nothing;
    const { store, entry } = local;
    if (onlyExact && entry.metadata.key !== plan.inputs.key)
        return nothing;
    if (plan.inputs.lookupOnly)
        return describe(entry);
    const places = entry.metadata.trees.map(({ place }) => place);
    const targets = (0,src_targets/* placesToPaths */.SQ)(places, plan.inputs.paths, (0,src_plan/* surroundings */.i)(plan, step.job));
    const out = targets.find((target) => (0,src_targets/* leadsOut */.qm)(target, step.job.workspace));
    if (out !== undefined)
        throw new Error(`${out} lies behind a link that leads out of the workspace`);
    const paths = targets.map((target) => Buffer.from(target));
    if ((0,store_src/* restoreEntry */.fe)(store, entry, paths) === 'restored')
        return describe(entry);
    step.annotate('warning', `The entry ${entry.metadata.key} was not whole. It is out of the way now, and counts as a miss.`);
    return nothing;
}
function describe({ metadata }) {
    const sum = (field) => metadata.trees.reduce((total, tree) => total + tree[field], 0);
    return { source: 'local', matchedKey: metadata.key, bytes: sum('bytes'), files: sum('files') };
}
/** With a prefix in the local store already, only the key itself is worth the way: that is asked before it is fetched. */
async function restoreRemote(plan) {
    const { inputs } = plan;
    const hasPrefix = hasLocal(plan);
    const cache = await (0,github_cache/* openGitHubCache */.S)();
    const ask = (restoreKeys, lookupOnly) => cache?.restore(inputs.paths, inputs.key, restoreKeys, { lookupOnly, crossOs: inputs.crossOs });
    if (hasPrefix && (await ask([], true)) !== inputs.key)
        return nothing;
    const matchedKey = await ask(hasPrefix ? [] : inputs.restoreKeys, inputs.lookupOnly);
    return matchedKey === undefined ? nothing : { source: 'github', matchedKey, bytes: 0, files: 0 };
}
/** A store that cannot be used was warned of already. */
function hasLocal(plan) {
    try {
        return findLocal(plan) !== undefined;
    }
    catch {
        return false;
    }
}

;// CONCATENATED MODULE: ./src/main.ts







async function phase(step) {
    const inputs = (0,src_inputs/* readInputs */.K)(step.inputs);
    const plan = (0,src_plan/* planCache */._)(inputs, step.job);
    const started = performance.now();
    const found = await restore(step, plan);
    const milliseconds = Math.round(performance.now() - started);
    setOutputs(step, plan, found, milliseconds);
    step.state.save({ plan, found });
    const line = (0,src_report/* restoreLine */.JD)(found, inputs.key, milliseconds, inputs.lookupOnly);
    step.log.info(line);
    step.summary.add(`### ${line}\n`);
    await (0,promises_.mkdir)((0,external_node_path_.dirname)(plan.report), { recursive: true });
    await (0,src/* writeFileAtomic */.Zf)(plan.report, `${JSON.stringify({ version: 1, ...plan, found, milliseconds }, undefined, 2)}\n`);
    if (found.matchedKey === undefined && inputs.failOnMiss) {
        throw new src/* UserError */.yo(`Nothing was found for the key '${inputs.key}', and 'fail-on-cache-miss' is set.`);
    }
}
/** A miss: the job makes what it needs. */
function safeAnswer(step) {
    step.outputs.set('cache-hit', '');
    step.outputs.set('cache-source', 'none');
}
function setOutputs(step, { inputs, report }, found, milliseconds) {
    step.outputs.set('cache-hit', (0,src_report/* cacheHit */.Is)(found, inputs.key));
    step.outputs.set('cache-primary-key', inputs.key);
    step.outputs.set('cache-matched-key', found.matchedKey ?? '');
    step.outputs.set('cache-source', found.source);
    step.outputs.set('restore-milliseconds', milliseconds);
    step.outputs.set('size-bytes', found.bytes);
    step.outputs.set('files', found.files);
    step.outputs.set('report', report);
}


/***/ })

};
