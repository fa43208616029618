import { startGovblog } from '../hardship/processes';
import { DIALECTS, freshPlace } from '../stores';

test.each(DIALECTS)('processes that open a new store at once make it once, and print their results alone, on %s', async (dialect) => {
  const place = await freshPlace(dialect);
  const ended = await Promise.all(Array.from({ length: 5 }, () => startGovblog(place, ['status', '--json']).ended));
  for (const { code, out, err } of ended) {
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(() => JSON.parse(out) as unknown).not.toThrow();
  }
  const store = await place.open();
  const migrations = await store.query<{ name: string }>('SELECT name FROM migrations');
  expect(new Set(migrations.map(({ name }) => name)).size).toBe(migrations.length);
  expect(migrations.length).toBeGreaterThan(1);
  await store.close();
  await place.remove();
});
