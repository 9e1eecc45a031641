import { describeProblem, type Document, type Problem, validate } from '@runner-actions/config';
import type { FromFile, Requirement as FromRequirement } from './from/index.ts';
import { type Layer, type Note, type Stated, statedIn } from './manifest.ts';
import { type ManifestFile, manifestSchema } from './schema.ts';

/**
 * Turns what a version file says into the requirements of a layer. Each is what the manifest would say, so that both
 * mean the same. What the manifest cannot say is a note.
 * @param manifest the file whose `from` names the version file; its defaults count
 */
export function layerOf(
  file: string,
  read: FromFile,
  manifest: Pick<ManifestFile, 'defaults' | 'when'>,
): { layer: Layer; notes: Note[] } {
  const notes: Note[] = read.notRead.map(({ line, column, text, why }) => ({
    ...{ file, line, column },
    message: `'${text}' is not checked: it ${why}.`,
  }));
  const stated: Stated[] = read.stated.flatMap(({ requirement, line, column }) => {
    const document: Document = {
      ...{ file, problems: [], value: { version: 1, ...asManifest(requirement) } },
      positionOf: () => ({ file, line, column }),
    };
    const validation = validate(document, manifestSchema);
    if (validation.ok) {
      const value = { ...validation.value, ...manifest };
      return statedIn(document, value);
    }
    notes.push(...validation.problems.map((problem) => noteOf(problem)));
    return [];
  });
  return { layer: { file, head: {}, stated, removedSections: [] }, notes };
}

function noteOf(problem: Problem): Note {
  const { file, line, column } = problem;
  return { file, line, column, message: `Not checked: ${describeProblem(problem)}` };
}

/** Returns the manifest that says the same. */
function asManifest(requirement: FromRequirement): Record<string, unknown> {
  switch (requirement.section) {
    case 'tools': {
      const { tool, version, severity } = requirement;
      return { tools: { [tool]: { version, ...(severity === undefined ? {} : { severity }) } } };
    }
    case 'sdks':
      return { tools: { [requirement.tool]: requirement.version } };
    case 'rust': {
      const { toolchain, components, targets } = requirement;
      // The manifest refuses an empty list, since it would prove nothing.
      const lists = Object.entries({ components, targets }).filter(([, list]) => list.length > 0);
      return { rust: [{ toolchain, ...Object.fromEntries(lists) }] };
    }
    case 'packages': {
      const { manager, name, version } = requirement;
      return { packages: [{ [manager]: name, ...(version === undefined ? {} : { version }) }] };
    }
    case 'gpu': {
      const { count, memory } = requirement;
      return { gpu: { count, ...(memory === undefined ? {} : { memory }) } };
    }
    case 'system':
      return { system: systemOf(requirement) };
  }
}

function systemOf(requirement: Extract<FromRequirement, { section: 'system' }>): Record<string, unknown> {
  if ('cores' in requirement) return { cpu: { cores: requirement.cores } };
  if ('memory' in requirement) return { memory: requirement.memory };
  return { disk: [{ path: '$GITHUB_WORKSPACE', total: requirement.storage }] };
}
