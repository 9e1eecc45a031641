/** The one place that imports the toolkit: what leaves through the runner leaves here. */
export {
  error,
  getInput,
  getState,
  notice,
  saveState,
  setFailed,
  setOutput,
  setSecret,
  warning,
} from '@actions/core';
