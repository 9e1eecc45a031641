/** The values that expressions in defaults and inputs may use. */
export type Contexts = Record<string, string>;

/**
 * Replaces `${{ name }}` by its context value, as the runner does before each phase of a step. An unknown name is
 * an empty string, as on GitHub. Operators are not served: an expression that has some is an error, not a guess.
 */
export function evaluate(text: string, contexts: Contexts): string {
  return text.replaceAll(/\$\{\{\s*(.*?)\s*\}\}/g, (_whole, expression: string) => {
    if (!/^[\w.-]+$/.test(expression)) throw new Error(`The launcher cannot evaluate '${expression}'.`);
    return contexts[expression] ?? '';
  });
}

/** Whether a `post-if` lets post run. Served: `always()`, `success()`, `failure()`, `cancelled()`. */
export function evaluateCondition(condition: string, jobStatus: string): boolean {
  const name = /^(always|success|failure|cancelled)\(\)$/.exec(condition.trim())?.[1];
  if (name === undefined) throw new Error(`The launcher cannot evaluate the condition '${condition}'.`);
  return name === 'always' || jobStatus === name || (name === 'cancelled' && jobStatus === 'cancelled');
}
