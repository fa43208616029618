import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, truncateSync, appendFileSync, writeFileSync, readFileSync } from 'node:fs';
import { get as httpGet } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { CUBES } from '../../src/model';
import { projectPath } from '../../src/paths';
import { contentHashOf, publishSnapshot, type SnapshotFile, withoutRollups } from '../../src/warehouse/snapshots';
import { isDataPackage } from '../export/dataPackageRules';
import { openFilesOf, until, unzip, type Unzipped } from '../unzip';
import { serveTwoSnapshots, type Served } from './published';

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

let served: Served;
let folder: string;
beforeAll(async () => {
  served = await serveTwoSnapshots();
  folder = mkdtempSync(join(tmpdir(), 'govblog-archive-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await served.test_.close();
});
const get = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> =>
  fetch(served.origin + path, { headers, method });
const download = async (id: string): Promise<Buffer> => Buffer.from(await (await get(`/snapshots/${id}.zip`)).arrayBuffer());
const snapshotOf = async (id: string) => withoutRollups((await (await served.test_.app.reader()).open(id)).snapshot);
const ask = async (sql: string): Promise<unknown[]> =>
  (await (await served.test_.app.reader()).engine.query(sql, [], { timeoutMs: 10_000 })).rows as unknown[];
const contentOf = (entries: readonly Unzipped[], name: string): Buffer => entries.find((entry) => entry.name === name)!.content;

describe('a whole snapshot as one zip', () => {
  it('holds every file of the snapshot and the texts beside them, and every checksum holds', async () => {
    for (const id of [served.older, served.newest]) {
      const entries = await unzip(await download(id));
      const { files, publishedAt } = await snapshotOf(id);
      expect(entries.map(({ name }) => name)).toEqual([
        'README.md', 'datapackage.json', 'codebook.csv', 'codebook.json', 'snapshot.json', 'SHA256SUMS', ...files.map(({ uri }) => `data/${uri}`),
      ]); // prettier-ignore
      expect(new Set(entries.map(({ dated }) => dated))).toEqual(new Set([`${publishedAt.toISOString().slice(0, 10)} 12:00`]));
      const sums = contentOf(entries, 'SHA256SUMS').toString().trimEnd().split('\n').map((line) => line.split('  ')); // prettier-ignore
      const others = entries.filter(({ name }) => name !== 'SHA256SUMS');
      expect(sums).toEqual(others.map(({ name, content }) => [sha256(content), name]));
      for (const { uri, sha256: hash } of files) expect([uri, sha256(contentOf(entries, `data/${uri}`))]).toEqual([uri, hash]);
    }
  });

  it('unpacked, its data package leads to files that the engine reads, and that have the rows and columns it says', async () => {
    const entries = await unzip(await download(served.older));
    for (const { name, content } of entries) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), content);
    }
    const pack = JSON.parse(contentOf(entries, 'datapackage.json').toString()) as {
      resources: { name: string; path: string; bytes: number; hash: string; rows: number; schema: { fields: { name: string }[] } }[];
    };
    expect([isDataPackage(pack), isDataPackage.errors]).toEqual([true, null]);
    expect(pack.resources.map(({ path }) => path)).toEqual((await snapshotOf(served.older)).files.map(({ uri }) => `data/${uri}`));
    for (const { name, path, bytes, hash, rows, schema } of pack.resources) {
      const unpacked = readFileSync(join(folder, path));
      expect([name, bytes, hash]).toEqual([name, unpacked.length, `sha256:${sha256(unpacked)}`]);
      expect([name, await ask(`select count(*) from '${join(folder, path)}'`)]).toEqual([name, [[rows]]]);
      const columns = (await ask(`describe select * from '${join(folder, path)}'`)) as string[][];
      expect([name, schema.fields.map((field) => field.name)]).toEqual([name, columns.map(([column]) => column)]);
    }
    // What the README says to type.
    const { files } = await snapshotOf(served.older);
    const rows = files.filter(({ table }) => table === 'activity').reduce((sum, one) => sum + one.rows, 0);
    expect(await ask(`select count(*) from '${folder}/data/activity/*/*.parquet'`)).toEqual([[rows]]);
    expect(execFileSync('sha256sum', ['--check', '--quiet', 'SHA256SUMS'], { cwd: folder }).toString()).toBe('');
  });

  it('says how to cite it, and what every field means', async () => {
    const entries = await unzip(await download(served.newest));
    const { contentHash } = await snapshotOf(served.newest);
    const readme = contentOf(entries, 'README.md').toString();
    expect(readme).toContain(`Snapshot ${served.newest}, published 2026-01-15, sha256 of the contents ${contentHash}.\n`);
    expect(readme).not.toMatch(/127\.0\.0\.1|localhost|undefined|null\b(?!")/);
    const rows: Record<string, string>[] = parse(contentOf(entries, 'codebook.csv'), { columns: true });
    const named = CUBES.flatMap((cube) =>
      [...Object.keys(cube.dimensions), ...Object.keys(cube.measures)].map((field) => `${cube.name}.${field}`),
    );
    expect(rows.map(({ cube, field }) => `${cube}.${field}`)).toEqual(expect.arrayContaining(named));
    expect(rows.filter(({ description }) => description === '')).toEqual([]);
    const book = JSON.parse(contentOf(entries, 'codebook.json').toString()) as { cubes: { measures: unknown[]; dimensions: unknown[] }[] };
    expect(book.cubes.flatMap(({ dimensions, measures }) => [...dimensions, ...measures])).toHaveLength(rows.length);
  });

  it('is the same bytes each time, whatever name the server is called by, and costs 304 for those who have it', async () => {
    const reply = await get(`/snapshots/${served.older}.zip`);
    const { headers } = reply;
    const first = Buffer.from(await reply.arrayBuffer());
    expect(first.equals(await download(served.older))).toBe(true);
    const elsewhere = served.origin.replace('127.0.0.1', 'localhost');
    expect(first.equals(Buffer.from(await (await fetch(`${elsewhere}/snapshots/${served.older}.zip`)).arrayBuffer()))).toBe(true);
    expect([headers.get('content-type'), headers.get('content-length')]).toEqual(['application/zip', String(first.length)]);
    expect(headers.get('content-disposition')).toBe(`attachment; filename="govblog-${served.older}.zip"`);
    expect([headers.get('cache-control'), headers.get('x-govblog-snapshot')]).toEqual(['no-cache', served.older]);
    const etag = headers.get('etag')!;
    expect((await get(`/snapshots/${served.older}.zip`, { 'if-none-match': etag })).status).toBe(304);
    const head = await get(`/snapshots/${served.older}.zip`, {}, 'HEAD');
    expect([head.status, head.headers.get('etag'), head.headers.get('content-length')]).toEqual([200, etag, String(first.length)]);
    expect((await get(`/snapshots/${served.newest}.zip`)).headers.get('etag')).not.toBe(etag);
  });

  it('refuses a snapshot that is not there, and one whose files are not as they were', async () => {
    const nowhere = await get('/snapshots/nope.zip');
    expect([nowhere.status, await nowhere.json()]).toEqual([
      404,
      { error: { code: 'NOT_FOUND', message: expect.stringContaining('"nope"') } },
    ]);
    const { uri, bytes } = (await snapshotOf(served.newest)).files[0]!;
    const path = served.test_.app.files.pathOf(uri);
    appendFileSync(path, 'x');
    const spoilt = await get(`/snapshots/${served.newest}.zip`);
    truncateSync(path, bytes);
    expect([spoilt.status, spoilt.headers.get('etag'), spoilt.headers.get('content-type')]).toEqual([
      500,
      null,
      expect.stringContaining('json'),
    ]);
    expect((await get(`/snapshots/${served.newest}.zip`)).status).toBe(200);
  });

  it('the codebook leads to it', async () => {
    expect(await (await get('/codebook')).text()).toContain(`href="/snapshots/${served.newest}.zip"`);
  });

  it('the command line writes the same bytes', async () => {
    const { config } = served.test_.app;
    const out = join(folder, 'by-hand.zip');
    const run = (...args: string[]): string =>
      execFileSync(process.execPath, [projectPath('bin', 'govblog.cjs'), 'snapshots', 'export', ...args], {
        env: { PATH: process.env['PATH'], GOVBLOG_DATA_DIR: config.dataDir, TZ: 'America/Los_Angeles' },
        cwd: folder,
        stdio: 'pipe',
      }).toString();
    const written = JSON.parse(run(served.older, '--out', out, '--json')) as { bytes: number };
    expect(readFileSync(out).equals(await download(served.older))).toBe(true);
    expect(written.bytes).toBe(readFileSync(out).length);
    run();
    expect(readFileSync(join(folder, `govblog-${served.newest}.zip`)).equals(await download(served.newest))).toBe(true);
    expect(() => run(served.older, '--out', join(folder, 'nowhere', 'a.zip'))).toThrow(/cannot be written/);
  });
});

it('a client that goes away midway leaves no file open', async () => {
  const { app } = served.test_;
  const { files, ...rest } = await snapshotOf(served.older);
  const written = app.files.temporary('large');
  await ask(`copy (select random() as number from range(5000000)) to '${written}' (format parquet)`);
  const large = await app.files.adopt(written, 'large/all');
  const all: SnapshotFile[] = [{ ...large, table: 'large', rows: 5_000_000, from: null, to: null }, ...files];
  await publishSnapshot(app.store, 'with-large', new Date(), { ...rest, files: all, contentHash: contentHashOf(all) });
  const path = app.files.pathOf(large.uri);
  expect(large.bytes).toBeGreaterThan(30_000_000);

  for (let time = 0; time < 3; time += 1) {
    await new Promise<void>((resolve, reject) => {
      const request = httpGet(`${served.origin}/snapshots/with-large.zip`, (reply) => {
        reply.once('data', () => {
          reply.pause();
          void until(() => openFilesOf(path) === 1).then(() => {
            request.destroy();
            resolve();
          }, reject);
        });
      });
      request.on('error', () => undefined);
    });
    await until(() => openFilesOf(path) === 0);
  }
  const whole = await unzip(await download('with-large'));
  expect(sha256(contentOf(whole, `data/${large.uri}`))).toBe(large.sha256);
  expect(openFilesOf(join(app.config.dataDir, 'warehouse'))).toBe(0);
});
