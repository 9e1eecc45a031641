import type { Capacity } from '@runner-actions/host';
import { nominalGibibytes } from '../labels.ts';
import type { OsRelease } from '../os-release-io.ts';
import { exactRange } from './exact-range.ts';
import type { Section } from './section.ts';
import { inline } from './yaml.ts';

/** Facts of the whole machine. */
export interface SystemFacts {
  os: string;
  arch: string;
  release: OsRelease | undefined;
  kernel: string;
  capacity: Capacity;
  glibc: string | undefined;
  musl: string | undefined;
}

const architectures = ['x64', 'arm64', 'arm', 'ia32'];

/** Writes the facts of the machine. Memory is its nominal size: the real one differs a little after each boot. */
export function systemSection(facts: SystemFacts): Section {
  const { arch, capacity, glibc, musl } = facts;
  const line = (key: string, value: string | undefined): string[] =>
    value === undefined ? [] : [`  ${key}: ${value}`];
  const range = (version: string | undefined): string | undefined =>
    version === undefined ? undefined : quoted(exactRange(version, 'semver'));
  return {
    name: 'system',
    lines: [
      ...osLines(facts),
      ...line('arch', architectures.includes(arch) ? arch : undefined),
      `  cpu: ${inline({ cores: `>=${capacity.cores.value}` })}`,
      ...line('memory', quoted(memoryText(capacity.memory))),
      ...line('glibc', range(glibc)),
      ...line('musl', range(musl)),
    ],
    notes: [],
  };
}

const quoted = (text: string | undefined): string | undefined =>
  text === undefined ? undefined : inline(text);

function osLines({ os, release, kernel }: SystemFacts): string[] {
  if (release === undefined) return [`  os: ${os}`];
  const version = release.version === undefined ? undefined : exactRange(release.version, 'semver');
  const running = exactRange(kernel, 'semver');
  return [
    '  os:',
    `    id: ${inline(release.id)}`,
    ...(version === undefined ? [] : [`    version: ${inline(version)}`]),
    ...(running === undefined ? [] : [`    kernel: ${inline(running)}`]),
  ];
}

function memoryText({ value, source }: Capacity['memory']): string {
  const size = source === 'machine' ? nominalGibibytes({ value, source }) : undefined;
  return size === undefined ? `>=${Math.floor(value / 1024 ** 2)}MiB` : `>=${size}GiB`;
}
