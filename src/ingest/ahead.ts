import { localTime, type Day } from '../model/time';
import type { TextFeatures } from '../text/features';
import { FeatureThread } from '../text/featureThread';
import { isPlausible, type Rules } from './judge';
import type { ParsedRow } from './outcome';
import type { IngestRecord, PostRecord } from './records';

/** Rows of one transaction: large enough to be quick, small enough that a reader never waits long for the lock. */
const ROWS_PER_BATCH = 2_000;
/** Characters of the texts of one transaction, so that long texts take no more memory than short ones. */
const CHARACTERS_PER_BATCH = 1_000_000;
/** Batches that are read, and whose features are made, while one is written. */
const BATCHES_AHEAD = 2;

/** Features of texts that were made before anybody asked; of a post that is not here, they are made when it is written. */
export type MadeFeatures = ReadonlyMap<PostRecord, TextFeatures>;
export const NONE_MADE: MadeFeatures = new Map();

export interface Batch {
  readonly rows: readonly ParsedRow[];
  readonly features: Promise<MadeFeatures>;
}

/**
 * The rows in batches, read ahead of the writer. The largest part of what a post costs is the features of its text: a second
 * thread makes them, once there is a whole batch (a smaller source is done before the thread would be ready). Where reading
 * fails, the whole batches before come first.
 *
 * @param take called for each row in order; false: the row is left out.
 */
export async function* batchesAhead(
  rows: AsyncIterable<ParsedRow>,
  rules: Rules,
  take: (row: ParsedRow) => boolean,
): AsyncGenerator<Batch, void> {
  let thread: FeatureThread | null = null;
  let failure: { readonly error: unknown } | null = null;
  const ready: Batch[] = [];
  try {
    try {
      for await (const { rows: some, whole } of inBatches(rows, take)) {
        if (whole) thread ??= FeatureThread.open(rules.text);
        ready.push({ rows: some, features: featuresAhead(some, rules, thread) });
        if (ready.length > BATCHES_AHEAD) yield ready.shift()!;
      }
    } catch (error) {
      failure = { error };
    }
    yield* ready;
    if (failure) throw failure.error;
  } finally {
    await thread?.close();
  }
}

async function* inBatches(
  rows: AsyncIterable<ParsedRow>,
  take: (row: ParsedRow) => boolean,
): AsyncGenerator<{ readonly rows: readonly ParsedRow[]; readonly whole: boolean }> {
  let batch: ParsedRow[] = [];
  let characters = 0;
  for await (const row of rows) {
    if (!take(row)) continue;
    batch.push(row);
    if ('record' in row && 'text' in row.record) characters += row.record.text.length;
    if (batch.length < ROWS_PER_BATCH && characters < CHARACTERS_PER_BATCH) continue;
    yield { rows: batch, whole: true };
    batch = [];
    characters = 0;
  }
  if (batch.length > 0) yield { rows: batch, whole: false };
}

function featuresAhead(rows: readonly ParsedRow[], { zones, now }: Rules, thread: FeatureThread | null): Promise<MadeFeatures> {
  if (thread === null) return Promise.resolve(NONE_MADE);
  const posts: PostRecord[] = [];
  const days: Day[] = [];
  const add = (record: IngestRecord): void => {
    const zone = zones.get(record.platform);
    // Others will be rejected.
    if (record.kind !== 'post' || zone === undefined || !isPlausible(record.postedAt, now)) return;
    posts.push(record);
    days.push(localTime(record.postedAt, zone).day);
  };
  for (const row of rows) {
    if ('reject' in row) continue;
    add(row.record);
    row.also?.forEach(add);
  }
  const made = thread
    .featuresOf({ texts: posts.map(({ text }) => text), days })
    .then((features) => new Map(posts.map((post, index) => [post, features[index]!])));
  // Whoever writes the batch meets the error; a load that fails before that has one already.
  made.catch(() => undefined);
  return made;
}
