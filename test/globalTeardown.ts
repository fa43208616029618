import { rmSync } from 'node:fs';
import { preparedPlaces, PREPARED_FOLDER } from './preparedFolder';

/** After the last suite: nothing that was prepared is left. */
export default async function teardown(): Promise<void> {
  for (const place of preparedPlaces()) await place.remove();
  rmSync(process.env[PREPARED_FOLDER]!, { recursive: true });
}
