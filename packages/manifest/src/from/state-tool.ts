import { commandOf } from './names.ts';
import type { Findings, Place, Requirement } from './stated.ts';
import type { VersionMeaning } from './version-meaning.ts';
import { readVersion } from './version-text.ts';

/**
 * States that a tool must be there in a version, under its name on PATH. Rust's toolchains and .NET's SDKs have their
 * own sections. What cannot be stated is left with its reason.
 * @param name as the file has it.
 * @param version as the file has it; or what was read from it.
 */
export function stateTool(found: Findings, place: Place, name: string, version: string | VersionMeaning) {
  const tool = commandOf(name);
  const text = typeof version === 'string' ? `${name} ${version}` : name;
  if (tool === undefined) return found.leave(place, text, 'is no name of a tool');
  if (typeof version === 'string' && tool === 'rust') {
    return stateRust(found, place, { toolchain: version, components: [], targets: [] });
  }
  const read = typeof version === 'string' ? readVersion(tool, version) : version;
  if ('why' in read) return found.leave(place, text, read.why);
  if (read.version.length > 200) return found.leave(place, text, 'is longer than a range');
  found.state(place, requirementOf(tool, read));
}

function requirementOf(tool: string, read: { version: string; vendor?: string }): Requirement {
  if (tool === 'dotnet') return { section: 'sdks', tool, version: read.version };
  return { section: 'tools', tool, ...read };
}

/** A toolchain as rustup names it, but for the host, which the machine says. */
const channel =
  /^(?:stable|beta|nightly|\d{1,3}\.\d{1,4}(?:\.\d{1,4})?(?:-beta(?:\.\d{1,3})?)?)(?:-\d{4}-\d\d-\d\d)?$/;

/** States a toolchain of rustup with what must be installed in it. */
export function stateRust(
  found: Findings,
  place: Place,
  rust: { toolchain: string; components: string[]; targets: string[] },
) {
  // Version managers say `latest`, where rustup says `stable`.
  const toolchain = rust.toolchain.trim().replace(/^latest$/, 'stable');
  if (!channel.test(toolchain)) {
    return found.leave(place, toolchain, 'is a toolchain of its own, which holds on one machine only');
  }
  const wrong = [...rust.components, ...rust.targets].find((name) => !/^[a-z\d][\w.-]{0,80}$/i.test(name));
  if (wrong !== undefined) return found.leave(place, wrong, 'is no name of a component or target');
  const once = (names: string[]) => [...new Set(names)];
  found.state(place, {
    ...{ section: 'rust', toolchain },
    ...{ components: once(rust.components), targets: once(rust.targets) },
  });
}
