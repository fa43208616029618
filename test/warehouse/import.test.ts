import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { ZipFile } from 'yazl';
import { archiveOf } from '../../src/answer/archive';
import { projectPath } from '../../src/paths';
import type { Question } from '../../src/query/question';
import { zipOf } from '../../src/warehouse/archive';
import { collect } from '../../src/warehouse/collect';
import { hashOf } from '../../src/warehouse/files';
import { importSnapshot, type Imported } from '../../src/warehouse/import';
import { pinsOf, unpinSnapshot } from '../../src/warehouse/pins';
import { isRollup } from '../../src/query/rollups';
import { currentSnapshot, listSnapshots, publishSnapshot, snapshotById, withoutRollups } from '../../src/warehouse/snapshots';
import { entriesOf } from '../../src/warehouse/unzip';
import { openTestApp, type TestApp } from '../app';
import { serveTwoSnapshots, type Served } from '../http/published';
import { DIALECTS } from '../stores';
import { TRAPS } from '../traps';
import { unzip } from '../unzip';

const QUESTIONS: readonly Question[] = [
  { cube: 'activity', fields: ['month', 'region', 'accounts', 'activeAccounts', 'posts', 'followers'], from: '2011-01-01', to: '2013-12-31' },
  { cube: 'activity', fields: ['year', 'nbsRegion', 'accountType', 'posts', 'postsPerAccount'], from: '2011-01-01', to: '2013-12-31' },
  { cube: 'posts', fields: ['quarter', 'posts', 'medianReposts', 'likes'], from: '2011-01-01', to: '2013-12-31' },
  { cube: 'interactions', fields: ['month', 'comments', 'citizens'], from: '2011-01-01', to: '2013-12-31' },
]; // prettier-ignore

let served: Served;
let folder: string;
/** Archive of each of the two snapshots. */
const zips = new Map<string, string>();
let content: readonly { readonly name: string; readonly content: Buffer }[];
beforeAll(async () => {
  served = await serveTwoSnapshots();
  folder = mkdtempSync(join(tmpdir(), 'govblog-import-'));
  const reader = await served.test_.app.reader();
  for (const id of [served.older, served.newest]) {
    const bytes = await buffer((await archiveOf(await reader.open(id), reader)).open().stream);
    zips.set(id, join(folder, `${id}.zip`));
    writeFileSync(zips.get(id)!, bytes);
    if (id === served.newest) content = await unzip(bytes);
  }
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await served.test_.close();
});

/** The same archive with other contents, packed by another hand. */
async function packed(
  name: string,
  entries: readonly { readonly name: string; readonly content: Buffer }[],
  compress = false,
): Promise<string> {
  const zip = new ZipFile();
  for (const entry of entries) zip.addBuffer(entry.content, entry.name, { compress });
  zip.end();
  const path = join(folder, `${name}.zip`);
  writeFileSync(path, await buffer(zip.outputStream));
  return path;
}
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
/** Entries of which one is another, with checksums that say so. */
const resummed = (entries: readonly { readonly name: string; readonly content: Buffer }[]) =>
  entries.map((entry) =>
    entry.name === 'SHA256SUMS'
      ? { name: entry.name, content: Buffer.from(entries.filter(({ name }) => name !== entry.name).map((one) => `${sha256(one.content)}  ${one.name}\n`).join('')) }
      : entry,
  ); // prettier-ignore
const replaced = (name: string | ((name: string) => boolean), change: (bytes: Buffer) => Buffer) =>
  content.map((entry) => ((typeof name === 'string' ? entry.name === name : name(entry.name)) ? { name: entry.name, content: change(entry.content) } : entry)); // prettier-ignore
const inManifest = (change: (text: string) => string) =>
  resummed(replaced('snapshot.json', (bytes) => Buffer.from(change(bytes.toString()))));
const flipped = (bytes: Buffer): Buffer => {
  const copy = Buffer.from(bytes);
  copy[copy.length >> 1]! ^= 1;
  return copy;
};

describe.each(DIALECTS)('importing a snapshot into %s', (dialect) => {
  let there: TestApp;
  const onItsOwn = async (work: () => Promise<void>): Promise<void> => {
    there = await openTestApp(dialect);
    await work().finally(() => there.close());
  };
  const take = (path: string): Promise<Imported> =>
    importSnapshot(there.app.store, there.app.files, { path, by: 'Ada', now: there.app.clock.now() });
  const scratch = (): string[] => readdirSync(join(there.place.dataDir, 'tmp')).filter((name) => name.endsWith('.parquet'));

  test('answers there are those here, under the same ids; it is pinned, and the newest while there is none of its own', () =>
    onItsOwn(async () => {
      expect(await take(zips.get(served.newest)!)).toMatchObject({ snapshot: served.newest, isNew: true });
      // An older one that comes later does not take its place.
      expect(await take(zips.get(served.older)!)).toMatchObject({ snapshot: served.older, isNew: true });
      expect(await take(zips.get(served.older)!)).toMatchObject({ snapshot: served.older, isNew: false });
      expect((await currentSnapshot(there.app.store))!.id).toBe(served.newest);
      for (const id of [served.older, served.newest]) {
        for (const question of QUESTIONS) {
          const [here, imported] = [await served.test_.ask(question, id), await there.ask(question, id)];
          expect((await here.rows()).length).toBeGreaterThan(0);
          expect([imported.queryId, await imported.resultHash()]).toEqual([here.queryId, await here.resultHash()]);
        }
        const original = withoutRollups(await snapshotById(served.test_.app.store, id));
        expect(await snapshotById(there.app.store, id)).toEqual(original);
      }
      expect([...(await pinsOf(there.app.store)).values()].map(({ snapshot, reason }) => [snapshot, reason]).sort()).toEqual(
        [...zips.keys()].map((id) => [id, `imported from ${id}.zip`]).sort(),
      );
      expect(scratch()).toEqual([]);

      // Nights of this store come first, and take nothing from what was imported.
      await there.load(TRAPS.slice(0, 6));
      const { snapshot: own } = await there.app.night();
      expect((await currentSnapshot(there.app.store))!.id).toBe(own);
      const [older] = QUESTIONS;
      expect(await (await there.ask(older!, served.older)).resultHash()).toBe(
        await (await served.test_.ask(older!, served.older)).resultHash(),
      );
      expect((await listSnapshots(there.app.store)).map(({ id }) => id)).toEqual([own, served.newest, served.older]);
    }));

  test('what is missing or damaged of a snapshot that is here comes back, and a damaged one is not exported', () =>
    onItsOwn(async () => {
      const { app } = there;
      await take(zips.get(served.newest)!);
      await take(zips.get(served.older)!);
      const { files } = await snapshotById(app.store, served.older);
      const pathOf = (table: string): string => app.files.pathOf(files.find((file) => file.table === table)!.uri);
      rmSync(pathOf('activity'));
      writeFileSync(pathOf('posts'), flipped(readFileSync(pathOf('posts'))));
      expect(await take(zips.get(served.older)!)).toMatchObject({ isNew: false, restored: 2 });
      expect(await take(zips.get(served.older)!)).toMatchObject({ isNew: false, restored: 0 });
      for (const { uri, sha256: wanted } of files) expect([uri, await hashOf(app.files.pathOf(uri))]).toEqual([uri, wanted]);

      // What came from an archive makes the same archive again.
      const other = await app.reader();
      const again = await buffer((await archiveOf(await other.open(served.older), other)).open().stream);
      expect(again.equals(readFileSync(zips.get(served.older)!))).toBe(true);

      // An archive that nobody could import is not written.
      writeFileSync(pathOf('posts'), flipped(readFileSync(pathOf('posts'))));
      const reader = await app.reader();
      const { stream } = (await archiveOf(await reader.open(served.older), reader)).open();
      await expect(buffer(stream)).rejects.toThrow(/posts.*\.parquet is damaged: its sha256 is/);
    }));

  test('an older snapshot whose rollups are lost is answered from its facts, and a night that makes them again brings them back', async () => {
    there = await openTestApp(dialect, { prepared: 'two snapshots' });
    const { app } = there;
    const rollups = (await snapshotById(app.store, served.older)).files.filter(isRollup);
    const [question] = QUESTIONS;
    const hash = await (await there.ask(question!, served.older)).resultHash();
    for (const { uri } of rollups) rmSync(app.files.pathOf(uri));
    expect(await take(zips.get(served.older)!)).toMatchObject({ isNew: false, restored: 0, leftOut: rollups.length });
    expect((await snapshotById(app.store, served.older)).files.filter(isRollup)).toEqual([]);
    const anew = await openTestApp(dialect, { place: there.place });
    expect(await (await anew.ask(question!, served.older)).resultHash()).toBe(hash);
    await anew.close();

    // Its own content once more, as the newest.
    const older = await snapshotById(app.store, served.older);
    await publishSnapshot(app.store, 'again', app.clock.now(), { ...older, files: [...older.files, ...rollups] });
    expect((await snapshotById(app.store, served.older)).files.filter(isRollup)).toEqual(rollups);
    await there.close();
  });

  test('what was deleted comes back', () =>
    onItsOwn(async () => {
      await take(zips.get(served.newest)!);
      await take(zips.get(served.older)!);
      await unpinSnapshot(there.app.store, served.older);
      const options = { keepDays: 30, zone: 'UTC', graceHours: 1, now: there.app.clock.now(), by: 'x', apply: true };
      expect((await collect(there.app.store, there.app.files, options)).deleted.map(({ id }) => id)).toEqual([served.older]);
      await expect(there.ask(QUESTIONS[0]!, served.older)).rejects.toMatchObject({ code: 'SNAPSHOT_GONE' });
      const { origin } = { origin: (await there.serve()).address };
      const gone = await fetch(`${origin}/activity.csv?fields=month,posts&from=2012-01-01&to=2012-12-31&snapshot=${served.older}`);
      expect([gone.status, await gone.json()]).toMatchObject([410, { error: { code: 'SNAPSHOT_GONE' } }]);
      await take(zips.get(served.older)!);
      expect((await there.ask(QUESTIONS[0]!, served.older)).queryId).toBe((await served.test_.ask(QUESTIONS[0]!, served.older)).queryId);
      expect(await there.app.store.query('SELECT * FROM snapshot_tombstone')).toEqual([]);
    }));

  const isPosts = (name: string): boolean => name.startsWith('data/posts/');
  let first = true;
  const one = (name: string): boolean => isPosts(name) && first && !(first = false);
  const spoilt: readonly [string, () => Promise<string>, RegExp][] = [
    ['a bit of a Parquet file', () => ((first = true), packed('bit', replaced(one, flipped))), /has \d+ bytes and sha256 [0-9a-f]{64} instead of/],
    ['a Parquet file and its checksum', () => ((first = true), packed('sum', resummed(replaced(one, flipped)))), /is not listed in SHA256SUMS with its hash/],
    ['a file that is longer', () => ((first = true), packed('long', replaced(one, (bytes) => Buffer.concat([bytes, bytes])), true)), /is longer than/],
    ['a document', () => packed('doc', replaced('codebook.csv', flipped)), /"codebook\.csv" of the archive is not what SHA256SUMS says/],
    ['a missing file', () => packed('missing', content.filter(({ name }) => !name.startsWith('data/dimensions/dim_region'))), /dim_region.* is missing/],
    ['a file that nothing lists', () => packed('stray', [...content, { name: 'data/x', content: Buffer.from('x') }]), /"data\/x" of the archive is not what/],
    ['a name that leads out', () => packed('out', inManifest((text) => text.replace('"data/', '"').replace(/"uri": "posts\//, '"uri": "../posts/'))), /snapshot\.json of the archive cannot be taken: files/],
    ['another number of rows hash', () => packed('other', inManifest((text) => text.replace(/"contentHash": "..../, '"contentHash": "0000'))), /not those of its content hash/],
    ['no manifest', () => packed('bare', content.filter(({ name }) => name !== 'snapshot.json')), /has no snapshot\.json/],
    ['a manifest that is no JSON', () => packed('json', inManifest((text) => text.slice(1))), /it is no JSON/],
    ['half a zip', async () => { const path = join(folder, 'half.zip'); writeFileSync(path, Buffer.from((await buffer(zipOf(content, new Date(0)).stream)).subarray(0, 100_000))); return path; }, /is no whole zip/],
    ['no zip', async () => { const path = join(folder, 'no.zip'); writeFileSync(path, 'hello'); return path; }, /is no whole zip/],
    ['no file', async () => join(folder, 'nowhere.zip'), /cannot be read/],
  ]; // prettier-ignore
  describe('spoilt', () => {
    beforeAll(async () => {
      there = await openTestApp(dialect);
    });
    afterAll(() => there.close());
    test.each(spoilt)('%s: refused, and nothing is left', async (_, make, message) => {
      await expect(take(await make())).rejects.toThrow(message);
      expect(await there.app.store.query('SELECT * FROM snapshot')).toEqual([]);
      expect(await there.app.store.query('SELECT * FROM snapshot_file')).toEqual([]);
      expect([scratch(), there.app.files.list()]).toEqual([[], []]);
    });
  });
});

test('an archive that was packed anew, and compressed, is taken as well', async () => {
  const there = await openTestApp('sqlite');
  const path = await packed('deflated', content, true);
  expect((await entriesOf(path)).map(({ name, bytes }) => [name, bytes])).toEqual(
    content.map((entry) => [entry.name, entry.content.length]),
  );
  await importSnapshot(there.app.store, there.app.files, { path, by: 'Ada', now: there.app.clock.now() });
  expect(await (await there.ask(QUESTIONS[0]!)).resultHash()).toBe(await (await served.test_.ask(QUESTIONS[0]!)).resultHash());
  await there.close();
});

test('a zip with 64-bit sizes and a long directory is read', async () => {
  const zip = new ZipFile();
  const names = Array.from({ length: 300 }, (_, index) => `data/文件-${index}`);
  for (const name of names) zip.addBuffer(Buffer.from(name), name, { compress: false, forceZip64Format: true });
  zip.end({ forceZip64Format: true, comment: 'of a snapshot' });
  const path = join(folder, 'long.zip');
  writeFileSync(path, await buffer(zip.outputStream));
  const found = await entriesOf(path);
  expect(found.map(({ name }) => name)).toEqual(names);
  for (const { name, content: read } of found) expect((await buffer(await read())).toString()).toBe(name);
});

test('the command line exports here and imports there', async () => {
  const there = await openTestApp('sqlite');
  const { dataDir } = there.place;
  const run = (...args: string[]): string =>
    execFileSync(process.execPath, [projectPath('bin', 'govblog.cjs'), 'snapshots', ...args], {
      env: { PATH: process.env['PATH'], GOVBLOG_DATA_DIR: dataDir },
      stdio: 'pipe',
    }).toString();
  const zip = zips.get(served.older)!;
  expect(run('import', zip, '--by', 'Ada')).toContain(`Snapshot ${served.older}: `);
  expect(run('import', zip)).toContain('is here already');
  expect(run('verify')).toContain('files are as they were published');
  expect(run('list')).toContain(`(imported from ${served.older}.zip)`);
  expect(run('collect')).toMatch(/1 snapshot kept, 0 to be deleted\.[\s\S]*Nothing was changed/);
  expect(() => run('pin', 'nope', '--reason', 'x')).toThrow(/no snapshot "nope"/);
  expect(run('pin', served.older, '--reason', 'for the paper')).toContain('for the paper');
  expect(run('unpin', served.older)).toContain('is not pinned any more');
  expect(run('collect', '--apply')).toContain('1 snapshot kept, 0 deleted.');
  expect(JSON.parse(run('list', '--deleted', '--json'))).toEqual([]);
  await there.close();
});
