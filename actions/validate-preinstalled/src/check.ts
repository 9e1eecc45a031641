import { resolve } from 'node:path';
import { type Deadline, type Job, messageOf } from '@runner-actions/core';
import { checkVariable } from './environment.ts';
import { asBefore } from './fingerprint.ts';
import { checkFile } from './files-io.ts';
import { endProbesOnSignal } from './interruption-io.ts';
import { expandPath } from './paths.ts';
import { judgePackage, type Packages, readPackages } from './packages.ts';
import { type Finding, type Requirement, type Result, settle } from './requirement.ts';
import { checkDisk, checkSystem } from './system.ts';
import { judgeTool } from './tools.ts';
import { openTools } from './tools-io.ts';

/**
 * Checks all requirements, `concurrency` at once; a check that breaks is an `error` and disturbs no other. Those in `known`
 * were met before, and are as they were: they are not asked.
 */
export async function checkAll(
  requirements: readonly Requirement[],
  options: { job: Job; deadline: Deadline; concurrency: number; known: ReadonlySet<Requirement> },
): Promise<Result[]> {
  const { job, deadline, concurrency, known } = options;
  const { ask: askTool, close } = await openTools(job, deadline);
  const release = endProbesOnSignal();
  let packages: Promise<Packages> | undefined;
  const check = async (requirement: Requirement): Promise<Finding> => {
    switch (requirement.kind) {
      case 'system':
        return checkSystem(requirement.fact, requirement.wanted);
      case 'disk':
        return checkDisk(requirement.path, requirement.free, job.environment);
      case 'tool':
        return judgeTool(
          requirement.name,
          requirement.range,
          requirement.prerelease,
          await askTool(requirement.name),
        );
      case 'package':
        packages ??= readPackages(job.environment, deadline);
        return judgePackage(requirement.name, requirement.version, await packages);
      case 'file':
        return checkFile(
          resolve(job.workspace, expandPath(requirement.name, job.environment)),
          requirement.spec,
          deadline.signal,
        );
      case 'env':
        return checkVariable(requirement.name, requirement.spec, job.environment[requirement.name]);
    }
  };
  const results: Result[] = [];
  const queue = requirements.entries();
  const work = async (): Promise<void> => {
    for (const [index, requirement] of queue) {
      const finding = known.has(requirement) ? asBefore(requirement) : await check(requirement).catch(broken);
      results[index] = settle(requirement, finding);
    }
  };
  try {
    await Promise.all(Array.from({ length: concurrency }, work));
  } finally {
    release();
    await close();
  }
  return results;
}

function broken(error: unknown): Finding {
  return { status: 'error', found: messageOf(error), wanted: 'an answer' };
}
