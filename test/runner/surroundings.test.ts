import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { isOfSurroundings } from '../../src/runner/surroundings';
import { openWorkshop, sqlText, type Workshop } from '../../src/warehouse/duckdb';

describe('what failed by its surroundings, and what by its data', () => {
  const folder = mkdtempSync(join(tmpdir(), 'govblog-test-'));
  let workshop: Workshop;
  beforeAll(async () => {
    workshop = await openWorkshop({ memoryMb: 64, tempDir: folder });
  });
  afterAll(() => {
    workshop.close();
    rmSync(folder, { recursive: true });
  });
  const thrown = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => null,
      (error: unknown) => error,
    );

  test('a database that is away, and a file that cannot be written', async () => {
    expect(isOfSurroundings(await thrown(createConnection({ host: '127.0.0.1', port: 1 })))).toBe(true);
    expect(
      isOfSurroundings(
        await thrown(workshop.query(`copy (select 1) to ${sqlText(join(folder, 'nowhere', 'a.parquet'))} (format parquet)`)),
      ),
    ).toBe(true);
    expect(isOfSurroundings(Object.assign(new Error('write'), { code: 'ENOSPC' }))).toBe(true);
  });

  test('a wrong statement, a value that does not fit, an obstacle that somebody made', async () => {
    expect(isOfSurroundings(await thrown(workshop.query('select * from nowhere')))).toBe(false);
    expect(isOfSurroundings(await thrown(workshop.query("select 'x'::integer")))).toBe(false);
    writeFileSync(join(folder, 'file'), '');
    expect(isOfSurroundings(await thrown(openWorkshop({ memoryMb: 64, tempDir: join(folder, 'file', 'below') })))).toBe(false);
  });
});
