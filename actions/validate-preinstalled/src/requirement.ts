import type { EnvironmentSpec, FileSpec } from './manifest.ts';

export type Severity = 'warn' | 'error';
export type Status = 'pass' | 'warn' | 'fail' | 'error' | 'skip';

/** One thing that a runner must have, and where the manifest says so. */
export type Requirement = { name: string; severity: Severity; line: number; column: number } & (
  | { kind: 'system'; fact: 'os' | 'arch' | 'cores' | 'memory'; wanted: string }
  | { kind: 'disk'; path: string; free: string }
  | { kind: 'tool'; range: string; prerelease: boolean }
  | { kind: 'package'; version: string | undefined }
  | { kind: 'file'; spec: FileSpec }
  | { kind: 'env'; spec: EnvironmentSpec }
);

/** What a check found. `error`: the probe broke, so it is neither met nor not met. */
export interface Finding {
  status: 'pass' | 'fail' | 'error' | 'skip';
  found: string;
  wanted: string;
  /** What to do about it. */
  advice?: string;
  /** Worth knowing, though it is met. */
  notice?: string;
}

export interface Result extends Omit<Finding, 'status'> {
  requirement: Requirement;
  status: Status;
}

export function settle(requirement: Requirement, finding: Finding): Result {
  const lenient = finding.status === 'fail' && requirement.severity === 'warn';
  return { ...finding, requirement, status: lenient ? 'warn' : finding.status };
}
