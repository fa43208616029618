import type { Clock } from '../clock';
import type { Log } from '../log';
import type { Store } from '../store/store';
import type { Files } from '../warehouse/files';
import type { Ledger } from '../warehouse/ledger';

export interface RunnerTools {
  readonly store: Store;
  readonly ledger: Ledger;
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Log;
  readonly buildMemoryMb: number;
  readonly tempDir: string;
  readonly onProgress?: (job: string, done: number, total: number) => void;
  /** Attempts at a partition that fails by its data, before it is left alone; unless given, `MAX_ATTEMPTS`. */
  readonly maxAttempts?: number;
  /** True between two nights: what failed is not tried before its pause is over. A night tries it anyway. */
  readonly heedPauses?: boolean;
  /** Partitions that this process builds at once; unless given, one. */
  readonly builders?: number;
  /** Who or what the ledger names as having asked: `schedule`, `start`, the name of a person. */
  readonly requestedBy?: string;
  /** Given when the process is to stop: what is being built is broken off. */
  readonly signal?: AbortSignal;
}

/** What GOVBLOG_MAX_ATTEMPTS is unless set. */
export const MAX_ATTEMPTS = 5;

export interface RunOutcome {
  readonly job: string;
  readonly published: number;
  readonly failed: number;
  /** Partitions that another process holds. */
  readonly elsewhere: number;
  /** Missing partitions that were left alone, because they failed too often; absent when there are none. */
  readonly poisoned?: number;
  /** Partitions whose backfill was cancelled while they were built, or whose process is to stop; absent when there are none. */
  readonly cancelled?: number;
}
