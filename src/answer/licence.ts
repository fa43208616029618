import { DEMO_LICENCE, type Licence } from '../licences';
import type { Members } from '../model/members';
import type { Engine } from '../warehouse/duckdb';
import type { Files } from '../warehouse/files';
import { readPlatforms } from '../warehouse/members';
import type { Snapshot } from '../warehouse/snapshots';

/**
 * Under what a snapshot may be used: what the owner of the store says, else what is known of the demo data. Null when it holds
 * data of somebody who has said nothing.
 */
export async function licenceOf(
  stated: Licence | null,
  {
    engine,
    files,
    snapshot,
    members,
  }: { readonly engine: Engine; readonly files: Files; readonly snapshot: Snapshot; readonly members: Members },
): Promise<Licence | null> {
  if (stated !== null || !snapshot.synthetic) return stated;
  const platforms = await readPlatforms(engine, snapshot, files);
  return platforms.every((code) => members.platform.get(code)?.synthetic === true) ? DEMO_LICENCE : null;
}
