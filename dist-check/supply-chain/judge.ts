// Judges what the registry says about the packages in package-lock.json.
import type { LockedPackage } from './lock.ts';

/** What a check found. `problems` fail it, `notes` do not. */
export interface Verdict {
  problems: string[];
  notes: string[];
}

/** The part of the output of `npm audit --json` that is read. A string in `via` names another entry. */
export interface AuditReport {
  vulnerabilities?: Record<string, { via: (string | { title: string; url: string; severity: string })[] }>;
}

/** The output of `npm audit signatures --json`. */
export interface SignatureReport {
  invalid?: { name: string; version: string }[];
  missing?: { name: string; version: string }[];
}

/**
 * Judges known vulnerabilities. In a package that users run, each is a problem. In a tool, only a severe one is: tools
 * get no secrets, and read only the files of this project.
 *
 * @param shipped names of the packages in bundles
 */
export function judgeAdvisories(
  { vulnerabilities = {} }: AuditReport,
  shipped: ReadonlySet<string>,
): Verdict {
  const found = Object.entries(vulnerabilities).flatMap(([name, { via }]) =>
    via.flatMap((advisory) => {
      if (typeof advisory === 'string') return [];
      const { severity, title, url } = advisory;
      const isProblem = shipped.has(name) || !['info', 'low', 'moderate'].includes(severity);
      const place = shipped.has(name) ? 'in bundles' : 'only in tools';
      return [{ isProblem, text: `${name} (${place}): ${severity}: ${title}: ${url}` }];
    }),
  );
  return {
    problems: found.filter(({ isProblem }) => isProblem).map(({ text }) => text),
    notes: found.filter(({ isProblem }) => !isProblem).map(({ text }) => text),
  };
}

/** Judges the registry's signatures. A package without one is a problem too: the registry signs all of them. */
export function judgeSignatures({ invalid = [], missing = [] }: SignatureReport): Verdict {
  const wrong = invalid.map(({ name, version }) => `${name}@${version} has a wrong signature`);
  const none = missing.map(({ name, version }) => `${name}@${version} has no signature`);
  return { problems: [...wrong, ...none], notes: [] };
}

export interface Cooldown {
  /** How many days old a version must be. */
  days: number;
  /** Packages that may be younger. */
  excluded: string[];
}

/**
 * Returns the settings `min-release-age` and `min-release-age-exclude` of an .npmrc.
 *
 * @throws Error if the first is missing
 */
export function readCooldown(npmrc: string): Cooldown {
  const days = Number(/^min-release-age=(\d+)$/m.exec(npmrc)?.[1] ?? 0);
  if (days === 0) throw new Error('.npmrc does not set min-release-age to a number of days');
  const excluded = [...npmrc.matchAll(/^min-release-age-exclude\[\]=(\S+)$/gm)].map(([, name = '']) => name);
  return { days, excluded };
}

/**
 * Judges the age of locked versions. A package that is excluded gives a note.
 *
 * @param published when each version was published, by `name@version`
 */
export function judgeAge(
  packages: readonly (LockedPackage & { name: string })[],
  published: ReadonlyMap<string, Date>,
  { days, excluded }: Cooldown,
  now: Date,
): Verdict {
  const young = packages.flatMap(({ name, version }) => {
    const age = (now.getTime() - (published.get(`${name}@${version}`)?.getTime() ?? Number.NaN)) / 86_400_000;
    const text = `${name}@${version} is ${age.toFixed(1)} days old, less than ${days}`;
    return age >= days ? [] : [{ name, text }];
  });
  return {
    problems: young.filter(({ name }) => !excluded.includes(name)).map(({ text }) => text),
    notes: young.filter(({ name }) => excluded.includes(name)).map(({ text }) => text),
  };
}
