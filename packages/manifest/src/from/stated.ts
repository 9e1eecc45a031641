/** A position in a file. Lines and columns count from 1. */
export interface Place {
  line: number;
  column: number;
}

export type PackageManager = 'brew' | 'npm' | 'go' | 'pip' | 'cargo' | 'gem';

/** What the manifest would say. Versions are ranges of the manifest's grammar; `latest` means present. */
export type Requirement =
  | {
      section: 'tools';
      tool: string;
      version: string;
      /** Who built it (`temurin`), if the file says so. It is not part of the version. */
      vendor?: string;
      severity?: 'warn';
    }
  | { section: 'rust'; toolchain: string; components: string[]; targets: string[] }
  | { section: 'packages'; manager: PackageManager; name: string; version?: string }
  | { section: 'sdks'; tool: 'dotnet'; version: string }
  | { section: 'system'; cores: string }
  | { section: 'system'; memory: string }
  | { section: 'system'; storage: string }
  | { section: 'gpu'; count: string; memory?: string };

/** A requirement that a file states, at its place in that file. */
export interface Stated extends Place {
  requirement: Requirement;
}

/** Something in a file that is no requirement, or that cannot be read as one. */
export interface NotRead extends Place {
  /** What the file says, on one line, at most 80 characters. */
  text: string;
  /** A sentence without a capital and a full stop. */
  why: string;
}

/** What was read from a file. If there is a `problem`, the file is broken and nothing else is told of it. */
export interface FromFile {
  stated: Stated[];
  notRead: NotRead[];
  problem?: Place & { expected: string };
}

/** A file that cannot be read. The readers catch it, so that nobody else sees it. */
export class Unreadable extends Error {
  readonly place: Place;

  /** `expected` says what the file should hold, as in "expected valid JSON". */
  constructor(place: Place, expected: string) {
    super(expected);
    this.place = place;
  }
}

/** Collects what a reader finds. */
export interface Findings {
  state(place: Place, requirement: Requirement): void;
  leave(place: Place, text: string, why: string): void;
  readonly file: FromFile;
}

/** No real file says more. Without a limit, a file of 1 MiB could ask for 100,000 processes. */
const most = 1000;

/** @throws {Unreadable} from `state` and `leave`, if a file says more than 1,000 things. */
export function findings(): Findings {
  const file: FromFile = { stated: [], notRead: [] };
  const count = (place: Place) => {
    if (file.stated.length + file.notRead.length < most) return;
    throw new Unreadable(place, `at most ${most} entries`);
  };
  return {
    file,
    state({ line, column }, requirement) {
      count({ line, column });
      file.stated.push({ requirement, line, column });
    },
    leave({ line, column }, text, why) {
      count({ line, column });
      file.notRead.push({ line, column, text: onOneLine(text), why });
    },
  };
}

/**
 * Shows text of a stranger: on one line, without invisible characters, at most 80 characters, and without the user
 * and password of an address.
 */
export function onOneLine(text: string): string {
  const known = text.slice(0, 1000).replaceAll(/\/\/[^/\s]*@/g, '//***@');
  const short = known.length > 80 ? `${known.slice(0, 77)}...` : known;
  return short.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\uFFFD');
}
