/** The only module that imports the toolkit. */
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
