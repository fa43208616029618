import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { GovblogError } from '../../src/errors';
import { explained, isOfSurroundings, toldWithAdvice, troubleOf } from '../../src/runner/surroundings';
import { makingUp } from '../../src/runner/makingUp';
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

  test('what is wrong is told with what to do about it, and where, without the password', async () => {
    const full = Object.assign(new Error('disk I/O error'), { code: 'SQLITE_FULL' });
    expect(toldWithAdvice(full)).toBe('disk I/O error (The disk is full, or a limit of file sizes or a quota is reached: make room.)');
    expect(toldWithAdvice(new Error('3 rows are negative'))).toBe('3 rows are negative');
    expect(troubleOf(Object.assign(new Error('x'), { code: 'SQLITE_IOERR_WRITE' }))).toBe('broken');
    expect(troubleOf(Object.assign(new Error('x'), { code: 'SQLITE_CONSTRAINT_UNIQUE' }))).toBeNull();
    const away = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    const told = explained(away, { dataDir: '/data', databaseUrl: 'mysql://ada:s3cret@db:3306/govblog' }) as Error & { code: string };
    expect(told.code).toBe('UNAVAILABLE');
    expect(told.message).toContain('start it, or wait until it is back (data folder /data, the database mysql://ada:…@db:3306/govblog)');
    expect(told.message).not.toContain('s3cret');
    const opening = (cause: Error): unknown =>
      explained(new GovblogError('BAD_SETTING', `The operational store (SQLite in /data) cannot be opened: ${cause.message}`, { cause }), { dataDir: '/data', databaseUrl: '' }); // prettier-ignore
    expect(opening(Object.assign(new Error('EACCES: permission denied'), { code: 'EACCES' }))).toMatchObject({ code: 'UNAVAILABLE' });
    for (const code of ['SQLITE_CANTOPEN', 'SQLITE_READONLY_DIRECTORY', 'ER_OPTION_PREVENTS_STATEMENT', 'ER_TABLEACCESS_DENIED_ERROR'])
      expect((opening(Object.assign(new Error('x'), { code })) as Error).message).toMatch(
        /^x\nThis user may not write there: .*\(data folder \/data, its govblog\.sqlite\)/,
      );
    // The address may be wrong, or the password: nobody can tell that it is not a setting.
    expect(opening(away)).toMatchObject({ code: 'BAD_SETTING' });
    expect(opening(Object.assign(new Error('x'), { code: 'ER_ACCESS_DENIED_ERROR' }))).toMatchObject({ code: 'BAD_SETTING' });
    const other = new Error('a bug');
    expect(explained(other, { dataDir: '/data', databaseUrl: '' })).toBe(other);
  });

  test('a night broken off by a database that is away is owed at once, by a full disk after a pause, by wrong data never', () => {
    const owed = makingUp();
    owed.broke(new Error('3 rows are negative'), 0);
    expect(owed.isDue(1e9)).toBe(false);
    owed.broke(Object.assign(new Error('gone'), { code: 'PROTOCOL_CONNECTION_LOST' }), 1_000);
    expect(owed.isDue(1_000)).toBe(true);
    owed.done();
    expect(owed.isDue(1e9)).toBe(false);
    const full = Object.assign(new Error('write'), { code: 'ENOSPC' });
    owed.broke(full, 0);
    expect([owed.isDue(59_999), owed.isDue(60_000)]).toEqual([false, true]);
    owed.broke(full, 60_000);
    expect([owed.isDue(60_000 + 119_999), owed.isDue(60_000 + 120_000)]).toEqual([false, true]);
    // The clock was set back: it is owed all the same.
    expect(owed.isDue(30_000)).toBe(true);
  });

  test('a wrong statement, a value that does not fit, an obstacle that somebody made', async () => {
    expect(isOfSurroundings(await thrown(workshop.query('select * from nowhere')))).toBe(false);
    expect(isOfSurroundings(await thrown(workshop.query("select 'x'::integer")))).toBe(false);
    writeFileSync(join(folder, 'file'), '');
    expect(isOfSurroundings(await thrown(openWorkshop({ memoryMb: 64, tempDir: join(folder, 'file', 'below') })))).toBe(false);
  });
});
