import type { AuditEntry, Change } from '../src/access/audit';
import type { Role } from '../src/access/caller';
import type { Answer } from '../src/answer/answer';
import type { OpenSnapshot, Reader } from '../src/answer/reader';
import type { SavedQueries } from '../src/answer/saved';
import type { Question } from '../src/query/question';
import type { Operations } from '../src/runner/operations';

/** What a request may use. The snapshot is resolved once; every read of the request uses it. */
export interface Context {
  readonly reader: Reader;
  /** The newest snapshot as of the start of the request, or the pinned one. */
  open(snapshot?: string | null): Promise<OpenSnapshot>;
  ask(question: Question, open: OpenSnapshot): Answer;
  readonly saved: SavedQueries;
  /** Address of the server, for links that leave it; empty where nobody asked by HTTP. */
  readonly address: string;
  readonly operations: Operations;
  /** Throws unless whoever asks may read what is for this role. */
  demand(role: Role, what: string): void;
  /** Does what changes something, for those whose role suffices; the audit log has the request and its outcome. */
  change<T>(role: Role, change: Change, work: (by: string) => Promise<T>, outcomeOf?: (result: T) => string): Promise<T>;
  /** Entries of the audit log before one with this id, newest first. */
  auditLog(first: number, before?: number | null): Promise<AuditEntry[]>;
  /** Counts the cube fields of the document; throws when there are too many. */
  countCube(): void;
}
