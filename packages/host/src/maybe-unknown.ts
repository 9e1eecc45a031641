/** A fact that could not be determined, with the reason on one line. It counts neither as yes nor as no. */
export interface Unknown {
  unknown: string;
}

/** A fact about the machine, or why it is unknown. No function throws because the platform cannot provide a fact. */
export type MaybeUnknown<T> = T | Unknown;

/** Returns whether the answer is unknown. */
export function isUnknown(answer: unknown): answer is Unknown {
  return typeof answer === 'object' && answer !== null && 'unknown' in answer;
}
