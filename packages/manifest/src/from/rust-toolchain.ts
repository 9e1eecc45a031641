import { type Findings, Unreadable } from './stated.ts';
import { stateRust } from './state-tool.ts';
import { parseToml } from './toml-tree.ts';
import { type Value, textAt, textsOf, valueAt } from './tree.ts';

/**
 * Reads `rust-toolchain.toml` (https://rust-lang.github.io/rustup/overrides.html#the-toolchain-file).
 */
export function readRustToolchainToml(text: string, found: Findings) {
  const root = parseToml(text);
  const section = valueAt(root, 'toolchain');
  if (section?.kind !== 'map') throw new Unreadable({ line: 1, column: 1 }, 'a section [toolchain]');
  const path = valueAt(section, 'path');
  if (path !== undefined) {
    return found.leave(path, textAt(section, 'path') ?? '', 'is a folder of its own, which has no version');
  }
  leaveProfile(found, valueAt(section, 'profile'));
  const components = textsOf(valueAt(section, 'components'));
  const targets = textsOf(valueAt(section, 'targets'));
  const channel = valueAt(section, 'channel');
  if (channel?.kind === 'text')
    return stateRust(found, channel, { toolchain: channel.text, components, targets });
  if (channel !== undefined) throw new Unreadable(channel, 'a channel in quotes');
  found.leave(section, 'toolchain', 'names no channel, so the default one of each machine is used');
}

/** A profile says what rustup installs with a new toolchain. On a toolchain that is there it has no effect. */
function leaveProfile(found: Findings, profile: Value | undefined) {
  if (profile?.kind !== 'text' || profile.text === 'minimal') return;
  found.leave(
    profile,
    `profile ${profile.text}`,
    'holds only when rustup installs; name the components that are needed',
  );
}

/** Reads `rust-toolchain`: one line is the name of a toolchain, more are TOML (rustup: src/config.rs). */
export function readRustToolchain(text: string, found: Findings) {
  const name = text.replace(/\r?\n$/, '');
  if (name.includes('\n')) return readRustToolchainToml(text, found);
  const column = name.search(/\S/) + 1;
  if (column === 0) throw new Unreadable({ line: 1, column: 1 }, 'the name of a toolchain');
  stateRust(found, { line: 1, column }, { toolchain: name.trim(), components: [], targets: [] });
}
