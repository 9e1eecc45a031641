/** What to do about what is withheld. */
export const fromDefaultBranch =
  'Put the manifest on the default branch: a run of the repository itself, such as one for a push, checks this.';

/** What the manifest of a stranger may not find out. The message is the end of a sentence. */
export class Withheld extends Error {
  override readonly name = 'Withheld';
  readonly advice: string = fromDefaultBranch;
}
