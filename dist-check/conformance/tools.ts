import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { download, goTool, type Tool, tools } from '../tools.ts';

const azuriteVersion = '3.37.0';
/** For its telemetry, which stays off. The version that it asks for is not pinned and brings 170 MB. */
const overrides = { applicationinsights: '2.9.8' };

/** Not a dependency of the project: with what it needs it takes 190 MB. */
export function azurite(): Tool {
  const folder = join(tools, `azurite-${azuriteVersion}`);
  const path = join(folder, 'node_modules/.bin/azurite-blob');
  if (!existsSync(path)) {
    mkdirSync(folder, { recursive: true });
    const wanted = { private: true, dependencies: { azurite: azuriteVersion }, overrides };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(wanted));
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
    if (!download('npm', ['install', '--prefix', folder, ...flags]))
      return { missing: `azurite needs npm's registry (npm install azurite@${azuriteVersion})` };
  }
  // An installation that was interrupted may leave a program that does not start.
  const { status } = spawnSync(path, ['--version'], { stdio: 'ignore' });
  return status === 0 ? { path } : { missing: `${path} does not start; remove ${folder} and try again` };
}

export function versitygw(): Tool {
  return goTool('versitygw', 'github.com/versity/versitygw/cmd/versitygw', 'v1.8.0');
}
