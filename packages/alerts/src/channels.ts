import type { GitHub, Repository } from '@runner-actions/github';
import type { Source } from './webhook.ts';

/** The channel of issues. */
export interface IssueChannel {
  github: GitHub;
  repository: Repository;
  /** The first one finds the issues again. */
  labels: readonly [string, ...string[]];
  /**
   * Login of the account that the token belongs to, if it is known: `my-app[bot]` for the token of an App. Issues of
   * `github-actions[bot]` and of the token's own user always count.
   */
  author?: string;
  /** Whether strangers can read the issues and machines may not be named in them. */
  hidesMachines: boolean;
}

/** The channel of the webhook. The address is a secret, and so is the key. */
export interface WebhookChannel {
  url: URL;
  signingKey: string | undefined;
}

export interface AlertmanagerChannel {
  url: URL;
  /** Milliseconds between two looks. An alert that three looks do not repeat counts as ended. */
  interval: number;
}

/** Where incidents are told. A channel that is missing is not used. */
export interface Channels {
  issues?: IssueChannel;
  webhook?: WebhookChannel;
  alertmanager?: AlertmanagerChannel;
  source: Source;
}
