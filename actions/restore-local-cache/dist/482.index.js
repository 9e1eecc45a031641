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
;// CONCATENATED MODULE: ./src/restore.ts




const nothing = { source: 'none', matchedKey: undefined, bytes: 0, files: 0 };
/** The local store first, then GitHub. What goes wrong on the way is a warning and a miss. */
async function restore(step, plan) {
    const targets = (0,src_plan/* targetsOf */.Q)(plan, step.job);
    const local = plan.root === undefined
        ? nothing
        : await orMiss(step, 'The local store', () => restoreLocal(step, plan, targets));
    if (local.matchedKey === plan.inputs.key || plan.inputs.remote === 'off')
        return local;
    const remote = await orMiss(step, 'GitHub’s cache', () => restoreRemote(plan, local));
    return remote.matchedKey === undefined ? local : remote;
}
async function orMiss(step, what, look) {
    try {
        return await look();
    }
    catch (error) {
        step.annotate('warning', `${what} could not be used, which counts as a miss: ${(0,src/* messageOf */.bD)(error)}.`);
        return nothing;
    }
}
function restoreLocal(step, plan, targets) {
    const { root, inputs, read } = plan;
    const store = (0,store_src/* openStore */.Ch)(root ?? '');
    const entry = (0,store_src/* findEntry */.w4)(store, read, inputs.key, inputs.restoreKeys);
    if (entry === undefined)
        return nothing;
    if (inputs.lookupOnly)
        return describe(entry);
    if ((0,store_src/* restoreEntry */.fe)(store, entry, targets.map((target) => Buffer.from(target))) === 'restored')
        return describe(entry);
    step.annotate('warning', `The entry ${entry.metadata.key} was not whole. It is out of the way now, and counts as a miss.`);
    return nothing;
}
function describe({ metadata }) {
    const sum = (field) => metadata.trees.reduce((total, tree) => total + tree[field], 0);
    return { source: 'local', matchedKey: metadata.key, bytes: sum('bytes'), files: sum('files') };
}
/** With a prefix in the local store already, only the key itself is worth the way. */
async function restoreRemote({ inputs }, local) {
    const cache = await (0,github_cache/* openGitHubCache */.S)();
    const restoreKeys = local.matchedKey === undefined ? inputs.restoreKeys : [];
    const { lookupOnly, crossOs } = inputs;
    const matchedKey = await cache?.restore(inputs.paths, inputs.key, restoreKeys, { lookupOnly, crossOs });
    const isBetter = matchedKey !== undefined && (local.matchedKey === undefined || matchedKey === inputs.key);
    return isBetter ? { source: 'github', matchedKey, bytes: 0, files: 0 } : nothing;
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
