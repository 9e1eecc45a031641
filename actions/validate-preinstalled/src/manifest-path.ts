import { normalize, type StepConfig } from '@runner-actions/config';
import { UserError } from '@runner-actions/core';

/** The manifest that the configuration names, as a path in the workspace: it stands relative to the file that names it. */
export function manifestOf({ config, originOf }: StepConfig): string | undefined {
  const origin = originOf(['requirements']);
  if (config.requirements === undefined || origin === undefined) return undefined;
  const path = normalize(config.requirements, origin.file.split('/').slice(0, -1).join('/'));
  if (path !== undefined && !origin.file.includes(':')) return path;
  throw new UserError(
    `'requirements' is ${config.requirements}, in ${origin.file}: expected a file of this repository. Name it in this repository's own configuration.`,
    origin,
  );
}
