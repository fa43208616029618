import Database from 'libsql';
import { DataSource } from 'typeorm';
import { ENTITIES } from '../../src/store/entities';
import type { Store, Tx } from '../../src/store/store';
import { DIALECTS, freshPlace, type Place } from '../stores';

describe.each(DIALECTS)('operational store on %s', (dialect) => {
  let place: Place;
  let store: Store;
  beforeAll(async () => {
    place = await freshPlace(dialect);
    store = await place.open();
  });
  afterAll(async () => {
    await store.close();
    await place.remove();
  });
  const addSource = (code: string) => (tx: Tx) =>
    tx.insert('source', ['code', 'reference', 'kind', 'what_was_read'], [[code, 'r', 'k', 'w']]);

  test('the migrated tables are exactly what the entities declare', async () => {
    const options =
      dialect === 'sqlite'
        ? { type: 'better-sqlite3' as const, driver: Database as unknown, database: `${place.dataDir}/govblog.sqlite` }
        : { type: 'mariadb' as const, url: place.databaseUrl };
    const source = await new DataSource({ ...options, entities: ENTITIES }).initialize();
    const drift = await source.driver.createSchemaBuilder().log();
    await source.destroy();
    expect(drift.upQueries.map(({ query }) => query)).toEqual([]);
  });

  test('a rolled-back transaction takes nothing of its neighbours with it, and readers see committed rows only', async () => {
    const failing = store.write(async (tx) => {
      await addSource('lost')(tx);
      expect(await store.query("SELECT * FROM source WHERE code = 'lost'")).toEqual([]);
      throw new Error('on purpose');
    });
    const succeeding = store.write(addSource('kept'));
    await expect(failing).rejects.toThrow('on purpose');
    await succeeding;
    expect(await store.query('SELECT code FROM source')).toEqual([{ code: 'kept' }]);
  });

  test('counts beyond 2^31 and instants with milliseconds come back exact, whatever the zone of the machine', async () => {
    const row = {
      platform: 'weibo',
      post_id: '9007199254740993',
      observed_at: '2011-12-31 15:59:59.999',
      seq: 0,
      reposts: 4_000_000_001,
      batch_id: 1,
    };
    await store.write((tx) => tx.insert('post_observation', Object.keys(row), [Object.values(row)]));
    const [read] = await store.query('SELECT platform, post_id, observed_at, seq, reposts, batch_id FROM post_observation');
    expect(read).toEqual(row);
  });

  test('many rows are inserted as they are, whether a column has one value in all of them or not', async () => {
    const columns = ['code', 'reference', 'kind', 'what_was_read'];
    const rows = Array.from({ length: 1_234 }, (_, index) => {
      const code = `M${String(index).padStart(4, '0')}`;
      return [code, 'same', index < 1_000 ? 'k' : 'l', `${index % 7}`];
    });
    const read = async (): Promise<unknown[][]> =>
      (await store.query<Record<string, unknown>>(`SELECT ${columns.join(', ')} FROM source WHERE code LIKE 'M%' ORDER BY code`)).map(
        (row) => columns.map((name) => row[name]),
      );
    await store.write((tx) => tx.insert('source', columns, rows));
    expect(await read()).toEqual(rows);
    const changed = rows.map(([code, , , what]) => [code!, 'another', 'm', what!]);
    await store.write((tx) => tx.upsert('source', ['code'], columns, changed));
    expect(await read()).toEqual(changed);
  });

  test('upsert overwrites by key, stream yields every row in chunks', async () => {
    const rows = Array.from({ length: 2500 }, (_, index) => [`C${index}`, 'old', 'k', 'w']);
    const columns = ['code', 'reference', 'kind', 'what_was_read'];
    await store.write((tx) => tx.insert('source', columns, rows));
    await store.write((tx) => tx.upsert('source', ['code'], columns, [['C7', 'new', 'k', 'w']]));
    const chunks: unknown[][][] = [];
    for await (const chunk of store.stream("SELECT code, reference FROM source WHERE code LIKE 'C%'", [], 1000)) chunks.push(chunk);
    expect(chunks.map((chunk) => chunk.length)).toEqual([1000, 1000, 500]);
    expect(chunks.flat().filter(([, reference]) => reference === 'new')).toEqual([['C7', 'new']]);
  });
});
