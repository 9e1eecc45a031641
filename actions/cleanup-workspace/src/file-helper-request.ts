import type { PathFacts, PathItemName } from './items/path-items.ts';
import type { PathStep } from './items/path-item.ts';
import type { KeptGitPlan } from './items/kept-git-plan.ts';
import type { WorkspaceStep } from './plan.ts';
import type { KeepRules } from './removal.ts';
import type { OwnTrash } from './trash.ts';
import type { SurveyFacts } from './trash-survey.ts';

/** What the helper process does, and with what it replies. */
export type HelperWork =
  /** `StepSize[]` */
  | { act: 'measure'; steps: readonly WorkspaceStep[] }
  /** `WorkspaceOutcome` */
  | ({
      act: 'remove';
      steps: readonly WorkspaceStep[];
      trash: OwnTrash;
      unmatched: readonly string[];
    } & KeepRules)
  /** `ItemOutcome` */
  | { act: 'drain trash'; protect: readonly string[] }
  /** `KeptGitPlan` */
  | { act: 'plan git'; protect: readonly string[]; isWhole: boolean }
  /** `KeptGitOutcome` */
  | { act: 'clean git'; plan: KeptGitPlan }
  /** `{ steps: PathStep[]; notes: string[] }` */
  | { act: 'plan item'; item: PathItemName; facts: PathFacts }
  /** `StepSize[]` */
  | { act: 'measure item'; item: PathItemName; facts: PathFacts; steps: readonly PathStep[] }
  /** `{ outcome: ItemOutcome; notes: string[] }` */
  | { act: 'execute item'; item: PathItemName; facts: PathFacts; steps: readonly PathStep[] }
  /** `Survey` */
  | { act: 'survey trash'; facts: Omit<SurveyFacts, 'cleaner'>; removes: boolean }
  /** `Disks` */
  | { act: 'look at disks'; facts: PathFacts };

/** A request to the helper process. */
export type HelperRequest = HelperWork & {
  /** Time for the work. */
  milliseconds: number;
  /**
   * Paths of `_work`, and in a job of the repository's folder and the workspace. On Linux, the helper gets them as open
   * files.
   */
  paths: string[];
  /** The process that asks. The helper stops when that process ends, because the next job may have started then. */
  parent: number;
};
