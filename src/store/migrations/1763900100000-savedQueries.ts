import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';
import { instant, longText, NULLABLE, PRIMARY, text } from './columns';

const SAVED_QUERY = new Table({
  name: 'saved_query',
  columns: [
    text('id', 32, PRIMARY),
    text('snapshot_id', 40),
    longText('question'),
    text('result_hash', 64),
    text('title', 200, NULLABLE),
    text('saved_by', 80, NULLABLE),
    instant('saved_at'),
  ],
  indices: [{ name: 'ix_saved_query_snapshot', columnNames: ['snapshot_id'] }],
  foreignKeys: [
    {
      name: 'fk_saved_query_snapshot',
      columnNames: ['snapshot_id'],
      referencedTableName: 'snapshot',
      referencedColumnNames: ['id'],
      onDelete: 'RESTRICT',
      onUpdate: 'RESTRICT',
    },
  ],
});

/** Questions that are cited, each holding its snapshot. */
export class SavedQueries1763900100000 implements MigrationInterface {
  name = 'SavedQueries1763900100000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(SAVED_QUERY.clone());
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(SAVED_QUERY.name);
  }
}
