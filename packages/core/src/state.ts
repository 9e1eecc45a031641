import { containsSecret } from './secrets.ts';
import { getState } from './toolkit.ts';

/** What main leaves for post: one JSON value. */
export interface State {
  /** Replaces what was saved. @throws Error when a secret stands in it, since the runner keeps state in plain text. */
  save(value: unknown): void;
  /** Whether main got as far as to save something. Where it did not, there is no post phase. */
  isSaved(): boolean;
  /** What main saved, in post. */
  load<T>(): T;
}

const key = 'runner-actions';

/** @param record hands it to the runner */
export function openState(record: (name: string, value: string) => void): State {
  return {
    save(value) {
      const text = JSON.stringify(value);
      if (containsSecret(text)) throw new Error('State for the post phase would contain a secret.');
      record(key, text);
    },
    isSaved: () => getState(key) !== '',
    load: <T>() => JSON.parse(getState(key)) as T,
  };
}
