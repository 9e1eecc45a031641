export const id = 550;
export const ids = [550];
export const modules = {

/***/ 4550:
/***/ ((__unused_webpack_module, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   phase: () => (/* binding */ phase),
/* harmony export */   safeAnswer: () => (/* binding */ safeAnswer)
/* harmony export */ });
/* harmony import */ var _runner_actions_core__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(2899);
/* harmony import */ var _clean_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(6542);


async function phase(step) {
    const saved = step.state.load();
    if (saved === undefined)
        return step.log.debug('Main left nothing to do.');
    await (0,_clean_js__WEBPACK_IMPORTED_MODULE_1__/* .clean */ .u)(step, saved);
}
/** Nothing more is removed. */
function safeAnswer(step, fault) {
    const strict = step.state.load()?.inputs.strict ?? false;
    if (strict)
        throw new _runner_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .UserError */ .yo(`The clean-up failed: ${(0,_runner_actions_core__WEBPACK_IMPORTED_MODULE_0__/* .messageOf */ .bD)(fault)}`, { strict });
}


/***/ })

};
