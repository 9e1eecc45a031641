import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { launchJob, patchNodeModule } from '@runner-actions/testing';
import { describe, expect, it } from 'vitest';

const action = resolve(import.meta.dirname, '../..');

/** A checkout with a feature that makes a program in a folder which only `GITHUB_PATH` adds to PATH. */
function workspace(): string {
  const folder = mkdtempSync(join(tmpdir(), 'work-'));
  const bin = join(folder, 'bin');
  const program = (name: string, lines: readonly string[]): void => {
    mkdirSync(join(folder, 'feature'), { recursive: true });
    writeFileSync(join(folder, 'feature', name), ['#!/bin/sh', ...lines, ''].join('\n'));
    chmodSync(join(folder, 'feature', name), 0o755);
  };
  program('check', [`[ -x '${bin}/my-tool' ] && echo 2.5.0 && exit 0`, 'exit 1']);
  program('install', [
    `/bin/mkdir -p '${bin}'`,
    `/usr/bin/printf '#!/bin/sh\\necho 2.5.0\\n' > '${bin}/my-tool'`,
    `/bin/chmod 755 '${bin}/my-tool'`,
    `echo '${bin}' >> "$GITHUB_PATH"`,
  ]);
  const manifest = `version: 1
tools: { my-tool: { version: ">=2", install: false } }
features: { tool: { path: ./feature, version: ">=2" } }
`;
  writeFileSync(join(folder, 'manifest.yml'), manifest);
  return folder;
}

/** Installs with `on-failure: fail`, while a call of `node:fs/promises` breaks. @param code as of `patchNodeModule` */
async function install(code: string) {
  const inputs = { manifest: 'manifest.yml', mode: 'install', 'allow-commands': 'true' };
  const env = code === '' ? {} : patchNodeModule('node:fs/promises', code);
  const job = await launchJob({ env, workspace: workspace(), steps: [{ action, with: inputs }] });
  const [step] = job.steps;
  if (step === undefined) throw new Error('no step ran');
  return { ...step, problems: step.annotations.map(({ message }) => message).join('\n') };
}

/** Breaks a call whose first argument holds a text. */
const broken = (call: string, holds: string, how: string): string => `
  const original = module.${call};
  module.${call} = (...values) => {
    if (!String(values[0]).includes(${holds})) return original(...values);
    ${how}
  };`;
const full = `return Promise.reject(Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' }));`;

describe('an installation that breaks', () => {
  it('passes while nothing breaks', async () => {
    const { exitCode, outputs } = await install('');
    expect([exitCode, outputs['status'], outputs['passed']]).toEqual([0, 'pass', '2']);
  });

  it('leaves the requirements failed if the temp folder of the runner cannot be used', async () => {
    const { exitCode, outputs, problems } = await install(broken('mkdtemp', `'install-'`, full));
    expect([exitCode, outputs['status'], outputs['failed']]).toEqual([1, 'fail', '2']);
    expect(problems).toContain('The installation could not go on: ENOSPC: no space left on device.');
    expect(problems).toMatch(
      /feature tool: found [^\n]*; its installation was not begun: ENOSPC: no space left/,
    );
    expect(problems).not.toContain('internal error');
  });

  it('leaves a tool failed that the steps after it would not find, if PATH cannot be passed on', async () => {
    const { exitCode, outputs, problems } = await install(broken('open', 'process.env.GITHUB_PATH', full));
    expect([exitCode, outputs['status'], outputs['missing']]).toEqual([1, 'fail', '["my-tool"]']);
    expect(problems).toMatch(
      /bin could not be added to PATH by GITHUB_PATH: no space is left on the disk of/,
    );
  });

  it('keeps the verdict of the check before it after a fault that nobody catches', async () => {
    const thrown = `setImmediate(() => { throw new Error('out of nowhere'); }); return new Promise(() => undefined);`;
    const { exitCode, outputs, problems } = await install(broken('mkdtemp', `'install-'`, thrown));
    expect(problems).toContain('out of nowhere');
    expect([exitCode, outputs['status'], outputs['failed']]).toEqual([1, 'fail', '2']);
  });

  it('leaves the requirements failed, with the reason, if no plan can be made', async () => {
    const { exitCode, problems } = await install(`const stringify = JSON.stringify;
      JSON.stringify = (value, ...rest) => {
        if (value?.rounds !== undefined) throw new Error('no plan');
        return stringify(value, ...rest);
      };`);
    expect([exitCode, problems]).toEqual([
      1,
      expect.stringContaining('The install could not be completed: no plan.'),
    ]);
  });
});
