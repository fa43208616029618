import type { Clock } from '../clock';
import type { Instant } from '../model/time';
import type { Meter } from './files';
import { isPlausible } from './judge';
import type { ParsedRow } from './outcome';
import { concatenate, withRecords } from './reading';
import type { IngestRecord } from './records';

/** Stands for the time of observation of a row that does not tell it, until `collectedRows` puts the time of its file there. */
export const UNTOLD: Instant = NaN;

export interface Collected {
  /** The rows of a file, once more at each call. */
  readonly rowsOf: (file: string, meter: Meter) => AsyncIterable<ParsedRow>;
  /** When every file was collected; null: each no earlier than its newest post. */
  readonly observedAt: Instant | null;
  readonly clock: Clock;
  readonly meter: Meter;
  /** Takes the time of each file that needs one. */
  readonly times: Map<string, Instant>;
}

/**
 * The rows of a file, each with its time of observation. The newest post is looked for, by reading the file once more, as soon
 * as a row comes that does not say when it was observed; and for a row that cannot be read, since nobody knows what it would say.
 */
export async function* collectedRows(file: string, { rowsOf, observedAt, clock, meter, times }: Collected): AsyncGenerator<ParsedRow> {
  let at = observedAt;
  if (at !== null) times.set(file, at);
  for await (const row of rowsOf(file, meter)) {
    const tells = 'record' in row && !isUntold(row.record) && row.also?.some(isUntold) !== true;
    if (tells) {
      yield row;
      continue;
    }
    if (at === null) {
      const again = concatenate([file], () => rowsOf(file, { total: 0, done: 0 }));
      at = (await latestPost(again, clock.now().getTime())) ?? 0;
      if (at !== 0) times.set(file, at);
    }
    const told = at;
    const dated = (record: IngestRecord): IngestRecord =>
      'observedAt' in record && isUntold(record) ? { ...record, observedAt: told } : record;
    yield 'record' in row ? withRecords(row, [dated(row.record), ...(row.also ?? []).map(dated)]) : row;
  }
}

const isUntold = (record: IngestRecord): boolean => 'observedAt' in record && Number.isNaN(record.observedAt);

/** The newest post of some rows: what was collected was collected no earlier. A misread date in the future proves nothing. */
async function latestPost(rows: AsyncIterable<ParsedRow>, now: Instant): Promise<Instant | null> {
  let latest: Instant | null = null;
  for await (const row of rows)
    if ('record' in row && row.record.kind === 'post' && isPlausible(row.record.postedAt, now))
      latest = Math.max(latest ?? 0, row.record.postedAt);
  return latest;
}
