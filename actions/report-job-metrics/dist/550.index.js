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
/* harmony import */ var _close_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(9395);

/** Closes the series that main opened; where main opened none there is nothing to do. */
async function phase(step) {
    const saved = step.state.load();
    if (saved !== undefined)
        await (0,_close_js__WEBPACK_IMPORTED_MODULE_0__/* .closeAndReport */ .Sz)(step, saved, saved.directory);
}
function safeAnswer(step, fault) {
    (0,_close_js__WEBPACK_IMPORTED_MODULE_0__/* .failWhenStrict */ .us)(step.state.load()?.strict ?? false, fault);
}


/***/ })

};
