import { addMarks, lockMarks } from '../store/marks';
import type { Store, Tx } from '../store/store';
import { NONE_MADE, type MadeFeatures } from './ahead';
import { AccountBook, type AccountId } from './accountBook';
import type { CitizenHash } from './citizens';
import { judge, type Rules } from './judge';
import { emptyTally, type ParsedRow, type Reject, type Tally } from './outcome';
import type { AccountRecord, FollowRecord, IngestRecord, InteractionRecord, PostRecord, StatusRecord } from './records';
import { writeAccounts } from './writeAccounts';
import { writeFollows } from './writeFollows';
import { writeInteractions } from './writeInteractions';
import { writePosts } from './writePosts';
import { settleStatuses, writeSpans, writeStatuses, type Span } from './writeStatuses';

type Fate = 'accepted' | 'updated' | 'unchanged' | { readonly field: string; readonly reason: string };

/** A record on its way into the store, and the one call that says what became of it. */
export interface Pending<R extends IngestRecord> {
  readonly record: R;
  readonly settle: (fate: Fate) => void;
}

export interface Written {
  readonly tally: Tally;
  readonly rejects: readonly Reject[];
}

/** What a batch is written with. */
export interface WriteTools {
  readonly store: Store;
  readonly rules: Rules;
  readonly hash: CitizenHash;
  readonly batchId: number;
}

/**
 * Writes one batch of parsed rows in one transaction: accounts, then posts, then interactions, then the marks of the
 * days that became stale. Every row is settled exactly once.
 *
 * @param made features of posts that were made before; the others are made here.
 */
export async function writeBatch(
  tx: Tx,
  rows: readonly ParsedRow[],
  { store, rules, hash, batchId }: WriteTools,
  made: MadeFeatures = NONE_MADE,
): Promise<Written> {
  await lockMarks(store, tx);
  const { pending, tally, rejects } = judged(rows, rules);
  const book = await AccountBook.read(
    tx,
    pending.flatMap(({ record }) => accountsOf(record)),
    rules,
  );
  const statuses = ofKind<StatusRecord>(pending, 'status');
  await writeAccounts(tx, ofKind<AccountRecord>(pending, 'account'), book, rules, batchId);
  await writeStatuses(tx, statuses, batchId);
  await writePosts(tx, ofKind<PostRecord>(pending, 'post'), book, { rules, batchId, made });
  await settleStatuses(tx, statuses, book);
  await writeInteractions(tx, ofKind<InteractionRecord>(pending, 'interaction'), book, hash, batchId);
  await writeFollows(tx, ofKind<FollowRecord>(pending, 'follow'), hash, batchId);
  await addMarks(tx, await book.write(tx, hash), `ingest ${batchId}`, new Date(rules.now));
  return { tally, rejects };
}

/** Keeps which crawls of a load were exhaustive, and marks what that changes, in one transaction. */
export async function writeCrawls(tx: Tx, spans: readonly Span[], { store, rules, hash, batchId }: WriteTools): Promise<void> {
  await lockMarks(store, tx);
  const book = await AccountBook.read(tx, spans, rules);
  await writeSpans(tx, spans, book, batchId);
  await addMarks(tx, await book.write(tx, hash), `ingest ${batchId}`, new Date(rules.now));
}

/** Judges every row as a whole: it is taken with all its records, or goes to quarantine with the first thing wrong. */
function judged(rows: readonly ParsedRow[], rules: Rules): Written & { pending: Pending<IngestRecord>[] } {
  const tally = emptyTally();
  const rejects: Reject[] = [];
  const pending: Pending<IngestRecord>[] = [];
  for (const row of rows) {
    const reject = (field: string | null, reason: string): void => {
      rejects.push('reject' in row ? row.reject : { origin: row.origin, raw: row.raw, field, reason });
      tally.rejected += 1;
    };
    if ('reject' in row) {
      reject(null, '');
      continue;
    }
    const records = row.also === undefined ? [row.record] : [row.record, ...row.also];
    const wrong = records.map((record) => judge(record, rules)).find((one) => one !== null);
    if (wrong) {
      reject(wrong.field, wrong.reason);
      continue;
    }
    if (records.length === 1) {
      pending.push({
        record: row.record,
        settle: (fate) => {
          if (typeof fate === 'string') tally[fate] += 1;
          else reject(fate.field, fate.reason);
        },
      });
      continue;
    }
    const fates: Fate[] = [];
    records.forEach((record, index) =>
      pending.push({
        record,
        settle: (fate) => {
          fates[index] = fate;
          if (fates.filter((one) => one !== undefined).length < records.length) return;
          const refused = fates.find((one) => typeof one === 'object');
          if (typeof refused === 'object') reject(refused.field, refused.reason);
          else tally[fateOf(fates as (keyof Tally)[])] += 1;
        },
      }),
    );
  }
  return { pending, tally, rejects };
}

/** A row is new when what it is about is; else it changed something or it did not. */
const fateOf = ([own, ...others]: readonly (keyof Tally)[]): keyof Tally =>
  own === 'unchanged' && others.some((one) => one !== 'unchanged') ? 'updated' : own!;

/** Accounts that a record names; a writer may turn out to be one. */
function accountsOf(record: IngestRecord): AccountId[] {
  if (record.kind === 'account' || record.kind === 'post') return [record];
  if (record.kind !== 'interaction') return [];
  return [record.accountId, record.writerId].flatMap((accountId) => (accountId ? [{ platform: record.platform, accountId }] : []));
}

const ofKind = <R extends IngestRecord>(pending: readonly Pending<IngestRecord>[], kind: R['kind']): Pending<R>[] =>
  pending.filter(({ record }) => record.kind === kind) as unknown as Pending<R>[];
