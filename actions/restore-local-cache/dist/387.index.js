export const id = 387;
export const ids = [387];
export const modules = {

/***/ 3387:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  phase: () => (/* binding */ phase)
});

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: ../../packages/core/src/index.ts + 18 modules
var src = __webpack_require__(5625);
// EXTERNAL MODULE: ./src/inputs.ts
var inputs = __webpack_require__(1601);
// EXTERNAL MODULE: ./src/report.ts
var src_report = __webpack_require__(8890);
// EXTERNAL MODULE: ../../packages/store/src/index.ts + 10 modules
var store_src = __webpack_require__(7732);
// EXTERNAL MODULE: ./src/github-cache.ts
var github_cache = __webpack_require__(2332);
// EXTERNAL MODULE: ./src/plan.ts + 1 modules
var src_plan = __webpack_require__(1577);
// EXTERNAL MODULE: ./src/targets.ts
var src_targets = __webpack_require__(7136);
;// CONCATENATED MODULE: ./src/save.ts





/** Saves on each level that has not got the key yet. Nothing that goes wrong here fails a job. */
async function save(step, plan, found, jobStatus) {
    const reason = whyNot(plan, found, jobStatus);
    if (reason !== undefined)
        return { local: 'off', github: 'off', why: reason };
    const targets = (0,src_targets/* resolveTargets */.h5)(plan.inputs.paths, (0,src_plan/* surroundings */.i)(plan, step.job));
    const { there, links } = (0,src_targets/* existing */.gT)(targets, step.job.workspace);
    for (const link of links)
        step.annotate('warning', `${link} is a link or lies behind one, so it is not saved.`);
    if (there.length === 0 || links.length > 0)
        return { local: 'off', github: 'off', why: 'the paths are not there' };
    const hasRemote = found.source === 'github' && found.matchedKey === plan.inputs.key;
    return {
        local: await attempt(step, 'the local store', plan.root !== undefined, () => saveLocal(plan, there)),
        github: await attempt(step, 'GitHub’s cache', plan.inputs.remote !== 'off' && !hasRemote, () => saveRemote(plan)),
        why: 'the key was not found',
    };
}
/** Why nothing is to be saved; `undefined`: it is. */
function whyNot({ inputs, write }, found, jobStatus) {
    const isExact = found.matchedKey === inputs.key;
    if (inputs.lookupOnly)
        return 'lookup-only';
    if (isExact && found.source === 'local')
        return 'the key was found';
    if (write === undefined)
        return 'this event may only read caches';
    if (inputs.save === 'never')
        return 'save is never';
    if (inputs.save === 'on-success' && jobStatus !== 'success')
        return `the job ended with '${jobStatus}'`;
    return undefined;
}
async function attempt(step, what, wanted, act) {
    if (!wanted)
        return 'off';
    try {
        return await act();
    }
    catch (error) {
        step.annotate('warning', `Nothing was saved to ${what}: ${(0,src/* messageOf */.bD)(error)}.`);
        return 'failed';
    }
}
function saveLocal({ root, write, inputs }, targets) {
    if (root === undefined || write === undefined)
        return 'off';
    return (0,store_src/* saveEntry */.wn)((0,store_src/* openStore */.Ch)(root), write, inputs.key, targets.map(({ path, place }) => ({ path: Buffer.from(path), place })));
}
async function saveRemote({ inputs }) {
    const cache = await (0,github_cache/* openGitHubCache */.S)();
    if (cache === undefined)
        return 'off';
    return (await cache.save(inputs.paths, inputs.key, inputs.crossOs)) ? 'saved' : 'failed';
}

;// CONCATENATED MODULE: ./src/post.ts





async function phase(step) {
    const left = step.state.load();
    if (left === undefined)
        return step.log.debug('Main left nothing to do.');
    const { plan, found } = left;
    const started = performance.now();
    const saved = await save(step, plan, found, (0,inputs/* readJobStatus */.I)(step.inputs));
    const line = (0,src_report/* saveLine */.Gj)(saved, plan.inputs.key, performance.now() - started);
    step.log.info(line);
    if (saved.local === 'saved' || saved.github === 'saved')
        step.summary.add(`${line}\n`);
    const report = JSON.parse(await (0,promises_.readFile)(plan.report, 'utf8'));
    await (0,src/* writeFileAtomic */.Zf)(plan.report, `${JSON.stringify({ ...report, saved }, undefined, 2)}\n`);
}


/***/ })

};
