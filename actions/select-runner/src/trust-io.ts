import { assessTrust, authorInQuestion, type Step, type Trust, trustFactsOf } from '@runner-actions/core';
import { connect, GitHubFailure, userPermission } from '@runner-actions/github';
import type { SelectionRequest } from './request/selection-request.ts';
import type { Budget } from './inputs.ts';

/** One question with its retries. */
const maxCalls = 3;

/** The trust of a run, and how many requests were sent to determine it. */
interface AskedTrust {
  trust: Trust;
  calls: number;
}

/** Determines the trust of this run, and says in the log how the setting was applied. */
export async function readTrust(step: Step, request: SelectionRequest, budget: Budget): Promise<AskedTrust> {
  const asked = await askForTrust(step, request, budget);
  const { trusted, why } = asked.trust;
  if (request.trust.length > 0) step.log.info(`The run is ${trusted ? '' : 'not '}trusted: ${why}.`);
  return asked;
}

/**
 * Asks GitHub for the permission of the pull request's author if this decides whether the run is trusted. Without an
 * answer, it is not.
 */
async function askForTrust(
  { job, deadline, annotate }: Step,
  { trust: allowed, force }: SelectionRequest,
  { token, deadline: milliseconds }: Budget,
): Promise<AskedTrust> {
  const facts = { ...trustFactsOf(job), allowed };
  const trust = assessTrust(facts);
  const login = force === 'hosted' ? undefined : authorInQuestion(facts);
  if (login === undefined) return { trust, calls: 0 };
  const unknown = (why: string): Trust => ({
    trusted: false,
    why: `${trust.why}; the permission of its author is unknown: ${why}`,
  });
  if (token === undefined) return { trust: unknown("the input 'token' is empty"), calls: 0 };
  const github = connect({
    ...{ token, apiUrl: job.apiUrl, calls: maxCalls },
    deadline: deadline.limit(milliseconds),
  });
  try {
    const author = await userPermission(github, job.repository, login);
    return { trust: assessTrust({ ...facts, author }), calls: github.callsUsed() };
  } catch (error) {
    if (!(error instanceof GitHubFailure)) throw error;
    annotate(
      'warning',
      `The run is not trusted, because the permission of the author of the pull request is unknown: ${error.message}.`,
    );
    return { trust: unknown(error.message), calls: github.callsUsed() };
  }
}
