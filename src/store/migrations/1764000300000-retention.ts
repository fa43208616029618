import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';
import { boolean, id, instant, int, longText, NULLABLE, PRIMARY, text } from './columns';

const TABLES = [
  new Table({
    name: 'audit_result',
    columns: [
      id('id'),
      int('run_id'),
      text('audit', 80),
      text('severity', 8),
      text('outcome', 16),
      longText('message', NULLABLE),
      longText('sample', NULLABLE),
      int('override_id', NULLABLE),
    ],
    indices: [
      { name: 'ix_audit_result_run', columnNames: ['run_id'] },
      { name: 'ix_audit_result_outcome', columnNames: ['outcome'] },
    ],
  }),
  new Table({
    name: 'audit_override',
    columns: [
      id('id'),
      text('job', 40),
      text('partition_key', 16),
      text('audit', 80),
      text('definition', 64),
      int('input_mark'),
      text('from_day', 10),
      text('to_day', 10),
      int('run_id'),
      text('reason', 400),
      text('made_by', 120),
      instant('made_at'),
    ],
    indices: [{ name: 'ix_audit_override', columnNames: ['job', 'partition_key'] }],
  }),
  new Table({
    name: 'snapshot_pin',
    columns: [text('snapshot_id', 40, PRIMARY), text('reason', 400), text('pinned_by', 120), instant('pinned_at')],
    foreignKeys: [
      {
        name: 'fk_snapshot_pin_snapshot',
        columnNames: ['snapshot_id'],
        referencedTableName: 'snapshot',
        referencedColumnNames: ['id'],
        onDelete: 'RESTRICT',
        onUpdate: 'RESTRICT',
      },
    ],
  }),
  new Table({
    name: 'snapshot_tombstone',
    columns: [
      text('id', 40, PRIMARY),
      instant('published_at'),
      text('content_hash', 64),
      text('from_day', 10),
      text('watermark', 10),
      boolean('synthetic'),
      instant('deleted_at'),
      text('deleted_by', 120),
      text('reason', 400),
    ],
  }),
  new Table({
    name: 'snapshot_import',
    columns: [
      text('snapshot_id', 40, PRIMARY),
      instant('imported_at'),
      text('imported_by', 120),
      text('archive', 200),
      longText('audit_notes'),
    ],
  }),
  new Table({
    name: 'condemned_file',
    columns: [text('uri', 200, PRIMARY), instant('condemned_at')],
  }),
];

/** What audits found and who overrode them; snapshots that are pinned, imported or deleted; files that are about to be deleted. */
export class Retention1764000300000 implements MigrationInterface {
  name = 'Retention1764000300000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.createTable(table.clone());
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { name } of [...TABLES].reverse()) await runner.dropTable(name);
  }
}
