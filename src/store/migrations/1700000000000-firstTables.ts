import { Table, type MigrationInterface, type QueryRunner, type TableColumnOptions } from 'typeorm';

const PRIMARY = { isPrimary: true } as const;
const NULLABLE = { isNullable: true } as const;
type Flags = Partial<TableColumnOptions>;

const text = (name: string, length: number, flags: Flags = {}): TableColumnOptions => ({
  name,
  type: 'varchar',
  length: String(length),
  ...flags,
});
const longText = (name: string, flags: Flags = {}): TableColumnOptions => ({ name, type: 'text', ...flags });
const int = (name: string, flags: Flags = {}): TableColumnOptions => ({ name, type: 'integer', ...flags });
const bigint = (name: string, flags: Flags = {}): TableColumnOptions => ({ name, type: 'bigint', ...flags });
const double = (name: string, flags: Flags = {}): TableColumnOptions => ({ name, type: 'double', ...flags });
const boolean = (name: string, flags: Flags = {}): TableColumnOptions => ({ name, type: 'boolean', ...flags });
/** UTC with milliseconds: MySQL drops them without the precision. */
const instant = (name: string, flags: Flags = {}): TableColumnOptions => ({ name, type: 'datetime', precision: 3, ...flags });
const id = (name: string): TableColumnOptions => ({
  name,
  type: 'integer',
  isPrimary: true,
  isGenerated: true,
  generationStrategy: 'increment',
});

const TABLES = [
  new Table({
    name: 'platform',
    columns: [
      text('code', 16, PRIMARY),
      text('name', 80),
      text('name_zh', 80),
      text('time_zone', 40),
      text('likes_since', 10, NULLABLE),
      boolean('synthetic'),
      text('source', 200),
      text('confidence', 200),
    ],
  }),
  new Table({
    name: 'region',
    columns: [
      text('code', 16, PRIMARY),
      text('parent_code', 16, NULLABLE),
      text('kind', 16),
      text('name', 80),
      text('name_zh', 80),
      text('name_zh_full', 80),
      text('iso_3166_2', 16, NULLABLE),
      text('nbs_region', 32, NULLABLE),
      text('nbs_region_zh', 32, NULLABLE),
      text('geo_region', 32, NULLABLE),
      text('geo_region_zh', 32, NULLABLE),
      text('geo_alt_region', 32, NULLABLE),
      text('source', 200),
      text('confidence', 200),
    ],
  }),
  new Table({
    name: 'sector',
    columns: [
      text('code', 24, PRIMARY),
      text('parent_code', 24, NULLABLE),
      text('name', 120),
      text('name_zh', 120),
      text('source', 200),
      text('confidence', 200),
    ],
  }),
  new Table({
    name: 'admin_level',
    columns: [
      text('code', 8, PRIMARY),
      int('sort_rank', NULLABLE),
      text('name', 120),
      text('name_zh', 120),
      text('cadre_rank', 120),
      text('cadre_rank_zh', 120),
      int('units_end_2011', NULLABLE),
      text('note', 400),
      text('source', 200),
      text('confidence', 200),
    ],
  }),
  new Table({
    name: 'account_type',
    columns: [
      text('code', 24, PRIMARY),
      text('parent_code', 24, NULLABLE),
      text('name', 120),
      text('name_zh', 120),
      text('identification', 400),
      text('source', 200),
      text('confidence', 200),
    ],
  }),
  new Table({
    name: 'verified_type',
    columns: [
      text('code', 16, PRIMARY),
      text('meaning', 120),
      text('meaning_zh', 120),
      text('badge', 40),
      text('relevance', 400),
      text('account_type', 24),
      text('source', 200),
      text('confidence', 200),
    ],
  }),
  new Table({
    name: 'indicator',
    columns: [
      text('region_code', 16, PRIMARY),
      text('indicator', 40, PRIMARY),
      int('year', PRIMARY),
      double('value'),
      text('unit', 40),
      text('source', 200),
      text('confidence', 200),
    ],
  }),
  new Table({
    name: 'source',
    columns: [text('code', 16, PRIMARY), text('reference', 600), text('kind', 80), text('what_was_read', 200)],
  }),
  new Table({
    name: 'account',
    columns: [
      bigint('account_key', PRIMARY),
      text('platform', 16),
      text('account_id', 64),
      text('opened_on', 10, NULLABLE),
      text('first_post_on', 10, NULLABLE),
      text('last_post_on', 10, NULLABLE),
      text('first_observed_on', 10, NULLABLE),
      text('last_observed_on', 10, NULLABLE),
    ],
    uniques: [{ name: 'uq_account_id', columnNames: ['platform', 'account_id'] }],
  }),
  new Table({
    name: 'account_observation',
    withoutRowid: true,
    columns: [
      bigint('account_key', PRIMARY),
      instant('observed_at', PRIMARY),
      int('seq', PRIMARY),
      text('observed_day', 10),
      text('valid_from', 10, NULLABLE),
      text('valid_to', 10, NULLABLE),
      text('opened_on', 10, NULLABLE),
      text('screen_name', 120, NULLABLE),
      text('account_type', 24, NULLABLE),
      text('region', 16, NULLABLE),
      text('prefecture', 16, NULLABLE),
      text('sector', 24, NULLABLE),
      text('level', 8, NULLABLE),
      boolean('verified', NULLABLE),
      text('verified_type', 16, NULLABLE),
      text('verified_reason', 400, NULLABLE),
      longText('description', NULLABLE),
      text('location', 120, NULLABLE),
      bigint('followers', NULLABLE),
      bigint('following', NULLABLE),
      bigint('posts_total', NULLABLE),
      int('batch_id'),
    ],
  }),
  new Table({
    name: 'account_version',
    columns: [
      bigint('account_key', PRIMARY),
      text('valid_from', 10, PRIMARY),
      text('valid_to', 10, NULLABLE),
      text('screen_name', 120, NULLABLE),
      text('account_type', 24),
      text('region', 16),
      text('prefecture', 16),
      text('sector', 24),
      text('level', 8),
      boolean('verified', NULLABLE),
      text('verified_type', 16),
      text('verified_reason', 400, NULLABLE),
    ],
  }),
  new Table({
    name: 'interaction',
    columns: [
      text('platform', 16, PRIMARY),
      text('interaction_id', 40, PRIMARY),
      text('post_id', 40),
      bigint('account_key'),
      text('parent_id', 40, NULLABLE),
      bigint('by_account_key', NULLABLE),
      text('citizen_hash', 64, NULLABLE),
      instant('created_at'),
      text('created_day', 10),
      longText('text'),
      int('batch_id'),
    ],
    indices: [{ name: 'ix_interaction_day', columnNames: ['created_day'] }],
  }),
  new Table({
    name: 'post',
    columns: [
      text('platform', 16, PRIMARY),
      text('post_id', 40, PRIMARY),
      bigint('account_key'),
      instant('posted_at'),
      text('posted_day', 10),
      int('posted_hour'),
      longText('text'),
      int('text_length'),
      boolean('original'),
      text('repost_of_id', 40, NULLABLE),
      bigint('reposts', NULLABLE),
      bigint('comments', NULLABLE),
      bigint('likes', NULLABLE),
      instant('observed_at'),
      int('observed_seq'),
      int('batch_id'),
    ],
    indices: [{ name: 'ix_post_day', columnNames: ['posted_day', 'account_key'] }],
  }),
  new Table({
    name: 'post_observation',
    withoutRowid: true,
    columns: [
      text('platform', 16, PRIMARY),
      text('post_id', 40, PRIMARY),
      instant('observed_at', PRIMARY),
      int('seq', PRIMARY),
      bigint('reposts', NULLABLE),
      bigint('comments', NULLABLE),
      bigint('likes', NULLABLE),
      int('batch_id'),
    ],
  }),
  new Table({
    name: 'ingest_batch',
    columns: [
      id('id'),
      text('format', 40),
      text('source', 600),
      text('status', 16),
      instant('started_at'),
      instant('finished_at', NULLABLE),
      bigint('rows_read'),
      bigint('accepted'),
      bigint('updated'),
      bigint('unchanged'),
      bigint('rejected'),
      longText('error', NULLABLE),
    ],
  }),
  new Table({
    name: 'ingest_reject',
    columns: [
      id('id'),
      int('batch_id'),
      text('file', 600),
      int('line'),
      text('field', 120, NULLABLE),
      text('reason', 600),
      longText('raw'),
    ],
    indices: [{ name: 'ix_reject_batch', columnNames: ['batch_id'] }],
  }),
  new Table({
    name: 'stale_range',
    columns: [int('mark', PRIMARY), text('fact', 40), text('from_day', 10), text('to_day', 10), text('reason', 200), instant('created_at')],
  }),
  new Table({
    name: 'mark_sequence',
    columns: [int('id', PRIMARY), int('value')],
  }),
  new Table({
    name: 'partition_run',
    columns: [
      id('id'),
      text('job', 40),
      text('partition_key', 16),
      int('running', NULLABLE),
      text('status', 16),
      text('from_day', 10),
      text('to_day', 10),
      text('definition', 64),
      int('input_mark'),
      text('reason', 400),
      text('owner', 120),
      instant('started_at'),
      instant('heartbeat_at'),
      instant('finished_at', NULLABLE),
      bigint('source_rows', NULLABLE),
      bigint('fact_rows', NULLABLE),
      text('uri', 200, NULLABLE),
      bigint('bytes', NULLABLE),
      text('sha256', 64, NULLABLE),
      longText('error', NULLABLE),
    ],
    uniques: [{ name: 'uq_partition_running', columnNames: ['job', 'partition_key', 'running'] }],
    indices: [{ name: 'ix_run_partition', columnNames: ['job', 'partition_key', 'status'] }],
  }),
  new Table({
    name: 'snapshot',
    columns: [
      text('id', 40, PRIMARY),
      int('sequence'),
      instant('published_at'),
      text('content_hash', 64),
      text('from_day', 10),
      text('watermark', 10),
      boolean('synthetic'),
    ],
    uniques: [{ name: 'uq_snapshot_content', columnNames: ['content_hash'] }],
  }),
  new Table({
    name: 'snapshot_file',
    columns: [
      text('snapshot_id', 40, PRIMARY),
      text('uri', 200, PRIMARY),
      text('table_name', 40),
      text('from_day', 10, NULLABLE),
      text('to_day', 10, NULLABLE),
      bigint('fact_rows'),
      bigint('bytes'),
      text('sha256', 64),
    ],
  }),
];

/** The tables of the first release. A migration is never edited after its release: the next change is the next file. */
export class FirstTables1700000000000 implements MigrationInterface {
  name = 'FirstTables1700000000000';

  async up(runner: QueryRunner): Promise<void> {
    const mysql = runner.connection.options.type === 'mysql';
    // Binary collation: ids and screen names that differ in case or width are different, as they are in SQLite and DuckDB.
    if (mysql) await runner.query('ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_bin');
    for (const table of TABLES) await runner.createTable(table.clone());
    await runner.query('INSERT INTO mark_sequence (id, value) VALUES (1, 0)');
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [...TABLES].reverse()) await runner.dropTable(table.name);
  }
}
