/** The values that expressions may use, by their whole names, such as `steps.cache.outputs.cache-hit`. */
export type Contexts = Record<string, string>;

/** Where an expression stands says which contexts it may use. Source: actions/runner 2.336.0, action_yaml.json and workflow-v1.0.json. */
const available = {
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
 * Replaces `${{ name }}` by its context value, as the runner does before each phase of a step. An unknown property is
 * an empty string, as on GitHub; a context that may not stand there is an error, as on GitHub.
 * Operators are not served: an expression that has some is an error, not a guess.
 */
export function evaluate(
  text: string,
  contexts: Contexts,
  place: keyof typeof available = 'workflow',
): string {
  return text.replaceAll(/\$\{\{\s*(.*?)\s*\}\}/g, (_whole, expression: string) => {
    if (!/^[\w.-]+$/.test(expression)) throw new Error(`The launcher cannot evaluate '${expression}'.`);
    const [root = ''] = expression.split('.');
    if (!available[place].some((name) => name === root))
      throw new Error(`Unrecognized named-value: '${root}', in '${expression}' (${place}).`);
    return contexts[expression] ?? '';
  });
}

/**
 * Whether the condition of a step, or `post-if`, lets it run. Served: `always()`, `success()`, `failure()`, `cancelled()`, and
 * `name == 'text'` or `name != 'text'`, which ask for success too, as GitHub adds it. Texts have no case there.
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
