import { TableIndex, type MigrationInterface, type QueryRunner } from 'typeorm';

const BY_DAY = new TableIndex({ name: 'ix_post_day', columnNames: ['posted_day', 'account_key'] });
const COUNTS = new TableIndex({
  name: 'ix_post_counts',
  columnNames: ['posted_day', 'account_key', 'platform', 'original', 'mentions', 'reposts', 'comments', 'likes'],
});

/** What is added up by account and day stands in the index: a night reads no post for it. */
export class PostCounts1764000400000 implements MigrationInterface {
  name = 'PostCounts1764000400000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.createIndex('post', COUNTS);
    await runner.dropIndex('post', BY_DAY);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.createIndex('post', BY_DAY);
    await runner.dropIndex('post', COUNTS);
  }
}
