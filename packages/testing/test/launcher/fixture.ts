import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Creates an action from the JavaScript of its phases. In them, `set(file, name, value)` writes a file command. */
export function makeAction(scripts: { main: string; post?: string }, inputs = ''): string {
  const folder = mkdtempSync(join(tmpdir(), 'action-'));
  mkdirSync(join(folder, 'dist'));
  const prelude = `import { appendFileSync } from 'node:fs';
const set = (file, name, value) => appendFileSync(process.env[file], name + '<<EOF\\n' + value + '\\nEOF\\n');
`;
  writeFileSync(join(folder, 'dist', 'main.mjs'), prelude + scripts.main);
  if (scripts.post !== undefined) writeFileSync(join(folder, 'dist', 'post.mjs'), prelude + scripts.post);
  const post = scripts.post === undefined ? '' : '  post: dist/post.mjs\n';
  writeFileSync(
    join(folder, 'action.yml'),
    `name: test\ninputs:\n  unused:\n    default: ''\n${inputs}runs:\n  using: node24\n  main: dist/main.mjs\n${post}`,
  );
  return folder;
}
