import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { download, installGoTool, type Tool, toolsFolder } from '../tools.ts';

const azuriteVersion = '3.37.0';
/**
 * Pins a dependency that azurite needs for telemetry, which stays off. azurite does not pin it, and newer versions add
 * 170 MB.
 */
const overrides = { applicationinsights: '2.9.8' };

/** The day whose newest versions azurite's own dependencies have. azurite gives ranges for them. */
const resolvedOn = '2026-11-20';

/** Installs azurite. It is not a dependency of the project, because it takes 190 MB with its own dependencies. */
export function installAzurite(): Tool {
  const folder = join(toolsFolder, `azurite-${azuriteVersion}`);
  const path = join(folder, 'node_modules/.bin/azurite-blob');
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    const wanted = { private: true, dependencies: { azurite: azuriteVersion }, overrides };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(wanted));
    const flags = [
      `--before=${resolvedOn}`,
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--loglevel=error',
    ];
    if (!download('npm', ['install', '--prefix', folder, ...flags]))
      return { missing: `azurite needs npm's registry (npm install azurite@${azuriteVersion})` };
  }
  // After an interrupted installation, the program may exist but not start.
  const { status } = spawnSync(path, ['--version'], { stdio: 'ignore' });
  return status === 0 ? { path } : { missing: `${path} does not start; remove ${folder} and try again` };
}

/** Installs versitygw, an S3 server. */
export function installVersitygw(): Tool {
  return installGoTool('versitygw', 'github.com/versity/versitygw/cmd/versitygw', 'v1.8.0');
}
