import { normalize, type StepConfig } from '@runner-actions/config';
import { UserError } from '@runner-actions/core';

/**
 * Returns the manifest that the configuration names, as a path in the workspace. The configured path is relative to its
 * file.
 */
export function configuredManifest({ config, originOf }: StepConfig): string | undefined {
  const origin = originOf(['requirements']);
  if (config.requirements === undefined || origin === undefined) return undefined;
  const path = normalize(config.requirements, origin.file.split('/').slice(0, -1).join('/'));
  if (path !== undefined && !origin.file.includes(':')) return path;
  throw new UserError(
    `'requirements' is ${config.requirements}, in ${origin.file}: expected a file of this repository. Set it in the configuration of this repository.`,
    origin,
  );
}
