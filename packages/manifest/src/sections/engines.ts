import * as v from 'valibot';
import { described, duration } from '@runner-actions/config';
import { type BaseRequirement, commonKeys, entry, ownKeys, parsedText } from '../requirement.ts';
import { parseRange } from '../versions/index.ts';

const range = parsedText((text) => parseRange(text, 'semver'), 'a range such as >=24', '>=24');
const image = v.pipe(
  v.string(),
  v.regex(
    /^[a-z0-9][\w./:@-]{0,254}$/,
    'true, or the name of an image that is there, such as busybox:latest',
  ),
);
const flag = v.boolean('true or false');

const common = {
  version: v.optional(described(range, 'Version of the engine')),
  api: v.optional(
    described(range, "Version of the engine's API. Podman tells the one of Docker that it offers"),
  ),
  rootless: v.optional(described(flag, 'Whether the engine runs without root')),
  wait: v.optional(described(duration, 'How long to wait for an engine that does not answer yet')),
  run: v.optional(
    described(
      v.union([v.literal(true), image], 'true or the name of an image'),
      'Creates, starts, awaits and removes a container of this image, or of the smallest one. Never pulls',
    ),
  ),
};

const docker = v.strictObject(
  {
    ...common,
    buildx: v.optional(described(range, 'Version of the plugin buildx')),
    compose: v.optional(described(range, 'Version of the plugin compose')),
    context: v.optional(
      described(
        v.pipe(v.string(), v.regex(/^[a-zA-Z0-9][\w.+-]{0,99}$/, 'the name of a context')),
        'Context of the docker command. Default: DOCKER_HOST, DOCKER_CONTEXT, or the current one',
      ),
    ),
    ...commonKeys,
  },
  "a map such as { version: '>=24' }, or {} for any version",
);
const podman = v.strictObject(
  { ...common, ...commonKeys },
  "a map such as { version: '>=4' }, or {} for any version",
);

export interface EngineRequirement extends BaseRequirement {
  kind: 'engine';
  name: 'docker' | 'podman';
  spec: Omit<v.InferOutput<typeof docker>, keyof typeof commonKeys>;
}

/** A Docker daemon that answers. */
export const dockerSection = v.pipe(
  docker,
  v.transform((spec) => [
    entry<EngineRequirement>({ kind: 'engine', name: 'docker', spec: ownKeys(spec) }, ['docker'], spec),
  ]),
);

/** A service of podman that answers. */
export const podmanSection = v.pipe(
  podman,
  v.transform((spec) => [
    entry<EngineRequirement>({ kind: 'engine', name: 'podman', spec: ownKeys(spec) }, ['podman'], spec),
  ]),
);
