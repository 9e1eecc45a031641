/** Characters of a range or of a version. No true one is longer. */
export const maxLength = 200;
