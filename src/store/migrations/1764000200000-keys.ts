import { Table, type MigrationInterface, type QueryRunner } from 'typeorm';
import { id, instant, NULLABLE, PRIMARY, text } from './columns';

const API_KEY = new Table({
  name: 'api_key',
  columns: [
    text('id', 16, PRIMARY),
    text('name', 80),
    text('role', 16),
    text('hash', 64),
    instant('created_at'),
    instant('last_used_at', NULLABLE),
    instant('revoked_at', NULLABLE),
  ],
});

const AUDIT_LOG = new Table({
  name: 'audit_log',
  columns: [
    id('id'),
    instant('at'),
    text('caller', 120),
    text('action', 60),
    text('subject', 400),
    text('reason', 400, NULLABLE),
    text('outcome', 600),
  ],
  indices: [{ name: 'ix_audit_at', columnNames: ['at'] }],
});

/** Keys with their roles, and the record of what was changed by whom and why. */
export class Keys1764000200000 implements MigrationInterface {
  name = 'Keys1764000200000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createTable(API_KEY.clone());
    await runner.createTable(AUDIT_LOG.clone());
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.dropTable(AUDIT_LOG.name);
    await runner.dropTable(API_KEY.name);
  }
}
