import { describe, expect, it } from 'vitest';
import { expandPath } from '../src/expand-path.ts';

const expand = (path: string, environment: Record<string, string>, strangersManifest = false) =>
  expandPath(path, { strangersManifest, job: { environment } });

describe('expandPath', () => {
  it('expands variables', () => expect(expand('$A/${B}C', { A: '/a', B: 'b' })).toBe('/a/bC'));
  it.each(['$NONE/x', '${EMPTY}/x', '$toString/x', '${constructor}/x'])(
    'throws for %s when the variable is unset or empty',
    (path) => expect(() => expand(path, { EMPTY: '' })).toThrow(/not set/),
  );
  it('expands only variables that everybody may know for a manifest that a stranger may have written', () => {
    const environment = { RUNNER_TEMP: '/t', JAVA_HOME_17_X64: '/j', RUNNER_ACTIONS_SECRET_X: 's3cret' };
    expect(expand('$RUNNER_TEMP$JAVA_HOME_17_X64', environment, true)).toBe('/t/j');
    const thrown = () => expand('/x/$RUNNER_ACTIONS_SECRET_X', environment, true);
    expect(thrown).toThrow(/^the value of the variable RUNNER_ACTIONS_SECRET_X, which this event's manifest/);
    expect(thrown).not.toThrow(/s3cret/);
  });
});
