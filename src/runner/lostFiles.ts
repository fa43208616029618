import { GovblogError } from '../errors';
import type { Log } from '../log';
import type { Store } from '../store/store';
import { NEWEST_PUBLISHED } from '../warehouse/collect';
import type { Files } from '../warehouse/files';

/**
 * Takes back the publication of runs whose files are gone or cut off, so that their partitions are missing and are built again:
 * equal data make the same file, which old snapshots name too. Returns how many.
 *
 * @throws GovblogError CONFLICT when none of the files is there: the folder is more likely another one than everything lost.
 */
export async function disownLostFiles({
  store,
  files,
  log,
}: {
  readonly store: Store;
  readonly files: Files;
  readonly log: Log;
}): Promise<number> {
  const runs = await store.query<{ id: number; uri: string; bytes: number } & Record<'job' | 'partition_key', string>>(
    `SELECT r.id, r.job, r.partition_key, r.uri, r.bytes FROM partition_run r WHERE ${NEWEST_PUBLISHED}`,
  );
  const lost = runs.filter(({ uri, bytes }) => files.find(uri)?.bytes !== bytes);
  if (lost.length > 0 && lost.length === runs.length)
    throw new GovblogError(
      'CONFLICT',
      `None of the ${runs.length} published files is in the data folder. If it is the right one (GOVBLOG_DATA_DIR, a disk that is not mounted), bring the files back from a backup.`,
    );
  for (const { id, job, partition_key: partition, uri } of lost) {
    // What was cut off would otherwise be taken for the same content when it is built again.
    files.remove(uri);
    // Earlier runs of the same content too: each would stand for the partition in its turn.
    await store.write((tx) =>
      tx.run("UPDATE partition_run SET status = 'abandoned', error = ? WHERE uri = ? AND status = 'published'", [
        `Its file ${uri} was lost after it was published.`,
        uri,
      ]),
    );
    log('file.lost', { job, partition, run: id, uri });
  }
  return lost.length;
}
