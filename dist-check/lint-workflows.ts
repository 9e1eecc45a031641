// `npm run lint:workflows`: runs actionlint and zizmor on the workflows. In CI, both must run. Elsewhere, the script
// reports which of them it skipped because Go or Python is missing.
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './actions.ts';
import { placeholder } from './release/workflows.ts';
import { installGoTool, installPythonTool, run, type Tool } from './tools.ts';

const actionlintVersion = 'v1.7.12';
/** The version and the digests of zizmor. */
const requirements = join(root, 'dist-check/requirements.txt');

function actionlint(): Tool {
  return installGoTool('actionlint', 'github.com/rhysd/actionlint/cmd/actionlint', actionlintVersion);
}

function zizmor(): Tool {
  return installPythonTool({ name: 'zizmor', requirements }, 'zizmor');
}

/**
 * Copies the examples to a temporary folder, with a commit in place of the tag. The examples call our workflows by a
 * tag, which is easier to read, but zizmor reports a tag as unpinned.
 */
function copyExamplesPinned(): string {
  const folder = mkdtempSync(join(tmpdir(), 'examples-'));
  cpSync(join(root, 'docs/examples'), folder, { recursive: true });
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!path.includes('.github/workflows/')) continue;
    const text = readFileSync(join(folder, path), 'utf8');
    writeFileSync(join(folder, path), text.replaceAll(/(org\/runner-actions\/\S+)@v1/g, `$1@${placeholder}`));
  }
  return folder;
}

const examples = copyExamplesPinned();
const files = readdirSync(examples, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.includes('.github/workflows/'))
  .map((path) => join(examples, path));
const zizmorFlags = ['--persona', 'pedantic', '--offline', '--no-progress'];
const checks: [string, () => Tool, string[]][] = [
  ['actionlint', actionlint, ['-color']],
  ['actionlint', actionlint, ['-color', ...files]],
  ['zizmor', zizmor, [...zizmorFlags, '.github']],
  ['zizmor', zizmor, [...zizmorFlags, examples]],
];
const isCi = process.env['CI'] === 'true';

for (const [name, install, args] of checks) {
  const tool = install();
  if ('missing' in tool) {
    console.log(`${name}: ${isCi ? 'FAILED' : 'skipped'}: ${tool.missing}.`);
    if (isCi) process.exitCode = 1;
  } else if (!run(tool.path, args)) {
    process.exitCode = 1;
  }
}
rmSync(examples, { recursive: true });
