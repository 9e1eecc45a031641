/** The end of an export. Nothing in it fails a job. */
export interface Exported {
  sent: boolean;
  /** Why nothing was sent, or what the server did not take. One sentence each, safe to show. */
  warnings: readonly string[];
}
