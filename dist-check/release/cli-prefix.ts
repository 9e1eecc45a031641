/** What begins the tags of the command `runner-actions`, such as `cli-v1`. */
export const cliPrefix = 'cli-';
