/** The values that expressions can use, by their full names, such as `steps.cache.outputs.cache-hit`. */
export type Contexts = Record<string, string>;

/** The contexts that an expression may use in each place. Source: actions/runner 2.336.0, action_yaml.json, workflow-v1.0.json. */
const allowedContexts = {
  'action.yml': ['github', 'strategy', 'matrix', 'job', 'runner'],
  workflow: [
    'github',
    'inputs',
    'vars',
    'needs',
    'strategy',
    'matrix',
    'secrets',
    'steps',
    'job',
    'runner',
    'env',
  ],
} as const;

/**
 * Replaces each `${{ name }}` with its value, as the runner does before each phase of a step. An unknown property
 * becomes an empty string, as on GitHub. Also supports `toJSON(context)`.
 * @throws Error for a context that is not allowed in this place, as on GitHub, and for any operator, which the launcher
 * does not support
 */
export function evaluate(
  text: string,
  contexts: Contexts,
  place: keyof typeof allowedContexts = 'workflow',
): string {
  return text.replaceAll(/\$\{\{\s*(.*?)\s*\}\}/g, (_whole, expression: string) => {
    const [, all] = /^toJSON\((\w+)\)$/.exec(expression) ?? [];
    if (all !== undefined) return evaluate(`\${{ ${all} }}`, { [all]: toJson(contexts, all) }, place);
    if (!/^[\w.-]+$/.test(expression)) throw new Error(`The launcher cannot evaluate '${expression}'.`);
    const [root = ''] = expression.split('.');
    if (!allowedContexts[place].some((name) => name === root.toLowerCase()))
      throw new Error(`Unrecognized named-value: '${root}', in '${expression}' (${place}).`);
    return (
      contexts[expression] ?? (root.toLowerCase() === 'env' ? '' : lookUpInAnyCase(contexts, expression))
    );
  });
}

/** The runner ignores the case of names, except in `env`. Source: actions/runner 2.336.0, DictionaryContextData.cs. */
function lookUpInAnyCase(contexts: Contexts, expression: string): string {
  const name = expression.toLowerCase();
  return Object.entries(contexts).find(([other]) => other.toLowerCase() === name)?.[1] ?? '';
}

/** Returns a context as JSON: `steps` has an object per step, with its `outputs`. */
function toJson(contexts: Contexts, context: string): string {
  const root: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(contexts)) {
    const [first, ...path] = name.split('.');
    if (first !== context) continue;
    const last = path.pop() ?? '';
    const parent = path.reduce((object, key) => (object[key] ??= {}) as Record<string, unknown>, root);
    parent[last] = value;
  }
  return JSON.stringify(root, undefined, 2);
}

/**
 * Evaluates the condition of a step, or `post-if`. Supports `always()`, `success()`, `failure()`, `cancelled()`,
 * `name == 'text'` and `name != 'text'`. A comparison also requires success, because GitHub adds `success()` to it, and
 * ignores upper and lower case.
 * @throws Error for any other condition
 */
export function evaluateCondition(condition: string, jobStatus: string, contexts: Contexts = {}): boolean {
  const name = /^(always|success|failure|cancelled)\(\)$/.exec(condition.trim())?.[1];
  if (name !== undefined) return name === 'always' || jobStatus === name;
  const [, left, operator, right] = /^([\w.-]+) (==|!=) '([^']*)'$/.exec(condition.trim()) ?? [];
  if (left === undefined || right === undefined)
    throw new Error(`The launcher cannot evaluate the condition '${condition}'.`);
  const equal = evaluate(`\${{ ${left} }}`, contexts).toLowerCase() === right.toLowerCase();
  return jobStatus === 'success' && equal === (operator === '==');
}
