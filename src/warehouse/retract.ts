import { lockMarks } from '../store/marks';
import type { Store } from '../store/store';
import { lockClaims } from './claims';
import type { Adopted, Files } from './files';

/**
 * Removes a file that a run adopted and then could not publish, because it was cancelled. It stays, for a later collection to judge,
 * when it was there before, when anything names it, when somebody has adopted it since, and when its partition is being built again.
 */
export async function retract(store: Store, files: Files, job: string, partition: string, { uri, writtenAt }: Adopted): Promise<void> {
  if (writtenAt === null) return;
  await store.write(async (tx) => {
    // Until commit no snapshot is published, nothing is collected, and nobody claims the partition and comes to the same content.
    await lockMarks(store, tx);
    await lockClaims(store, tx);
    const wanted = await tx.query(
      `SELECT uri FROM partition_run WHERE uri = ? OR (job = ? AND partition_key = ? AND running = 1)
       UNION ALL SELECT uri FROM snapshot_file WHERE uri = ?`,
      [uri, job, partition, uri],
    );
    if (wanted.length > 0 || files.find(uri)?.touchedAt.getTime() !== writtenAt.getTime()) return;
    files.remove(uri);
    await tx.run('DELETE FROM condemned_file WHERE uri = ?', [uri]);
  });
}
