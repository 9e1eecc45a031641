import type { Requirement } from '@runner-actions/manifest';
import { describe, expect, it } from 'vitest';
import { renderInstallation } from '../../src/installation-report.ts';
import { hasOwnFeature, makePlan, planAsJson, withoutUnknown, withRefresh } from '../../src/install/plan.ts';
import { refusalOf } from '../../src/install/refusal.ts';
import { leaveOut, unknownPackages } from '../../src/install/unknown-packages.ts';
import { installRemedy } from '../../src/machine-facts/packages/install-command.ts';
import type { Result } from '../../src/results.ts';

/** Recorded: apt 2.6.1 of Debian 12, `LC_ALL=C apt-get --simulate install nosuchpkg-x jq awk c-compiler foo/bar`. */
const recorded = {
  stderr: `E: Unable to locate package nosuchpkg-x
E: Package 'awk' has no installation candidate
E: Package 'c-compiler' has no installation candidate
E: Unable to locate package foo
`,
};

const unmet = (kind: string, name: string, packages?: readonly string[]): Result => ({
  requirement: { kind, name, install: true, dependsOn: [] } as unknown as Requirement,
  ...{ status: 'fail', found: 'not installed', wanted: 'it' },
  ...(packages === undefined ? {} : { remedy: installRemedy('apt', packages) }),
});

describe('packages that apt does not know', () => {
  const results = [
    unmet('package', 'jq', ['jq']),
    unmet('package', 'nosuchpkg-x', ['nosuchpkg-x']),
    unmet('feature', 'mail', ['awk', 'gcc']),
  ];
  const unknown = unknownPackages(['nosuchpkg-x', 'jq', 'awk', 'gcc'], recorded);
  const lists = { stale: false, complete: false, interrupted: false, unknown };

  it('are those of the command that apt-get names, with what it says', () => {
    expect([...unknown]).toEqual([
      ['nosuchpkg-x', 'apt-get says: Unable to locate package nosuchpkg-x'],
      ['awk', "apt-get says: Package 'awk' has no installation candidate"],
    ]);
  });

  it('are none if apt-get fails for another reason', () => {
    const stderr = "E: Could not get lock\nE: Package 'jq' is held\nUnable to locate package jq\n";
    expect(unknownPackages(['jq'], { stderr }).size).toBe(0);
  });

  it('are left, with the reason, and the others are installed', () => {
    const plan = withoutUnknown(withRefresh(makePlan(results), lists), results, lists);
    expect(plan.rounds.flat().map(({ packages }) => packages)).toEqual([[], ['jq']]);
    expect(plan.left).toEqual([
      { name: 'package nosuchpkg-x', why: 'apt-get says: Unable to locate package nosuchpkg-x' },
      { name: 'feature mail', why: "apt-get says: Package 'awk' has no installation candidate" },
    ]);
  });

  it('split a command by the requirements that need them', () => {
    const act = makePlan(results).rounds[0]?.[0];
    if (act === undefined) throw new Error('no act');
    const { rest, refused } = leaveOut(act, unknown);
    expect([rest.packages, rest.meets]).toEqual([['jq', 'gcc'], ['package jq']]);
    expect(refused.meets).toEqual(['package nosuchpkg-x', 'mail']);
  });

  it('may become known by a feature of the team', () => {
    const command = ['/checkout/keys/install'];
    const keys = { ...unmet('feature', 'keys'), remedy: { by: 'feature' as const, command, packages: [] } };
    expect([hasOwnFeature(makePlan(results)), hasOwnFeature(makePlan([...results, keys]))]).toEqual([
      false,
      true,
    ]);
  });

  it('are not in the commands for the owner, unless there are no others', () => {
    const permissions = { trusted: false, forbiddenBy: undefined, isRoot: true, sudoProblem: undefined };
    const commandsOf = (given: readonly Result[]) => {
      const plan = makePlan(given);
      return refusalOf(plan, permissions, withoutUnknown(plan, given, { ...lists, complete: true }))
        ?.commands;
    };
    expect(commandsOf(results)?.join()).not.toContain('nosuchpkg-x');
    expect(commandsOf(results.slice(1, 2))?.join()).toContain('nosuchpkg-x');
  });
});

describe('a library without a known package', () => {
  it('is left, since the list of packages is short', () => {
    const { left } = JSON.parse(planAsJson(makePlan([unmet('library', 'no-such')]))) as { left: unknown[] };
    const why = 'no command is known that installs it: its package is not in the list of this action';
    expect(left).toEqual([{ name: 'library no-such', why }]);
  });
});

describe('the summary of a refusal', () => {
  it('has each command whole, on a line of its own, in a block that no command ends', () => {
    const commands = [`apt-get install -y ${'long-name '.repeat(60)}end`, "npm install -g '```'"];
    const refusal = { text: 'Nothing was installed: *why*. To do it yourself, run:', commands };
    expect(renderInstallation({ acts: [], problem: 'in one line' }, refusal)).toBe(
      `\nNothing was installed: \\*why\\*. To do it yourself, run:\n\n\`\`\`\`\n${commands.join('\n')}\n\`\`\`\`\n`,
    );
  });
});
