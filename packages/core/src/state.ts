import { containsSecret } from './secrets.ts';
import { getState } from './toolkit.ts';

/** The state that the main phase saves for the post phase: one JSON value. */
export interface State {
  /**
   * Saves a value and replaces an earlier one.
   * @throws Error if it contains a secret: the runner stores state in plain text
   */
  save(value: unknown): void;
  /** Whether the main phase saved a value. If it did not, the post phase has nothing to do. */
  isSaved(): boolean;
  /** Returns the saved value, in the post phase. */
  load<T>(): T;
}

const key = 'runner-actions';

/** @param saveToRunner passes a value to the runner */
export function openState(saveToRunner: (name: string, value: string) => void): State {
  return {
    save(value) {
      const text = JSON.stringify(value);
      if (containsSecret(text)) throw new Error('State for the post phase would contain a secret.');
      saveToRunner(key, text);
    },
    isSaved: () => getState(key) !== '',
    load: <T>() => JSON.parse(getState(key)) as T,
  };
}
