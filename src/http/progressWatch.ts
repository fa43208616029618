import { GovblogError, messageOf } from '../errors';
import type { Log } from '../log';
import type { Operations } from '../runner/operations';
import { progressOf } from '../runner/progress';

type Listener = (data: string) => void;

/** Looks at the store while somebody listens, once for all of them, and tells what has changed. */
export interface ProgressWatch {
  /** Tells the state at once and then every change of it, as JSON; the result ends that. LIMIT_EXCEEDED when too many listen. */
  listen(listener: Listener): () => void;
  listeners(): number;
}

/** Time between the end of one look and the next. */
const PAUSE_MS = 1_000;
export const MOST_LISTENERS = 50;

export function watchProgress(operations: Operations, log: Log): ProgressWatch {
  const listeners = new Map<Listener, string | null>();
  let timer: NodeJS.Timeout | null = null;
  let looking = false;
  /** Backfills that were live at the last look: how they ended is told once more. */
  let seen: number[] = [];

  const look = async (): Promise<void> => {
    looking = true;
    try {
      const progress = await progressOf(operations, seen);
      seen = progress.backfills.filter(({ status }) => ['queued', 'running', 'paused'].includes(status)).map(({ id }) => id);
      const data = JSON.stringify(progress);
      for (const [listener, told] of [...listeners])
        if (told !== data && listeners.has(listener)) {
          listeners.set(listener, data);
          listener(data);
        }
    } catch (error) {
      // The store may be away for a moment; whoever listens hears of it when it is back.
      log('progress.failed', { error: messageOf(error) });
    } finally {
      looking = false;
      schedule(PAUSE_MS);
    }
  };
  const schedule = (ms: number): void => {
    if (timer) clearTimeout(timer);
    timer = listeners.size === 0 ? null : setTimeout(() => void look(), ms);
    timer?.unref();
  };

  return {
    listeners: () => listeners.size,
    listen: (listener) => {
      if (listeners.size >= MOST_LISTENERS)
        throw new GovblogError(
          'LIMIT_EXCEEDED',
          `${MOST_LISTENERS} connections listen already; close one, or ask \`{ backfills { … } }\` now and then.`,
        );
      listeners.set(listener, null);
      if (!looking) schedule(0);
      return () => {
        listeners.delete(listener);
        if (!looking) schedule(PAUSE_MS);
      };
    },
  };
}
