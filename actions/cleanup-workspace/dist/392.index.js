export const id = 392;
export const ids = [392];
export const modules = {

/***/ 5392:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  phase: () => (/* binding */ phase),
  safeAnswer: () => (/* binding */ safeAnswer)
});

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(4379);
// EXTERNAL MODULE: ../../packages/core/src/index.ts + 39 modules
var src = __webpack_require__(2899);
// EXTERNAL MODULE: ./src/clean.ts + 10 modules
var clean = __webpack_require__(6542);
;// CONCATENATED MODULE: ./src/inputs.ts

function readInputs(inputs) {
    return Object.freeze({
        when: inputs.choice('when', ['post', 'now']) ?? 'post',
        dryRun: inputs.boolean('dry-run') ?? false,
        keep: readKeep(inputs.lines('keep')),
        workspace: inputs.boolean('workspace') ?? true,
        budget: inputs.duration('budget') ?? 60_000,
        strict: inputs.boolean('strict') ?? false,
    });
}
function readKeep(lines) {
    const globs = lines.length > 1 ? [...lines] : (0,src/* parseList */.E1)(lines[0] ?? '');
    const wrong = globs.find((glob) => /^!?\//.test(glob) || glob.split('/').includes('..'));
    if (wrong === undefined)
        return globs;
    throw new src/* UserError */.yo(`Input 'keep' has '${wrong}': expected globs relative to the workspace, without '..'.`);
}

// EXTERNAL MODULE: ./src/workspace.ts
var src_workspace = __webpack_require__(2839);
;// CONCATENATED MODULE: ./src/main.ts






async function phase(step) {
    const inputs = readInputs(step.inputs);
    if (step.job.runner.environment === 'github-hosted') {
        step.log.info('This is a hosted runner, which is thrown away after the job: there is nothing to clean.');
        return;
    }
    const { workspace } = (0,src_workspace/* findWorkspace */.p)(step.job);
    const report = (0,external_node_path_.join)(step.job.temp, 'runner-actions', `cleanup-workspace-${process.pid}.json`);
    step.outputs.set('report', report);
    if (inputs.when === 'now')
        return cleanNow(step, { inputs, report });
    if ((0,external_node_fs_.existsSync)((0,external_node_path_.join)(workspace, '.git'))) {
        step.annotate('warning', 'There is a checkout already. List cleanup-workspace first: posts run last in, first out, and it should run last.');
    }
    step.state.save({ inputs, report });
}
async function cleanNow(step, saved) {
    const { outcome, skipped } = await (0,clean/* clean */.u)(step, saved);
    step.outputs.set('freed-bytes', outcome?.freedBytes ?? 0);
    step.outputs.set('removed', outcome?.removed ?? 0);
    step.outputs.set('skipped', skipped);
    step.outputs.set('residue', JSON.stringify(outcome?.residue ?? []));
}
/** Nothing more is removed. */
function safeAnswer(step, fault) {
    if (readInputs(step.inputs).strict)
        throw new src/* UserError */.yo(`The clean-up failed: ${(0,src/* messageOf */.bD)(fault)}`);
}


/***/ })

};
