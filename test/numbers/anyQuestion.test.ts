import { CUBES } from '../../src/model';
import { isOfAllRows, TIME_GRAINS as GRAINS, valueTypeOf, type Cube, type Measure } from '../../src/model/define';
import type { IngestRecord } from '../../src/ingest/records';
import type { Question } from '../../src/query/question';
import { derivedFrom, estimateWays } from '../../src/query/derived';
import type { Estimate } from '../../src/stats/ratio';
import { openTestApp, type TestApp } from '../app';
import { DIALECTS, DIALECTS_ABOVE, type Dialect } from '../stores';
import { EXHAUSTIVE_CRAWL, TRAPS } from '../traps';
import { COMMENT_TRAPS, LATE_COMMENTS } from './interactionTraps';
import { loadExhaustive } from './loading';
import { Covered } from './naive/covered';
import { naiveEstimates, partsOf, randomEstimate, studentT } from './naive/estimates';
import { naiveAnswer } from './naive/naiveAnswer';
import { population } from './naive/population';
import { randomQuestion } from './naive/randomQuestion';
import { sweep } from './naive/sweep';
import { worldOf, type World } from './naive/world';

// Any question against plain loops over the rows of the operational store.
//   ORACLE_SEEDS=2000 npx jest test/numbers/anyQuestion      asks more of them
//   ORACLE_SEED=17 npx jest test/numbers/anyQuestion         asks one again
//   ORACLE_ROUNDS=11 npx jest test/numbers/anyQuestion       every operator with every measure, dimension and grain
const SEEDS = Number(process.env['ORACLE_SEEDS'] ?? 100);
const ROUNDS = Number(process.env['ORACLE_ROUNDS'] ?? 1);
const ONLY = process.env['ORACLE_SEED'];

type Load = (test_: TestApp) => Promise<void>;
const of =
  (...sets: readonly (readonly IngestRecord[])[]): Load =>
  async (test_) => {
    for (const set of sets) await test_.load(set);
  };
const crowded: Load = async (test_) => {
  await of(population({ from: '2009-12-10', days: 1_190, accounts: 16, seed: 1 }), TRAPS, COMMENT_TRAPS, LATE_COMMENTS)(test_);
  await loadExhaustive(test_, EXHAUSTIVE_CRAWL);
};

/** The set of all traps, and two winters with a 53rd week: one before a leap day, one whose year begins on a Friday. */
const SETS: readonly (readonly [name: string, load: Load, seeds: number])[] = [
  ['2009 to 2013', crowded, SEEDS],
  ['the winter of 2015', of(population({ from: '2015-12-10', days: 95, accounts: 8, seed: 2 })), Math.ceil(SEEDS / 6)],
  ['the winter of 2020', of(population({ from: '2020-12-14', days: 60, accounts: 8, seed: 3 })), Math.ceil(SEEDS / 6)],
];

// The store that is not above asks the set of all traps alone, and less.
const setsOf = (dialect: Dialect): typeof SETS =>
  DIALECTS_ABOVE.includes(dialect) ? SETS : SETS.slice(0, 1).map(([name, load, seeds]) => [name, load, Math.ceil(seeds / 4)] as const);
describe.each(DIALECTS.flatMap((dialect) => setsOf(dialect).map(([name, load, seeds]) => ({ dialect, name, load, seeds }))))(
  'any question has the answer of plain loops: $name, on $dialect',
  ({ load, seeds, dialect, name }) => {
    let test_: TestApp;
    let world: World;
    const covered = new Covered();
    /** Files are the same bytes on every store (sameFiles.test.ts): the longest part is asked of one. */
    const isWhole = load === crowded && DIALECTS_ABOVE.includes(dialect);
    beforeAll(async () => {
      test_ = await openTestApp(dialect);
      await load(test_);
      expect((await test_.app.night()).jobs.filter(({ failed }) => failed > 0)).toEqual([]);
      world = await worldOf(test_);
    });
    afterAll(() => test_.close());

    /** Compares rows, number of rows and totals; the question is said when they differ. */
    async function check(question: Question, again: string): Promise<void> {
      const cube = CUBES.find(({ name: own }) => own === question.cube)!;
      const naive = naiveAnswer(question, world);
      const measures = question.fields.filter((field) => field in cube.measures);
      try {
        const answer = await test_.ask(question);
        const rows = await answer.rows();
        const shown = rows.map((row) => Object.fromEntries(question.fields.map((field) => [field, row[field]])));
        expect(shown).toEqual(naive.rows.map((row) => closeTo(row, cube)));
        expect(await answer.rowCount()).toBe(naive.rowCount);
        expect(await answer.totals(measures)).toMatchObject(closeTo(naive.totals(measures), cube));
        covered.add(question, rows.length);
      } catch (error) {
        throw new Error(`${again}, ${name}, ${dialect}: ${JSON.stringify(question)}`, { cause: error });
      }
    }

    if (isWhole)
      test.each(CUBES.map((cube) => [cube.name, cube] as const))(
        '%s: every measure by every dimension and grain, every operator on every field',
        async (_, cube) => {
          for (let round = 0; round < ROUNDS; round += 1)
            for (const { question } of sweep(cube, world, round)) await check(question, `ORACLE_ROUNDS=${round + 1}`);
        },
        ROUNDS * 300_000,
      );

    test(`${seeds} random questions`, async () => {
      const asked = ONLY === undefined ? Array.from({ length: seeds }, (_, seed) => seed) : [Number(ONLY)];
      for (const seed of asked) await check(randomQuestion(seed, CUBES[seed % CUBES.length]!, world), `ORACLE_SEED=${seed}`);
    }, 60_000 + seeds * 1_000); // prettier-ignore

    test(`${seeds} random estimates: the plain number, accounts counted one by one, and the interval of their loops`, async () => {
      let bounded = 0;
      for (let seed = 0; seed < seeds; seed += 1) {
        const cube = CUBES[seed % CUBES.length]!;
        const { question, of, level, isShare } = randomEstimate(seed, cube, world);
        try {
          const naive = naiveEstimates(question, of, level, isShare, world);
          const [plain, field] = question.fields.slice(-2) as [string, string];
          const keys = [...GRAINS, 'period', ...world.cubes[cube.name]!.dimensions].filter((name) => question.fields.includes(name));
          for (const row of await (await test_.ask(question)).rows()) {
            const { method: _, ...estimate } = row[field] as Estimate;
            const expected = naive.get(JSON.stringify(keys.map((name) => row[name]))) ?? { value: null, lower: null, upper: null, n: 0 };
            const size = Math.max(...[expected.value, expected.lower, expected.upper].map((one) => Math.abs(one ?? 0)));
            expect(estimate).toEqual({
              value: about(expected.value, size),
              lower: about(expected.lower, size),
              upper: about(expected.upper, size),
              n: expected.n,
            });
            if (estimate.value === null) continue;
            expect(estimate.value).toEqual(about(row[plain] as number, size));
            if (estimate.lower === null || estimate.upper === null) continue;
            expect(estimate.lower).toBeLessThanOrEqual(estimate.value);
            expect(estimate.upper).toBeGreaterThanOrEqual(estimate.value);
            bounded += 1;
          }
        } catch (error) {
          throw new Error(`estimate ${seed}, ${name}, ${dialect}: ${JSON.stringify(question)}`, { cause: error });
        }
      }
      expect(bounded).toBeGreaterThan(seeds);
    }, 60_000 + seeds * 1_000); // prettier-ignore

    if (isWhole && ONLY === undefined)
      test('nothing that the model has went without a question that has an answer', () => {
        for (const cube of CUBES) expect({ [cube.name]: covered.missing(cube) }).toEqual({ [cube.name]: [] });
        expect(covered.missingParts()).toEqual([]);
      });
  },
);

test('Student’s t as in the tables, and loops know the parts of every ratio that has an interval', () => {
  for (const [p, freedom, t] of [
    [0.975, 1, 12.7062],
    [0.95, 4, 2.1318],
    [0.995, 9, 3.2498],
    [0.975, 120, 1.9799],
  ] as const)
    // prettier-ignore
    expect(studentT(p, freedom)).toBeCloseTo(t, 3);
  for (const cube of CUBES)
    for (const [name, measure] of Object.entries<Measure>(cube.measures)) {
      if (measure.kind === 'ratio' && estimateWays(cube, name).length > 0) expect([name, partsOf(cube.name, name)?.length]).not.toEqual([name, undefined]); // prettier-ignore
      // What has no method for an interval says so in `dataset`.
      if (isOfAllRows(measure) && measure.kind !== 'quantile') expect(derivedFrom(cube, name)).not.toContain('estimate');
    }
});

/** Counts are exact; what was divided or interpolated may differ in its last bits. */
function closeTo(row: Readonly<Record<string, unknown>>, cube: Cube): Record<string, unknown> {
  const isDecimal = (field: string): boolean =>
    field.includes('.') ? !field.startsWith('rank') : field in cube.measures && valueTypeOf(cube.measures[field]!) === 'number';
  return Object.fromEntries(
    Object.entries(row).map(([field, value]) => [field, typeof value === 'number' && isDecimal(field) ? near(value) : value]),
  );
}
/** Interval ends come of differences of large sums, and of quantiles that are found step by step: to a millionth of what is large among them. */
const about = (value: number | null, size: number): unknown =>
  value === null ? value : (expect.closeTo(value, 6 - Math.ceil(Math.log10(Math.max(size, Number.MIN_VALUE)))) as unknown);
/** To the tenth digit, whatever the size. */
const near = (value: number): unknown => expect.closeTo(value, 10 - Math.ceil(Math.log10(Math.abs(value) + 1))) as unknown;
