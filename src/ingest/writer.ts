import { addMarks, lockMarks } from '../store/marks';
import type { Store, Tx } from '../store/store';
import { AccountBook } from './accountBook';
import { judge, type Rules } from './judge';
import { emptyTally, type ParsedRow, type Reject, type Tally } from './outcome';
import type { AccountRecord, IngestRecord, InteractionRecord, PostRecord } from './records';
import { writeAccounts } from './writeAccounts';
import { writeInteractions } from './writeInteractions';
import { writePosts } from './writePosts';

/** A record on its way into the store, and the one call that says what became of it. */
export interface Pending<R extends IngestRecord> {
  readonly record: R;
  readonly settle: (fate: 'accepted' | 'updated' | 'unchanged' | { readonly field: string; readonly reason: string }) => void;
}

export interface Written {
  readonly tally: Tally;
  readonly rejects: readonly Reject[];
}

/**
 * Writes one batch of parsed rows in one transaction: accounts, then posts, then interactions, then the marks of the
 * days that became stale. Every row is settled exactly once.
 */
export async function writeBatch(
  store: Store,
  tx: Tx,
  rows: readonly ParsedRow[],
  rules: Rules,
  batchId: number,
  reason: string,
): Promise<Written> {
  await lockMarks(store, tx);
  const tally = emptyTally();
  const rejects: Reject[] = [];
  const reject = (one: Reject): void => {
    rejects.push(one);
    tally.rejected += 1;
  };
  const pending: Pending<IngestRecord>[] = [];
  for (const row of rows) {
    if ('reject' in row) {
      reject(row.reject);
      continue;
    }
    const wrong = judge(row.record, rules);
    if (wrong) reject({ origin: row.origin, raw: row.raw, ...wrong });
    else
      pending.push({
        record: row.record,
        settle: (fate) => {
          if (typeof fate === 'string') tally[fate] += 1;
          else reject({ origin: row.origin, raw: row.raw, ...fate });
        },
      });
  }
  const book = await AccountBook.read(
    tx,
    pending.map(({ record }) => record),
    rules,
  );
  await writeAccounts(tx, ofKind<AccountRecord>(pending, 'account'), book, rules, batchId);
  await writePosts(tx, ofKind<PostRecord>(pending, 'post'), book, batchId);
  await writeInteractions(tx, ofKind<InteractionRecord>(pending, 'interaction'), book, batchId);
  await addMarks(tx, await book.write(tx), reason, new Date(rules.now));
  return { tally, rejects };
}

const ofKind = <R extends IngestRecord>(pending: readonly Pending<IngestRecord>[], kind: R['kind']): Pending<R>[] =>
  pending.filter(({ record }) => record.kind === kind) as unknown as Pending<R>[];
