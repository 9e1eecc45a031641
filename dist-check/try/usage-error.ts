/** A mistake in how `npm run try` was called: an option, a world file, a missing tool. The command exits with 2. */
export class UsageError extends Error {}

/** A mistake in the workflow that GitHub would reject. The command exits with 1. */
export class WorkflowError extends Error {}
