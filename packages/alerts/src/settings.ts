import type { Config } from '@runner-actions/config';
import { registerSecret } from '@runner-actions/core';
import { type AlertPolicy, defaultPolicy } from './policy.ts';

/** What the configuration says about alerts, with its secrets. */
export interface AlertSettings {
  policy: AlertPolicy;
  /** `undefined`: no issues. */
  labels: readonly [string, ...string[]] | undefined;
  webhook: { url: URL; signingKey: string | undefined } | undefined;
  alertmanager: URL | undefined;
  publicNames: boolean;
  /** What is wrong with the settings, and what to do. The rest of them is used. */
  warnings: string[];
}

export const defaultLabel = 'runner-actions-fleet';

/**
 * Reads the settings of alerts. The configuration names only variables with secrets whose names begin with
 * `RUNNER_ACTIONS_SECRET_`, and only in files of this repository. Masks the secrets.
 * @param environment the variables of the step
 */
export function alertSettings(
  fleet: Config['fleet'],
  environment: Readonly<Record<string, string | undefined>>,
): AlertSettings {
  const { alerts = {}, 'quiet-hours': quietHours } = fleet ?? {};
  const warnings: string[] = [];
  const [first = defaultLabel, ...others] = alerts.labels ?? [];
  const policy: AlertPolicy = {
    ...defaultPolicy,
    quietHours,
    ...(alerts.after === undefined ? {} : { after: alerts.after }),
    ...(alerts['reopen-within'] === undefined ? {} : { reopenWithin: alerts['reopen-within'] }),
  };
  return {
    policy,
    labels: alerts.issues === false ? undefined : [first, ...others],
    webhook: readWebhook(alerts, environment, warnings),
    alertmanager: alerts.alertmanager === undefined ? undefined : new URL(alerts.alertmanager),
    publicNames: alerts['public-names'] ?? false,
    warnings,
  };
}

function readWebhook(
  { webhook, 'signing-key': keyName }: NonNullable<NonNullable<Config['fleet']>['alerts']>,
  environment: Readonly<Record<string, string | undefined>>,
  warnings: string[],
): AlertSettings['webhook'] {
  if (webhook === undefined) return undefined;
  const read = (name: string): string | undefined => {
    const value = environment[name]?.trim() ?? '';
    registerSecret(value);
    if (value !== '') return value;
    warnings.push(
      `fleet.alerts names the variable ${name}, which is empty, so the webhook is not used. Set it in the env of the step.`,
    );
    return undefined;
  };
  const address = read(webhook);
  const signingKey = keyName === undefined ? undefined : read(keyName);
  if (address === undefined) return undefined;
  const url = webAddress(address);
  if (url === undefined) {
    warnings.push(
      `The variable ${webhook} holds no address that begins with http:// or https:// and has no user, so the webhook is not used.`,
    );
    return undefined;
  }
  // A receiver would refuse or, worse, trust what it expects to be signed.
  if (keyName !== undefined && signingKey === undefined) return undefined;
  return { url, signingKey };
}

/** Characters. A mask for a shorter text would hide parts of unrelated words. */
const shortestMasked = 8;

function webAddress(text: string): URL | undefined {
  if (!/^https?:\/\/[^\s]+$/i.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (url.username !== '' || url.password !== '') return undefined;
  // Errors may quote the address in its normal form, or only its path, where such services put their key.
  for (const part of [url.href, url.pathname + url.search])
    if (part.length >= shortestMasked) registerSecret(part);
  return url;
}
