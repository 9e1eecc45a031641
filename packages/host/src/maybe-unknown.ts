/** What could not be determined, and why, in one line. It is neither a yes nor a no. */
export interface Unknown {
  unknown: string;
}

/** What a question to the machine gives. Nothing here throws because a platform cannot tell. */
export type Answer<T> = T | Unknown;

/** Tells an answer from a reason why there is none. */
export function isUnknown(answer: unknown): answer is Unknown {
  return typeof answer === 'object' && answer !== null && 'unknown' in answer;
}
