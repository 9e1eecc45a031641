/** Called with the number of items and bytes that were processed. The caller reports progress from time to time. */
export type OnProgress = (items: number, bytes: number) => void;
