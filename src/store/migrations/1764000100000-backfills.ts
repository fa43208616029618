import { Table, TableColumn, TableIndex, type MigrationInterface, type QueryRunner, type TableColumnOptions } from 'typeorm';
import { bigint, boolean, id, instant, int, longText, NULLABLE, PRIMARY, text } from './columns';

const TABLES = [
  new Table({
    name: 'backfill_plan',
    columns: [
      text('token', 64, PRIMARY),
      longText('plan'),
      text('planned_by', 120),
      instant('planned_at'),
      instant('expires_at'),
      int('backfill_id', NULLABLE),
    ],
  }),
  new Table({
    name: 'backfill',
    columns: [
      id('id'),
      text('token', 64),
      text('job', 40),
      text('fact', 40),
      text('from_day', 10),
      text('to_day', 10),
      longText('filter_json'),
      text('reason', 400),
      text('requested_by', 120),
      instant('requested_at'),
      text('state', 16),
    ],
    uniques: [{ name: 'uq_backfill_token', columnNames: ['token'] }],
    indices: [{ name: 'ix_backfill_state', columnNames: ['state'] }],
  }),
  new Table({
    name: 'backfill_partition',
    columns: [
      int('backfill_id', PRIMARY),
      text('partition_key', 16, PRIMARY),
      text('job', 40),
      text('from_day', 10),
      text('to_day', 10),
      int('mark'),
      text('status', 16),
      int('attempts'),
      longText('error', NULLABLE),
      int('run_id', NULLABLE),
      instant('next_attempt_at', NULLABLE),
      bigint('expected_rows'),
      bigint('expected_ms', NULLABLE),
    ],
    indices: [
      { name: 'ix_backfill_partition_status', columnNames: ['status'] },
      { name: 'ix_backfill_partition_job', columnNames: ['job', 'partition_key'] },
    ],
  }),
  new Table({
    name: 'backfill_event',
    columns: [id('id'), int('backfill_id'), text('event', 16), text('made_by', 120), instant('made_at'), text('note', 400, NULLABLE)],
    indices: [{ name: 'ix_backfill_event', columnNames: ['backfill_id'] }],
  }),
  new Table({
    name: 'night',
    columns: [
      id('id'),
      instant('planned_for', NULLABLE),
      text('reason', 40),
      text('outcome', 16),
      text('owner', 120),
      int('attempts'),
      instant('started_at'),
      instant('heartbeat_at'),
      instant('finished_at', NULLABLE),
      text('snapshot_id', 40, NULLABLE),
      longText('error', NULLABLE),
    ],
    uniques: [{ name: 'uq_night_planned', columnNames: ['planned_for'] }],
    indices: [{ name: 'ix_night_outcome', columnNames: ['outcome'] }],
  }),
];

const RUN_COLUMNS: readonly TableColumnOptions[] = [
  int('attempt', { default: 1 }),
  boolean('transient', { default: 0 }),
  int('backfill_id', NULLABLE),
  text('requested_by', 120, NULLABLE),
  instant('next_attempt_at', NULLABLE),
];
const RUN_INDICES = [
  new TableIndex({ name: 'ix_run_next_attempt', columnNames: ['next_attempt_at'] }),
  new TableIndex({ name: 'ix_run_backfill', columnNames: ['backfill_id'] }),
];

/** Backfills with their plans, partitions and history; nights; attempts of runs and who asked for them. */
export class Backfills1764000100000 implements MigrationInterface {
  name = 'Backfills1764000100000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of TABLES) await runner.createTable(table.clone());
    await runner.addColumns(
      'partition_run',
      RUN_COLUMNS.map((column) => new TableColumn(column)),
    );
    await runner.createIndices('partition_run', [...RUN_INDICES]);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropIndices('partition_run', [...RUN_INDICES]);
    await runner.dropColumns(
      'partition_run',
      RUN_COLUMNS.map(({ name }) => name),
    );
    for (const table of [...TABLES].reverse()) await runner.dropTable(table.name);
  }
}
