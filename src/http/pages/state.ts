import type { OpenSnapshot, Reader } from '../../answer/reader';
import { GovblogError } from '../../errors';
import { DATASET } from '../../export/dataset';

/** The newest snapshot, or null before the first is published. */
export async function newestSnapshot(reader: Reader): Promise<OpenSnapshot | null> {
  try {
    return await reader.open();
  } catch (error) {
    if (error instanceof GovblogError && error.code === 'NOT_PUBLISHED') return null;
    throw error;
  }
}

/** What a reader must know before believing any number of the page; null when the data are published and observed. */
export function noticeOf(open: OpenSnapshot | null): string | null {
  if (open === null)
    return 'Nothing is published yet. On a first start the data are still being loaded: reload in a minute. Otherwise load data with `govblog ingest`, then run the jobs with `govblog run`.';
  return open.snapshot.synthetic ? DATASET.syntheticNote : null;
}
