import { toSqlInstant } from '../model/time';
import type { Store, Tx } from './store';

/**
 * Takes the lock that everyone who changes inputs of facts holds until commit. It makes marks appear in the order of
 * their numbers: a run that read mark 10 can be sure that everything under marks 1 to 10 was visible to it.
 */
export async function lockMarks(store: Store, tx: Tx): Promise<void> {
  // SQLite's write transaction is already alone.
  if (store.dialect === 'mysql') await tx.query('SELECT value FROM mark_sequence WHERE id = 1 FOR UPDATE');
}

/** Records days whose facts must be rebuilt. The caller holds the lock of `lockMarks`. */
export async function addMarks(
  tx: Tx,
  ranges: readonly { readonly fact: string; readonly from: string; readonly to: string }[],
  reason: string,
  at: Date,
): Promise<void> {
  if (ranges.length === 0) return;
  const [row] = await tx.query<{ value: number }>('SELECT value FROM mark_sequence WHERE id = 1');
  const first = Number(row!.value) + 1;
  const columns = ['mark', 'fact', 'from_day', 'to_day', 'reason', 'created_at'];
  await tx.insert(
    'stale_range',
    columns,
    ranges.map(({ fact, from, to }, index) => [first + index, fact, from, to, reason.slice(0, 200), toSqlInstant(at.getTime())]),
  );
  await tx.run('UPDATE mark_sequence SET value = ? WHERE id = 1', [first + ranges.length - 1]);
}

/** Takes the next number without a range of days: for what is itself a mark. The caller holds the lock of `lockMarks`. */
export async function takeMark(tx: Tx): Promise<number> {
  const [row] = await tx.query<{ value: number }>('SELECT value FROM mark_sequence WHERE id = 1');
  const mark = Number(row!.value) + 1;
  await tx.run('UPDATE mark_sequence SET value = ? WHERE id = 1', [mark]);
  return mark;
}

/** The newest mark: what a run that starts now will have seen. */
export async function currentMark(store: Store): Promise<number> {
  const [row] = await store.query<{ value: number }>('SELECT value FROM mark_sequence WHERE id = 1');
  return Number(row!.value);
}
