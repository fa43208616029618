import { FACT_COLUMNS } from '../../bench/factColumns';
import { openWorkshop } from '../../src/warehouse/duckdb';
import { pathsOf } from '../../src/warehouse/members';
import { currentSnapshot } from '../../src/warehouse/snapshots';
import { openTestApp } from '../app';

test('facts that the bench generates have the columns of those that the jobs write', async () => {
  const { app, place, close } = await openTestApp('sqlite', { prepared: 'traps' });
  const workshop = await openWorkshop({ memoryMb: 256, tempDir: `${place.dataDir}/tmp` });
  const snapshot = (await currentSnapshot(app.store))!;
  for (const [fact, columns] of Object.entries(FACT_COLUMNS)) {
    const [file] = pathsOf(snapshot, app.files, fact);
    const { rows } = await workshop.query(`select column_name from (describe select * from read_parquet('${file!}'))`);
    expect({ [fact]: Object.keys(columns).sort() }).toEqual({ [fact]: rows.map(([name]) => String(name)).sort() });
  }
  workshop.close();
  await close();
});
