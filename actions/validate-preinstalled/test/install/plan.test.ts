import fc from 'fast-check';
import type { Requirement } from '@runner-actions/manifest';
import { describe, expect, it } from 'vitest';
import {
  aptPackages,
  describePlan,
  makePlan,
  type Plan,
  planAsJson,
  withRefresh,
} from '../../src/install/plan.ts';
import {
  installRemedy,
  type Remedy,
  repairRemedy,
} from '../../src/machine-facts/packages/install-command.ts';
import type { Result } from '../../src/results.ts';

interface Given {
  name: string;
  kind?: string;
  remedy?: Remedy;
  status?: Result['status'];
  install?: boolean;
  dependsOn?: readonly string[];
  installsAfter?: readonly string[];
}

function unmet({ name, kind = 'feature', remedy, status = 'fail', ...more }: Given): Result {
  const requirement = { kind, name, install: true, dependsOn: [], ...more } as unknown as Requirement;
  return { requirement, status, found: 'nothing', wanted: 'it', ...(remedy === undefined ? {} : { remedy }) };
}

const apt = (...names: string[]): Remedy => installRemedy('apt', names);
const own = (name: string): Remedy => ({
  by: 'feature',
  command: [`/checkout/${name}/install`],
  packages: [],
});
const shortly = ({ rounds }: Plan): string[] =>
  rounds.map((round) =>
    round
      .map(({ by, command, packages }) =>
        [by, ...(command.at(-1) === 'update' ? ['update'] : packages)].join(' '),
      )
      .join(', '),
  );

describe('plan', () => {
  it('calls each manager once a round, and managers of languages last', () => {
    const plan = makePlan([
      unmet({ kind: 'package', name: 'npm:left', remedy: installRemedy('npm', ['left']) }),
      unmet({ kind: 'package', name: 'curl', remedy: apt('curl') }),
      unmet({ kind: 'package', name: 'jq', remedy: apt('jq') }),
      unmet({ kind: 'tool', name: 'jq', remedy: apt('jq') }),
      unmet({ kind: 'package', name: 'npm:right', remedy: installRemedy('npm', ['right']) }),
    ]);
    expect(shortly(plan)).toEqual(['apt curl jq, npm left right']);
    expect(plan.rounds[0]?.[0]?.meets).toEqual(['package curl', 'package jq', 'tool jq']);
  });

  it('calls managers that take one package once for each', () => {
    const plan = makePlan(
      ['a', 'b'].map((name) => unmet({ kind: 'package', name, remedy: installRemedy('pipx', [name]) })),
    );
    expect(shortly(plan)).toEqual(['pipx a, pipx b']);
  });

  it('keeps other commands of a manager apart', () => {
    const results = [
      unmet({ kind: 'package', name: 'half', remedy: repairRemedy('apt', 'half', 'unpacked') }),
      unmet({ kind: 'package', name: 'curl', remedy: apt('curl') }),
    ];
    expect(describePlan(makePlan(results)).map((line) => line.replace('sudo ', ''))).toEqual([
      '1. dpkg --configure -a (package half)',
      '1. apt-get -o DPkg::Lock::Timeout=300 install -y --no-remove curl (package curl)',
    ]);
  });

  it('puts what depends on a feature into a later round, also over several features', () => {
    const plan = makePlan([
      unmet({ kind: 'tool', name: 'docker', remedy: apt('docker-ce'), dependsOn: ['engine'] }),
      unmet({ name: 'engine', remedy: own('engine'), dependsOn: ['keys'] }),
      unmet({ name: 'keys', remedy: own('keys') }),
    ]);
    expect(plan.rounds.map((round) => round.flatMap(({ meets }) => meets))).toEqual([
      ['keys'],
      ['engine'],
      ['tool docker'],
    ]);
  });

  it('does not wait for a feature that is met, nor for one after which it only should come', () => {
    const node = { name: 'a', remedy: apt('a') };
    expect(shortly(makePlan([unmet({ ...node, dependsOn: ['met'], installsAfter: ['none'] })]))).toEqual([
      'apt a',
    ]);
    const [first] = makePlan([
      unmet({ ...node, installsAfter: ['b'] }),
      unmet({ name: 'b', remedy: apt('b') }),
    ]).rounds;
    expect(first?.[0]?.meets).toEqual(['b']);
  });

  it.each<[string, Omit<Given, 'name'>, string]>([
    ['says install: false', { remedy: apt('x'), install: false }, 'the manifest says `install: false`'],
    ['has no command', {}, 'no command is known that installs it'],
    ['could not be checked', { status: 'error', remedy: apt('x') }, 'it could not be checked'],
  ])('leaves what %s, and all that depends on it', (_, given, why) => {
    const plan = makePlan([
      unmet({ name: 'c', remedy: apt('c'), dependsOn: ['b'] }),
      unmet({ name: 'b', remedy: apt('b'), dependsOn: ['a'] }),
      unmet({ name: 'a', ...given }),
      unmet({ name: 'd', remedy: apt('d') }),
    ]);
    expect(shortly(plan)).toEqual(['apt d']);
    expect(plan.left.toSorted((one, other) => (one.name < other.name ? -1 : 1))).toEqual([
      { name: 'b', why: 'it needs a, which is not installed' },
      { name: 'c', why: 'it needs b, which is not installed' },
      { name: 'feature a', why },
    ]);
  });

  it('has nothing to do for what is met or does not apply', () => {
    const met = [unmet({ name: 'a', status: 'pass' }), unmet({ name: 'b', status: 'skip' })];
    expect(makePlan(met)).toEqual({ rounds: [], left: [] });
  });

  it('is the same for the same results, and in JSON', () => {
    const results = [
      unmet({ kind: 'package', name: 'go:x', remedy: installRemedy('go', ['example.com/x']) }),
    ];
    expect(JSON.parse(planAsJson(makePlan(results)))).toEqual({
      version: 1,
      rounds: [
        { acts: [{ by: 'go', command: ['go', 'install', 'example.com/x@latest'], meets: ['package go:x'] }] },
      ],
      left: [],
    });
  });

  it('never has a requirement before one that it depends on, and has each once', () => {
    const graph = fc.array(fc.array(fc.nat(20), { maxLength: 4 }), { maxLength: 20 });
    fc.assert(
      fc.property(graph, (edges) => {
        const dependsOn = edges.map((before, index) =>
          before.filter((one) => one < index).map((one) => `n${one}`),
        );
        const results = dependsOn.map((names, index) =>
          unmet({ name: `n${index}`, remedy: apt(`n${index}`), dependsOn: names }),
        );
        const names = makePlan(results.toReversed()).rounds.map((round) =>
          round.flatMap(({ meets }) => meets),
        );
        expect(names.flat().toSorted()).toEqual(
          results.map(({ requirement }) => requirement.name).toSorted(),
        );
        const roundOf = (name: string): number => names.findIndex((round) => round.includes(name));
        for (const [index, before] of dependsOn.entries())
          for (const one of before) expect(roundOf(one)).toBeLessThan(roundOf(`n${index}`));
      }),
    );
  });
});

describe('lists of apt', () => {
  const plan = makePlan([
    unmet({ kind: 'package', name: 'a', remedy: apt('a') }),
    unmet({ name: 'keys', remedy: own('keys'), dependsOn: [] }),
    unmet({ name: 'late', remedy: apt('late'), dependsOn: ['keys'] }),
  ]);

  it.each([
    [
      'are not fetched while they are new and complete',
      { stale: false, complete: true, interrupted: false },
      ['apt a, feature ', 'apt late'],
    ],
    [
      'are fetched once if they are old',
      { stale: true, complete: true, interrupted: false },
      ['apt update, apt a, feature ', 'apt late'],
    ],
    [
      'are fetched again after a feature that may add a source, if a package is unknown',
      { stale: false, complete: false, interrupted: false },
      ['apt update, apt a, feature ', 'apt update, apt late'],
    ],
  ])('%s', (_, lists, rounds) =>
    expect(shortly(withRefresh(plan, lists)).map((one) => one.replace(/feature$/, 'feature '))).toEqual(
      rounds,
    ),
  );

  it('come after what dpkg was stopped at', () => {
    const [first] = withRefresh(plan, { stale: true, complete: true, interrupted: true }).rounds;
    expect(first?.map(({ command }) => command.at(-1)).slice(0, 2)).toEqual(['-a', 'update']);
  });

  it('are not fetched for a command without packages, or without apt', () => {
    const repair = makePlan([
      unmet({ kind: 'package', name: 'half', remedy: repairRemedy('apt', 'half', 'unpacked') }),
    ]);
    expect(withRefresh(repair, { stale: true, complete: false, interrupted: false })).toEqual(repair);
    expect(aptPackages(makePlan([unmet({ name: 'x', remedy: installRemedy('npm', ['x']) })]))).toEqual([]);
  });
});
