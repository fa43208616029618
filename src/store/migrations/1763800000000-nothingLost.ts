import { Table, TableColumn, TableIndex, type MigrationInterface, type QueryRunner, type TableColumnOptions } from 'typeorm';
import { bigint, boolean, id, instant, int, longText, NULLABLE, PRIMARY, text } from './columns';

const TABLES = [
  new Table({
    name: 'post_status',
    columns: [
      text('platform', 16, PRIMARY),
      text('post_id', 40, PRIMARY),
      instant('observed_at', PRIMARY),
      text('status', 8, PRIMARY),
      text('actor', 8, PRIMARY),
      text('evidence', 400, NULLABLE),
      int('batch_id'),
    ],
  }),
  new Table({
    name: 'crawl_span',
    columns: [
      bigint('account_key', PRIMARY),
      instant('observed_at', PRIMARY),
      instant('from_at', PRIMARY),
      instant('to_at', PRIMARY),
      int('batch_id'),
    ],
  }),
  new Table({
    name: 'follow',
    columns: [
      text('platform', 16, PRIMARY),
      text('followed_hash', 64, PRIMARY),
      text('follower_hash', 64, PRIMARY),
      instant('first_seen_at'),
      instant('last_seen_at'),
      int('batch_id'),
    ],
  }),
  new Table({
    name: 'account_decision',
    columns: [
      id('id'),
      bigint('account_key'),
      text('attribute', 16),
      text('value', 24, NULLABLE),
      text('decided_by', 80),
      text('note', 400, NULLABLE),
      instant('decided_at'),
    ],
    indices: [{ name: 'ix_decision_account', columnNames: ['account_key'] }],
  }),
  new Table({
    name: 'account_rule',
    columns: [
      text('id', 16, PRIMARY),
      text('attribute', 16),
      int('priority'),
      text('when_verified_type', 80),
      text('when_account_type', 80),
      text('field', 24),
      text('pattern', 600),
      text('excludes', 600),
      text('value', 24),
      text('confidence', 40),
      text('note', 400),
      text('source', 200),
    ],
  }),
  new Table({
    name: 'lexicon',
    columns: [
      text('term', 40, PRIMARY),
      text('kind', 16, PRIMARY),
      text('since', 10),
      text('meaning', 200),
      text('source', 200),
      text('confidence', 200),
    ],
  }),
  new Table({
    name: 'content_rule',
    columns: [
      text('id', 16, PRIMARY),
      int('priority'),
      text('category', 16),
      text('pattern', 600),
      text('excludes', 600),
      longText('terms'),
      text('note', 400),
      text('source', 200),
      text('confidence', 200),
    ],
  }),
  new Table({
    name: 'content_category',
    columns: [
      text('code', 16, PRIMARY),
      text('name', 80),
      text('name_zh', 80),
      text('description', 400),
      text('source', 200),
      text('confidence', 200),
    ],
  }),
  new Table({
    name: 'source_bucket',
    columns: [text('source_hash', 64, PRIMARY), int('bucket', PRIMARY), text('table_name', 200), bigint('row_count'), text('checksum', 16)],
  }),
  new Table({
    name: 'store_property',
    columns: [text('name', 40, PRIMARY), text('value', 200)],
  }),
];

const COLUMNS: Readonly<Record<string, readonly TableColumnOptions[]>> = {
  post: [
    text('raw_counters', 160, NULLABLE),
    text('status', 8, { default: "'VISIBLE'" }),
    text('status_actor', 8, NULLABLE),
    instant('missed_at', NULLABLE),
    text('text_rules', 12, NULLABLE),
    int('questions', NULLABLE),
    int('mentions', NULLABLE),
    int('links', NULLABLE),
    int('hashtags', NULLABLE),
    int('slang', NULLABLE),
    int('emoticons', NULLABLE),
    int('formal', NULLABLE),
    int('informal', NULLABLE),
    int('tokens', NULLABLE),
    text('category', 16, NULLABLE),
  ],
  post_observation: [text('raw_counters', 160, NULLABLE)],
  account_observation: [text('raw_counters', 160, NULLABLE), boolean('deleted', NULLABLE)],
  account_version: ['account_type_by', 'region_by', 'prefecture_by', 'sector_by', 'level_by'].map((name) => text(name, 16, NULLABLE)),
  interaction: [text('form', 8, { default: "'COMMENT'" }), bigint('likes', NULLABLE)],
  ingest_batch: [
    longText('options', NULLABLE),
    text('fingerprint', 64, NULLABLE),
    text('owner', 120, NULLABLE),
    instant('heartbeat_at', NULLABLE),
    instant('observed_at', NULLABLE),
  ],
  ingest_reject: [int('repaired_by', NULLABLE), longText('header', NULLABLE), instant('observed_at', NULLABLE)],
};

const INDICES: Readonly<Record<string, readonly TableIndex[]>> = {
  interaction: [
    new TableIndex({ name: 'ix_interaction_post', columnNames: ['platform', 'post_id'] }),
    new TableIndex({ name: 'ix_interaction_citizen', columnNames: ['platform', 'citizen_hash'] }),
  ],
  post: [new TableIndex({ name: 'ix_post_text_rules', columnNames: ['text_rules'] })],
};

/** Deletions, approximate counters, text features, reasons of assigned attributes, loads that can be resumed and mended. */
export class NothingLost1763800000000 implements MigrationInterface {
  name = 'NothingLost1763800000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.createTable(table.clone());
    for (const [table, columns] of Object.entries(COLUMNS))
      await runner.addColumns(
        table,
        columns.map((column) => new TableColumn(column)),
      );
    // Which account wrote the post may become known later than the comment.
    await runner.changeColumn('interaction', 'account_key', new TableColumn(bigint('account_key', NULLABLE)));
    for (const [table, indices] of Object.entries(INDICES)) await runner.createIndices(table, [...indices]);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const [table, indices] of Object.entries(INDICES)) await runner.dropIndices(table, [...indices]);
    await runner.query('DELETE FROM interaction WHERE account_key IS NULL');
    await runner.changeColumn('interaction', 'account_key', new TableColumn(bigint('account_key')));
    for (const [table, columns] of Object.entries(COLUMNS))
      await runner.dropColumns(
        table,
        columns.map(({ name }) => name),
      );
    for (const table of [...TABLES].reverse()) await runner.dropTable(table.name);
  }
}
