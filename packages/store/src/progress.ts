/** Told of work that was done: items and bytes. Whoever asked for the work says so to people now and then. */
export type Tick = (items: number, bytes: number) => void;
