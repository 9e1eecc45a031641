import { cpSync } from 'node:fs';
import { join } from 'node:path';

const { EFFECT = '', GITHUB_WORKSPACE = '', INPUT_NAME = '', INPUT_PATH = '' } = process.env;

cpSync(join(GITHUB_WORKSPACE, INPUT_PATH), join(EFFECT, `artifact-${INPUT_NAME}`), { recursive: true });
const days = process.env['INPUT_RETENTION-DAYS'];
console.log(`Keeps it for ${days} days. Missing files: ${process.env['INPUT_IF-NO-FILES-FOUND']}.`);
