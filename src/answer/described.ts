import type { Described } from '../export/datapackage';
import { tablesOf } from '../export/parquetTables';
import { CUBES } from '../model';
import { columnsOfFiles } from '../warehouse/export';
import { readSources } from '../warehouse/members';
import { withoutRollups } from '../warehouse/snapshots';
import type { OpenSnapshot, Reader } from './reader';

/**
 * A snapshot with what the metadata formats say of it: the columns that its files have, what they mean, where figures come from.
 * Rollups are left out: whoever adds up all tables that are described would count every fact several times.
 */
export async function describedBy<Origin extends Described['origin']>(
  { snapshot: all, licence }: OpenSnapshot,
  { engine, files, timeoutMs }: Reader,
  where: Pick<Described, 'pathOf'> & { readonly origin: Origin },
): Promise<Described & { readonly origin: Origin }> {
  const snapshot = withoutRollups(all);
  const columns = await columnsOfFiles(engine, files, snapshot, { timeoutMs });
  return { snapshot, tables: tablesOf(snapshot, columns, CUBES), sources: await readSources(engine, snapshot, files), licence, ...where };
}
