/** Codes are part of the public interface (documented in README.md): add, never rename. */
export type ErrorCode =
  | 'BAD_INPUT'
  | 'BAD_MODEL'
  | 'BAD_QUERY'
  | 'BAD_SETTING'
  | 'AUDIT_FAILED'
  | 'CONFLICT'
  | 'FORBIDDEN'
  | 'LIMIT_EXCEEDED'
  | 'NOT_FOUND'
  | 'NOT_PUBLISHED'
  | 'SNAPSHOT_GONE'
  | 'PLAN_DRIFTED'
  | 'PLAN_EXPIRED'
  | 'TIMEOUT'
  | 'UNAUTHENTICATED'
  | 'UNAVAILABLE'
  | 'UNKNOWN_PLAN'
  | 'USAGE';

/** An error its reader can act on: the message says what was wrong, where, and what to do. Anything else that is thrown is a bug. */
export class GovblogError extends Error {
  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'GovblogError';
  }
}

/** The message of anything that was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
