import * as v from 'valibot';

/** A path on the machine. Only a shell knows what `~` is, so that it would be a folder of that name. */
export const machinePath = v.pipe(
  v.string(),
  v.nonEmpty('a path'),
  v.check((text) => !/^~(?:[/\\]|$)/.test(text), 'an absolute path, or one with `$HOME` instead of `~`'),
);
