import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freshPlace, placeAt, type Dialect, type OwnPlace } from './stores';

/** The variable that names the folder of this run of the tests. */
export const PREPARED_FOLDER = 'GOVBLOG_TEST_PREPARED';
const READY = 'ready';
const folderOf = (...names: string[]): string => join(process.env[PREPARED_FOLDER]!, ...names);

const read = (name: string): OwnPlace => {
  const { dialect, dataDir, database } = JSON.parse(readFileSync(folderOf(name, READY), 'utf8')) as Pick<
    OwnPlace,
    'dialect' | 'dataDir' | 'database'
  >;
  return placeAt(dialect, dataDir, database);
};

/** A place that is filled once in a run of the tests, by whichever worker needs it first; the others wait for it. */
export async function filledOnce(dialect: Dialect, name: string, fill: (place: OwnPlace) => Promise<void>): Promise<OwnPlace> {
  const own = `${dialect} ${name}`;
  mkdirSync(folderOf(own), { recursive: true });
  while (!existsSync(folderOf(own, READY))) {
    if (!claim(folderOf(own, 'claimed'))) {
      await wait(50);
      continue;
    }
    const place = await freshPlace(dialect);
    try {
      await fill(place);
    } catch (error) {
      await place.remove();
      rmdirSync(folderOf(own, 'claimed'));
      throw error;
    }
    writeFileSync(folderOf(own, 'written'), JSON.stringify(place));
    renameSync(folderOf(own, 'written'), folderOf(own, READY));
  }
  return read(own);
}

/** Everything that was filled in this run. */
export const preparedPlaces = (): OwnPlace[] =>
  readdirSync(folderOf())
    .filter((name) => existsSync(folderOf(name, READY)))
    .map(read);

/** Of those who try at once, one succeeds. */
function claim(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch {
    return false;
  }
}
