import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const tsc = join(createRequire(import.meta.url).resolve('typescript/package.json'), '../bin/tsc');

it('tsconfig.node20.json rejects functions that Node 20 does not have', () => {
  const folder = mkdtempSync(join(tmpdir(), 'node20-'));
  const code = "import { globSync } from 'node:fs';\nexport const newer = [globSync, Map.groupBy];\n";
  writeFileSync(join(folder, 'newer.ts'), code);
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: join(root, 'tsconfig.node20.json'),
      compilerOptions: { rootDir: '/' },
      include: [],
      files: ['newer.ts'],
    }),
  );
  const { stdout } = spawnSync(process.execPath, [tsc, '--project', folder], { encoding: 'utf8' });
  expect(stdout).toMatch(/no exported member 'globSync'/);
  expect(stdout).toMatch(/'groupBy' does not exist/);
});
