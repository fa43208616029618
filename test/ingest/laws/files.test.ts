import { join } from 'node:path';
import fc from 'fast-check';
import { DIALECTS } from '../../stores';
import { folderOf } from '../loading';
import { reordered } from './anyRecords';
import { dumpOf, openLawfulStore, wrongBooks, type LawfulStore } from './lawfulStore';
import { open } from './reading';
import { crawlerSamples, otherSamples, type Sample } from './samples';

const CRAWLS = ['2025-12-15T04:00:00Z', '2025-12-20T04:00:00Z', '2026-01-02T04:00:00Z'].map((text) => Date.parse(text));
const FOLDERS = CRAWLS.map((_, seen) => folderOf(Object.fromEntries([...crawlerSamples(seen), ...otherSamples(seen)].map(({ name, content }) => [name, content])))); // prettier-ignore

/** One file of one crawl. */
interface Part {
  readonly path: string;
  readonly at: number;
  readonly sample: Sample;
}
const PARTS: readonly Part[] = CRAWLS.flatMap((at, seen) =>
  [...crawlerSamples(seen), ...otherSamples(seen)].map((sample) => ({ path: join(FOLDERS[seen]!, sample.name), at, sample })),
);

describe.each(DIALECTS)('files of every format on %s', (dialect) => {
  let lawful: LawfulStore;
  beforeAll(async () => {
    lawful = await openLawfulStore(dialect);
  });
  afterAll(() => lawful.close());

  const load = async ({ path, at, sample }: Part) => lawful.load(await open(path, sample, at));

  test('in any order make the same store as crawl after crawl, and again change nothing', async () => {
    // Folders as they stand, one crawl after the other; the rest file by file.
    for (const [seen, at] of CRAWLS.entries())
      await lawful.load(await open(`${FOLDERS[seen]!}/{甲,json,spider}/*`, { kind: 'crawler' }, at));
    for (const part of PARTS) await load(part);
    const expected = await lawful.dump();
    for (const rows of Object.entries(expected)) expect([rows[0], rows[1].length > 0 || rows[0] === 'crawl_span']).toEqual([rows[0], true]);
    const mark = await lawful.lastMark();

    await fc.assert(
      fc.asyncProperty(reordered(PARTS), async (parts) => {
        await lawful.clear();
        for (const part of parts.flat()) await load(part);
        expect(await dumpOf(lawful.store)).toEqual(expected);
        expect(await wrongBooks(lawful.store)).toEqual([]);
      }),
      { numRuns: dialect === 'sqlite' ? 12 : 3, endOnFailure: true },
    );

    expect(await lawful.lastMark()).toBeGreaterThan(mark);
    const settled = await lawful.lastMark();
    for (const part of PARTS) expect(await load(part)).toMatchObject({ accepted: 0, updated: 0 });
    expect(await lawful.lastMark()).toBe(settled);
    expect(await lawful.dump()).toEqual(expected);
  });
});
