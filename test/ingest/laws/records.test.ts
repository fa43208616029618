import fc from 'fast-check';
import { DIALECTS } from '../../stores';
import { recordsTwoWays } from './anyRecords';
import { openLawfulStore, wrongBooks, type LawfulStore } from './lawfulStore';

describe.each(DIALECTS)('records on %s', (dialect) => {
  let lawful: LawfulStore;
  beforeAll(async () => {
    lawful = await openLawfulStore(dialect);
  });
  afterAll(() => lawful.close());

  test('in any order, in any parts, make the same store; loading them again changes nothing', async () => {
    await fc.assert(
      fc.asyncProperty(recordsTwoWays(60), async ({ records, parts }) => {
        await lawful.clear();
        await lawful.loadRecords(records);
        const expected = await lawful.dump();
        const mark = await lawful.lastMark();
        const again = await lawful.loadRecords(parts.flat());
        expect(again).toMatchObject({ accepted: 0, updated: 0 });
        expect(await lawful.dump()).toEqual(expected);
        expect(await lawful.lastMark()).toBe(mark);

        await lawful.clear();
        for (const part of parts) await lawful.loadRecords(part);
        expect(await lawful.dump()).toEqual(expected);
        expect(await wrongBooks(lawful.store)).toEqual([]);
      }),
      { numRuns: Number(process.env['LAW_RUNS'] ?? (dialect === 'sqlite' ? 150 : 25)) },
    );
  });
});
