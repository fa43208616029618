import type { Command } from 'commander';
import { counted } from '../counted';
import { retentionOf } from '../runner/collecting';
import { collect, snapshotFates, type Collection } from '../warehouse/collect';
import { importSnapshot } from '../warehouse/import';
import { pinSnapshot, pinsOf, unpinSnapshot } from '../warehouse/pins';
import { listSnapshots } from '../warehouse/snapshots';
import { listTombstones } from '../warehouse/tombstones';
import { caller } from './caller';
import { withApp, type CommonOptions } from './context';
import { show, table } from './output';

/** Keeping snapshots, and deleting those that need not be kept. */
export function retentionCommands(snapshots: Command): void {
  snapshots
    .command('list')
    .description('All snapshots, newest first, and why each is kept; with --deleted, those that are gone.')
    .option('--deleted', 'list the deleted ones instead')
    .option('--json', 'print JSON')
    .action(({ deleted = false, json = false }: CommonOptions & { deleted?: boolean }) => (deleted ? listDeleted(json) : listAll(json)));
  snapshots
    .command('pin <id>')
    .description('Keep a snapshot until it is unpinned.')
    .option('--reason <text>', 'why it is to be kept, for whoever lists snapshots', 'no reason given')
    .option('--by <name>', 'who wants it kept; unless given, the user of this machine')
    .option('--json', 'print JSON')
    .action((id: string, { reason, by, json = false }: CommonOptions & { reason: string; by?: string }) =>
      withApp(async ({ store, clock }) => {
        const pin = { snapshot: id, reason, pinnedBy: caller(by), pinnedAt: clock.now() };
        await pinSnapshot(store, pin);
        show(pin, json, () => `Snapshot ${id} is pinned: ${reason}`);
      }),
    );
  snapshots
    .command('unpin <id>')
    .description('Let a snapshot be kept or deleted like any other.')
    .option('--json', 'print JSON')
    .action((id: string, { json = false }: CommonOptions) =>
      withApp(async ({ store }) => {
        const unpinned = await unpinSnapshot(store, id);
        show({ snapshot: id, unpinned }, json, () =>
          unpinned ? `Snapshot ${id} is not pinned any more.` : `Snapshot ${id} was not pinned.`,
        );
      }),
    );
  snapshots
    .command('collect')
    .description('Show which snapshots and files need not be kept; with --apply, delete them. Each night does the same.')
    .option('--apply', 'delete, and do not only show')
    .option('--json', 'print JSON')
    .action(({ apply = false, json = false }: CommonOptions & { apply?: boolean }) =>
      withApp(async ({ store, files, clock, config }) => {
        const collection = await collect(store, files, { ...retentionOf(config), now: clock.now(), by: caller(), apply });
        show(collection, json, (all) => collectionText(all, apply));
      }),
    );
  snapshots
    .command('import <zip>')
    .description('Take a snapshot that `snapshots export` wrote on another machine: under its id, with the same answers, and pinned.')
    .option('--by <name>', 'who imports it; unless given, the user of this machine')
    .option('--json', 'print JSON')
    .action((path: string, { by, json = false }: CommonOptions & { by?: string }) =>
      withApp(async ({ store, files, clock }) =>
        show(
          await importSnapshot(store, files, { path, by: caller(by), now: clock.now() }),
          json,
          ({ snapshot, files: count, bytes, isNew, restored, leftOut }) =>
            isNew
              ? `Snapshot ${snapshot}: ${counted(count, 'file')}, ${bytes} bytes, every hash as it should be. It is pinned; ask it by its id.`
              : restored > 0
                ? `Snapshot ${snapshot} is here already; ${counted(restored, 'file')} of it that ${restored === 1 ? 'was' : 'were'} missing or damaged came back.${lostRollups(leftOut)}`
                : `Snapshot ${snapshot} is here already, and its files are as they were published; nothing was done.${lostRollups(leftOut)}`,
        ),
      ),
    );
}

const lostRollups = (count: number): string =>
  count === 0
    ? ''
    : ` Of its rollups ${counted(count, 'file')} ${count === 1 ? 'is' : 'are'} lost: it is answered from its facts, by servers that are started from now on.`;

async function listAll(json: boolean): Promise<void> {
  await withApp(async ({ store, clock, config }) => {
    const pins = await pinsOf(store);
    const fates = new Map((await snapshotFates(store, { ...retentionOf(config), now: clock.now() })).map((fate) => [fate.id, fate]));
    const all = (await listSnapshots(store)).map((snapshot) => ({
      ...snapshot,
      keep: fates.get(snapshot.id)?.keep ?? true,
      because: fates.get(snapshot.id)?.because ?? 'newest',
      pin: pins.get(snapshot.id) ?? null,
    }));
    show(all, json, (rows) =>
      table(
        ['snapshot', 'published', 'from', 'complete up to', 'synthetic', 'kept'],
        rows.map(({ id, publishedAt, from, watermark, synthetic, keep, because, pin }) => [
          id,
          publishedAt.toISOString(),
          from,
          watermark,
          synthetic,
          `${keep ? '' : 'to be deleted: '}${because}${pin === null ? '' : ` (${pin.reason})`}`,
        ]),
      ),
    );
  });
}

async function listDeleted(json: boolean): Promise<void> {
  await withApp(async ({ store }) =>
    show(await listTombstones(store), json, (all) =>
      table(
        ['snapshot', 'published', 'from', 'complete up to', 'deleted', 'by', 'reason'],
        all.map((one) => [
          one.id,
          one.publishedAt.toISOString(),
          one.from,
          one.watermark,
          one.deletedAt.toISOString(),
          one.deletedBy,
          one.reason,
        ]),
      ),
    ),
  );
}

function collectionText({ kept, deleted, condemned, removed }: Collection, apply: boolean): string {
  const megabytes = (files: Collection['removed']): string => `${(files.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6).toFixed(1)} MB`;
  return [
    ...deleted.map(({ id, because }) => `${apply ? 'Deleted' : 'Would delete'} ${id}: ${because}.`),
    `${counted(kept.length, 'snapshot')} kept, ${deleted.length} ${apply ? 'deleted' : 'to be deleted'}.`,
    `${counted(removed.length, 'file')} (${megabytes(removed)}) ${apply ? 'removed' : 'to be removed'}; ${condemned.length} (${megabytes(condemned)}) without a name ${apply ? 'wait' : 'would wait'} for the end of their grace.`,
    ...(apply ? [] : ['Nothing was changed; --apply deletes.']),
  ].join('\n');
}
