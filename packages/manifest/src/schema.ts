import * as v from 'valibot';
import { described, duration, oneOrMore, textSchema } from '@runner-actions/config';
import { conditionSchema } from './condition.ts';
import { type BaseRequirement, severity } from './requirement.ts';
import { groups, jobUser, users } from './sections/accounts.ts';
import { dockerSection, podmanSection } from './sections/engines.ts';
import { env } from './sections/env.ts';
import { features } from './sections/features.ts';
import { files } from './sections/files.ts';
import { libraries } from './sections/libraries.ts';
import { gpu } from './sections/gpu.ts';
import { oci } from './sections/oci.ts';
import { rust } from './sections/rust.ts';
import { kernel } from './sections/kernel.ts';
import { mounts } from './sections/mounts.ts';
import { packages } from './sections/packages.ts';
import { ports } from './sections/ports.ts';
import { services } from './sections/services.ts';
import { system } from './sections/system.ts';
import { toolcache } from './sections/toolcache.ts';
import { tools } from './sections/tools.ts';

/** The parts of the manifest that state requirements. Their order is that of the report. */
const sections = {
  system: described(system, 'The machine: system, processor, memory and disks'),
  features: described(features, 'Features: several programs that are installed together, or your own'),
  tools: described(tools, 'Programs on PATH, each with a range of its version'),
  toolcache: described(toolcache, "Tools in the runner's tool cache"),
  rust: described(rust, 'Toolchains of Rust, their components and targets'),
  packages: described(packages, 'Packages that are installed, of the system or of a language'),
  libraries: described(libraries, 'Libraries that programs can load, or compilers find'),
  files: described(files, 'Files, folders, sockets and devices on the machine'),
  user: described(jobUser, 'The user of the job'),
  users: described(users, 'Users of the machine'),
  groups: described(groups, 'Groups of the machine'),
  services: described(services, 'Services that run, or that start with the machine'),
  ports: described(ports, 'Ports that something listens to, or that are free'),
  kernel: described(kernel, 'Parameters and modules of the kernel, and limits of processes'),
  mounts: described(mounts, 'Mounted file systems, with their options'),
  docker: described(dockerSection, 'A Docker daemon that answers'),
  podman: described(podmanSection, 'A service of podman that answers'),
  gpu: described(gpu, 'The GPUs: devices, driver, CUDA or ROCm, and the frameworks that use them'),
  oci: described(oci, 'A container that an OCI runtime creates, starts, kills and deletes'),
  env: described(env, 'Environment variables of the job'),
};

type SectionName = keyof typeof sections;
export const sectionNames = Object.keys(sections) as SectionName[];

/** What a manifest requires, of any kind, without its place and severity. */
export type AnyRequirement = Extract<
  v.InferOutput<(typeof sections)[SectionName]>[number],
  { requirement: BaseRequirement }
>['requirement'];

type Optional = {
  [Name in SectionName]: v.OptionalSchema<v.NullableSchema<(typeof sections)[Name], undefined>, undefined>;
};
const optional = Object.fromEntries(
  Object.entries(sections).map(([name, schema]) => [name, v.optional(v.nullable(schema as v.GenericSchema))]),
) as unknown as Optional;

const label = v.pipe(v.string(), v.nonEmpty('a label'));
const runsOn = v.union(
  [
    oneOrMore(label, 'a label such as ubuntu-latest, or a list such as [self-hosted, linux]'),
    v.strictObject({
      group: described(label, 'Group of runners'),
      labels: v.optional(
        described(
          oneOrMore(label, 'a label such as linux, or a list such as [self-hosted, linux]'),
          'Labels of runners in this group',
        ),
      ),
    }),
  ],
  'a label such as ubuntu-latest, a list such as [self-hosted, linux], or { group, labels }',
);
const path = v.pipe(v.string(), v.nonEmpty('a path'));

/** The schema of one manifest file, version 1. */
export const manifestSchema = v.strictObject({
  version: described(
    v.literal(1, '1, the version of the format: `version: 1`'),
    'Version of the format of the manifest',
  ),
  name: v.optional(described(textSchema, 'Title of the summary')),
  extends: v.optional(
    described(
      oneOrMore(path, 'a file such as ./base.yml, or a list of them'),
      'Manifests that this one adds to: `./base.yml`, or `owner/repo:path@ref`',
    ),
  ),
  from: v.optional(
    described(
      oneOrMore(path, 'a file such as .tool-versions, or a list such as [.nvmrc, go.mod]'),
      'Version files of the checkout, such as `.nvmrc`, that are read as requirements',
    ),
  ),
  defaults: v.optional(
    described(
      v.strictObject(
        {
          severity: v.optional(described(severity, 'Severity of requirements of this file that name none')),
          timeout: v.optional(described(duration, 'Time limit of each check of this file that names none')),
        },
        'a map such as { severity: warn }',
      ),
      'What counts for requirements of this file that say nothing else',
    ),
  ),
  when: v.optional(described(conditionSchema, 'Where the requirements of this file apply')),
  'on-failure': v.optional(
    described(
      v.strictObject(
        {
          'runs-on': v.optional(
            described(runsOn, 'What the output `runs-on` says when a requirement is not met'),
          ),
        },
        'a map such as { runs-on: ubuntu-latest }',
      ),
      'Where a job can run instead',
    ),
  ),
  ...optional,
});

/** One manifest file as written. */
export type ManifestFile = v.InferOutput<typeof manifestSchema>;
