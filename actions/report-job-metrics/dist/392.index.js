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

// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(4379);
// EXTERNAL MODULE: ../../packages/core/src/index.ts + 38 modules
var src = __webpack_require__(9394);
// EXTERNAL MODULE: ./src/close.ts + 2 modules
var src_close = __webpack_require__(9395);
// EXTERNAL MODULE: ./src/figures.ts + 1 modules
var src_figures = __webpack_require__(1209);
;// CONCATENATED MODULE: ./src/inputs.ts

const moments = ['post', 'now'];
const chartModes = ['auto', 'mermaid', 'text', 'none'];
/** Beyond these bounds samples cost more than they tell, or a job has too few. Milliseconds. */
const shortest = 500;
const longest = 10 * 60_000;
/** Each chart is a frame of its own on the run's page; with very many the page cannot be used. */
const jobsWithCharts = 20;
function readInputs(inputs) {
    return Object.freeze({
        when: inputs.choice('when', moments) ?? 'post',
        interval: readInterval(inputs),
        charts: readCharts(inputs),
        strict: readStrict(inputs),
    });
}
/** Read apart, since the safe answer wants it where other inputs may be what is wrong. */
function readStrict(inputs) {
    return inputs.boolean('strict') ?? false;
}
function readInterval(inputs) {
    const interval = inputs.duration('interval') ?? 2_000;
    if (interval >= shortest && interval <= longest)
        return interval;
    throw new src/* UserError */.yo(`Input 'interval' is '${inputs.text('interval') ?? ''}': expected 500ms to 10m.`);
}
function readCharts(inputs) {
    const asked = inputs.choice('charts', chartModes) ?? 'auto';
    if (asked !== 'auto')
        return asked;
    return (inputs.integer('matrix-jobs', { min: 0 }) ?? 1) > jobsWithCharts ? 'text' : 'mermaid';
}

// EXTERNAL MODULE: ./src/series-io.ts + 13 modules
var series_io = __webpack_require__(6403);
// EXTERNAL MODULE: ./src/series-files.ts
var series_files = __webpack_require__(7823);
;// CONCATENATED MODULE: ./src/main.ts







async function phase(step) {
    const inputs = readInputs(step.inputs);
    const directory = (0,src_close/* directoryOf */.jt)(step);
    step.outputs.set('report', (0,series_files/* seriesFiles */.J$)(directory).report);
    if (inputs.when === 'now')
        await closeNow(step, inputs, directory);
    else
        await main_open(step, inputs, directory);
}
function safeAnswer(step, fault) {
    (0,src_close/* failWhenStrict */.us)(readStrict(step.inputs), fault);
}
async function closeNow(step, inputs, directory) {
    const figures = await (0,src_close/* closeAndReport */.Sz)(step, inputs, directory);
    for (const [name, value] of Object.entries(figures ? (0,src_figures/* outputsOf */.Y)(figures) : {}))
        step.outputs.set(name, value);
}
async function main_open(step, inputs, directory) {
    const { interval, charts, strict } = inputs;
    // The bundle's own folder: the stub that the runner starts lies beside the sampler's.
    const script = (0,external_node_path_.join)((0,external_node_path_.dirname)(process.argv[1] ?? ''), 'sampler', 'index.js');
    try {
        const { environment } = step.job;
        const opened = await (0,series_io/* openSeries */.M)({ directory, interval, paths: (0,src_close/* watchedPaths */.hR)(step), script, environment });
        if (opened)
            step.state.save({ directory, charts, strict });
        step.log.info(opened ? `Sampling every ${interval / 1000} s.` : 'An earlier step of this job samples already.');
    }
    catch (error) {
        (0,src_close/* notMeasured */.q7)(step, strict, `Sampling could not start: ${(0,src/* messageOf */.bD)(error)}.`);
    }
}


/***/ })

};
