/** Characters of a range or of a version. No true one is longer. */
export const maxLength = 200;

/** Numbers in a version. No true one has more. Some schemes take time that grows with their square. */
export const maxNumbers = 20;

/** Constraints of a range. Whether any version meets a range takes time that grows with their square. */
export const maxConstraints = 20;
