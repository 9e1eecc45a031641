import { cpSync, existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';

const { GITHUB_WORKSPACE = '', TRY_ARTIFACTS = '', INPUT_NAME = '', INPUT_PATH = '' } = process.env;
const source = INPUT_NAME === '' ? TRY_ARTIFACTS : join(TRY_ARTIFACTS, basename(INPUT_NAME));

if (existsSync(source)) cpSync(source, resolve(GITHUB_WORKSPACE, INPUT_PATH), { recursive: true });
else {
  console.log(`::error::No job of this run has uploaded an artifact ${INPUT_NAME}.`);
  process.exitCode = 1;
}
