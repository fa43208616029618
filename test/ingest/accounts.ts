import { localTime } from '../../src/model/time';
import type { Reject } from '../../src/ingest/outcome';
import type { Reading } from '../../src/ingest/reading';
import type { AccountRecord } from '../../src/ingest/records';
import {
  NO_REASONS,
  STATED,
  UNKNOWN,
  versionsOf,
  VERSIONED,
  type AttributeObservation,
  type Derive,
  type Statement,
} from '../../src/ingest/versions';

const NAMES = {
  screen_name: 'screenName', account_type: 'accountType', region: 'region', prefecture: 'prefecture', sector: 'sector', level: 'level', verified: 'verified',
  verified_type: 'verifiedType', verified_reason: 'verifiedReason', description: 'description', location: 'location',
} as const satisfies Record<(typeof STATED)[number], keyof AccountRecord>; // prettier-ignore

/** All account records of a reading, what a row says besides among them, in their order. */
export async function accountsIn(reading: Reading): Promise<{ accounts: AccountRecord[]; rejects: Reject[] }> {
  const accounts: AccountRecord[] = [];
  const rejects: Reject[] = [];
  for await (const row of reading.rows()) {
    if ('reject' in row) rejects.push(row.reject);
    else for (const record of [row.record, ...(row.also ?? [])]) if (record.kind === 'account') accounts.push(record);
  }
  return { accounts, rejects };
}

/** Without rules: what is stated, and unknown where nothing is. */
const asStated: Derive = (statement) => ({
  ...(Object.fromEntries(VERSIONED.map((name) => [name, statement[name] ?? UNKNOWN[name]])) as typeof UNKNOWN),
  ...NO_REASONS,
});

/** The type-2 history of the records of one account. */
export const accountHistory = (records: readonly AccountRecord[], zone = 'UTC') =>
  versionsOf(
    records.map((record, seq): AttributeObservation => ({
      observedAt: new Date(record.observedAt).toISOString(),
      seq,
      from: record.validFrom ?? localTime(record.observedAt, zone).day,
      to: record.validTo ?? null,
      ends: record.deleted ?? false,
      statement: Object.fromEntries(
        STATED.map((name) => {
          const value = record[NAMES[name]] ?? null;
          return [name, typeof value === 'boolean' ? Number(value) : value];
        }),
      ) as Statement,
    })),
    asStated,
  ).map(({ valid_from: from, valid_to: to, attributes }) => ({ from, to, ...attributes }));
