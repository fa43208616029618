import { localTime } from '../model/time';
import type { Clock } from '../clock';
import type { Store } from '../store/store';
import { CHUNK_ROWS, sqlText, type StageType, type Workshop } from './duckdb';
import type { Files, WarehouseFile } from './files';

/** A dimension table of the snapshot: what is read from the store, in a fixed order, so that equal rows make equal files. */
interface DimensionTable {
  readonly table: string;
  readonly columns: Readonly<Record<string, StageType>>;
  readonly sql: string;
}

const named = { code: 'text', parent_code: 'text', name: 'text', name_zh: 'text' } as const;
const sourced = { source: 'text', confidence: 'text' } as const;

const TABLES: readonly DimensionTable[] = [
  {
    table: 'dim_account',
    columns: {
      account_key: 'count', platform: 'text', account_id: 'text', opened_on: 'text', first_post_on: 'text', last_post_on: 'text',
      first_observed_on: 'text', last_observed_on: 'text',
    }, // prettier-ignore
    sql: `SELECT account_key, platform, account_id, opened_on, first_post_on, last_post_on, first_observed_on, last_observed_on
          FROM account ORDER BY account_key`,
  },
  {
    table: 'dim_account_version',
    columns: {
      account_key: 'count', valid_from: 'text', valid_to: 'text', screen_name: 'text', account_type: 'text', region: 'text', prefecture: 'text',
      sector: 'text', level: 'text', verified: 'boolean', verified_type: 'text', verified_reason: 'text', account_type_by: 'text',
      region_by: 'text', prefecture_by: 'text', sector_by: 'text', level_by: 'text',
    }, // prettier-ignore
    sql: `SELECT account_key, valid_from, valid_to, screen_name, account_type, region, prefecture, sector, level, verified, verified_type, verified_reason,
                 account_type_by, region_by, prefecture_by, sector_by, level_by
          FROM account_version ORDER BY account_key, valid_from`,
  },
  {
    table: 'dim_region',
    columns: { ...named, kind: 'text', iso_3166_2: 'text', nbs_region: 'text', geo_region: 'text', ...sourced },
    sql: 'SELECT code, parent_code, name, name_zh, kind, iso_3166_2, nbs_region, geo_region, source, confidence FROM region ORDER BY code',
  },
  {
    table: 'dim_sector',
    columns: { ...named, ...sourced },
    sql: 'SELECT code, parent_code, name, name_zh, source, confidence FROM sector ORDER BY code',
  },
  {
    table: 'dim_level',
    columns: { ...named, cadre_rank: 'text', units: 'integer', ...sourced },
    sql: 'SELECT code, NULL AS parent_code, name, name_zh, cadre_rank, units_end_2011, source, confidence FROM admin_level ORDER BY code',
  },
  {
    table: 'dim_account_type',
    columns: { ...named, ...sourced },
    sql: 'SELECT code, parent_code, name, name_zh, source, confidence FROM account_type ORDER BY code',
  },
  {
    table: 'dim_verified_type',
    columns: { ...named, ...sourced },
    sql: 'SELECT code, NULL AS parent_code, meaning, meaning_zh, source, confidence FROM verified_type ORDER BY code',
  },
  {
    table: 'dim_content_category',
    columns: { ...named, description: 'text', ...sourced },
    sql: 'SELECT code, NULL AS parent_code, name, name_zh, description, source, confidence FROM content_category ORDER BY code',
  },
  {
    table: 'dim_content_rule',
    columns: {
      id: 'text',
      priority: 'integer',
      category: 'text',
      pattern: 'text',
      excludes: 'text',
      terms: 'text',
      note: 'text',
      ...sourced,
    },
    sql: 'SELECT id, priority, category, pattern, excludes, terms, note, source, confidence FROM content_rule ORDER BY priority, id',
  },
  {
    table: 'dim_lexicon',
    columns: { term: 'text', kind: 'text', since: 'text', meaning: 'text', ...sourced },
    sql: 'SELECT term, kind, since, meaning, source, confidence FROM lexicon ORDER BY kind, term',
  },
  {
    table: 'dim_account_rule',
    columns: {
      id: 'text', attribute: 'text', priority: 'integer', when_verified_type: 'text', when_account_type: 'text', field: 'text', pattern: 'text',
      excludes: 'text', value: 'text', confidence: 'text', note: 'text', source: 'text',
    }, // prettier-ignore
    sql: `SELECT id, attribute, priority, when_verified_type, when_account_type, field, pattern, excludes, value, confidence, note, source
          FROM account_rule ORDER BY attribute, priority, id`,
  },
  {
    table: 'dim_platform',
    columns: { ...named, time_zone: 'text', likes_since: 'text', synthetic: 'boolean', ...sourced },
    sql: 'SELECT code, NULL AS parent_code, name, name_zh, time_zone, likes_since, synthetic, source, confidence FROM platform ORDER BY code',
  },
  {
    table: 'dim_indicator',
    columns: { region_code: 'text', indicator: 'text', year: 'integer', value: 'number', unit: 'text', ...sourced },
    sql: 'SELECT region_code, indicator, year, value, unit, source, confidence FROM indicator ORDER BY region_code, indicator, year',
  },
  {
    table: 'dim_source',
    columns: { code: 'text', reference: 'text', kind: 'text', what_was_read: 'text' },
    sql: 'SELECT code, reference, kind, what_was_read FROM source ORDER BY code',
  },
];

export interface TableFile extends WarehouseFile {
  readonly table: string;
  readonly rows: number;
}

/** Writes the dimension tables as they are in the store now; an unchanged table is the file that is there already. */
export async function writeDimensions(store: Store, workshop: Workshop, files: Files): Promise<TableFile[]> {
  const written: TableFile[] = [];
  for (const { table, columns, sql } of TABLES) {
    const rows = await workshop.stage(table, columns, store.stream(sql, [], CHUNK_ROWS));
    const temporary = files.temporary(table);
    try {
      await workshop.run(`copy ${table} to ${sqlText(temporary)} (format parquet, compression zstd)`);
      written.push({ table, rows, ...(await files.adopt(temporary, `dimensions/${table}`)) });
    } catch (error) {
      files.discard(temporary);
      throw error;
    }
  }
  return written;
}

/** The local date of a snapshot, for its name: where the analysts of the default schedule live. */
export const snapshotDay = (clock: Clock, zone: string): string => localTime(clock.now().getTime(), zone).day.replaceAll('-', '');
