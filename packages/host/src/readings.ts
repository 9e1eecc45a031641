/**
 * A reader of counters that lives as long as its caller. `read` opens few files, never blocks, and returns
 * `undefined` where the machine tells nothing.
 */
export interface Reader<T> {
  read(): T | undefined;
  /** What the reading lacks, as a sentence; `undefined` if it is complete. It may change with each `read`. */
  note(): string | undefined;
}
