import { poetryRange, pythonRange } from './python-range.ts';
import type { Findings } from './stated.ts';
import { stateTool } from './state-tool.ts';
import { parseToml } from './toml-tree.ts';
import { describeValue, valueAt } from './tree.ts';

/**
 * Reads which Python `pyproject.toml` wants: `requires-python`
 * (https://packaging.python.org/en/latest/specifications/pyproject-toml/), else what Poetry's section says. Packages
 * are not read, since the project installs them itself.
 */
export function readPyproject(text: string, found: Findings) {
  const root = parseToml(text);
  const standard = valueAt(root, 'project', 'requires-python');
  const poetry = valueAt(root, 'tool', 'poetry', 'dependencies', 'python');
  const value = standard ?? poetry;
  if (value === undefined) return;
  if (value.kind !== 'text')
    return found.leave(value, `python ${describeValue(value)}`, 'is no range in quotes');
  stateTool(
    found,
    value,
    'python',
    standard === undefined ? poetryRange(value.text) : pythonRange(value.text),
  );
}
