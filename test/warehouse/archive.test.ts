import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { projectPath } from '../../src/paths';
import { zipOf, type ArchiveEntry } from '../../src/warehouse/archive';
import { openFilesOf, until, unzip } from '../unzip';

const DATED = new Date('2012-02-29T23:30:00Z');
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'govblog-archive-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const text = (name: string, content: string): ArchiveEntry => ({ name, content: Buffer.from(content) });
function file(name: string, bytes: number, fill = 'x'): ArchiveEntry {
  const path = join(folder, name);
  const content = Buffer.alloc(bytes, fill);
  writeFileSync(path, content);
  return { name: `data/${name}`, content: { path, bytes, sha256: createHash('sha256').update(content).digest('hex') } };
}

it('holds texts and files in their order, as they are, and is as long as it says', async () => {
  const { bytes, stream } = zipOf([text('README.md', '说明'), file('a', 300_000), file('empty', 0), text('b/c.txt', '')], DATED);
  const zip = await buffer(stream);
  expect(zip.length).toBe(bytes);
  const entries = await unzip(zip);
  expect(entries.map(({ name, method, content }) => [name, method, content.length])).toEqual([
    ['README.md', 0, 6],
    ['data/a', 0, 300_000],
    ['data/empty', 0, 0],
    ['b/c.txt', 0, 0],
  ]);
  expect(entries[0]!.content.toString()).toBe('说明');
  expect(new Set(entries.map(({ dated }) => dated))).toEqual(new Set(['2012-02-29 12:00']));
});

it.each([0, 1, 700, 1_000, 2_000])('%s entries: the length is still what was announced', async (count) => {
  const entries = Array.from({ length: count }, (_, index) =>
    text(`data/activity/2011-12/${String(index).padStart(32, '0')}.parquet`, `${index}`),
  );
  const { bytes, stream } = zipOf(entries, DATED);
  const zip = await buffer(stream);
  expect(zip.length).toBe(bytes);
  expect((await unzip(zip)).map(({ name }) => name)).toEqual(entries.map(({ name }) => name));
});

it('is the same bytes in every zone', async () => {
  const script = `const { zipOf } = require(${JSON.stringify(projectPath('dist', 'src', 'warehouse', 'archive.js'))});
    zipOf([{ name: 'a', content: Buffer.from('b') }], new Date('${DATED.toISOString()}')).stream.pipe(process.stdout)`;
  const hashes = ['UTC', 'Asia/Shanghai', 'Pacific/Kiritimati', 'America/Los_Angeles'].map((TZ) =>
    createHash('sha256')
      .update(execFileSync(process.execPath, ['-e', script], { env: { TZ } }))
      .digest('hex'),
  );
  const here = await buffer(zipOf([text('a', 'b')], DATED).stream);
  expect(new Set(hashes)).toEqual(new Set([createHash('sha256').update(here).digest('hex')]));
});

it('closes the file it reads when nobody reads on', async () => {
  const { stream } = zipOf([text('README.md', 'r'), file('large', 20_000_000), file('next', 1)], DATED);
  await new Promise((resolve) => stream.once('data', resolve));
  stream.pause();
  await until(() => openFilesOf(join(folder, 'large')) === 1);
  stream.destroy();
  await until(() => openFilesOf(folder) === 0);
});

it('opens nothing when it is put away unread', async () => {
  const { bytes, stream } = zipOf([text('README.md', 'r'), file('unread', 10)], DATED);
  expect(bytes).toBeGreaterThan(10);
  stream.destroy();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(openFilesOf(folder)).toBe(0);
});

it.each<[string, (path: string) => void]>([
  ['is gone', (path) => rmSync(path)],
  ['has become shorter', (path) => truncateSync(path, 5)],
  ['is as long as before and another', (path) => writeFileSync(path, Buffer.alloc(1_000, 'y'))],
])('breaks off when a file %s', async (_what, spoil) => {
  const entry = file('spoilt', 1_000);
  const { stream } = zipOf([entry, file('after', 1)], DATED);
  spoil((entry.content as { path: string }).path);
  await expect(buffer(stream)).rejects.toThrow(/ENOENT|unexpected number of bytes|data\/spoilt is damaged: its sha256 is [0-9a-f]{64}/);
  await until(() => openFilesOf(folder) === 0);
});
