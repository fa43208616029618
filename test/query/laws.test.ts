import fc from 'fast-check';
import type { AnswerRow } from '../../src/answer/answer';
import { CUBES } from '../../src/model';
import type { Cube } from '../../src/model/define';
import { compileRowCount, compileRows, compileTotals } from '../../src/query/compile';
import { filtersOf, partsOf, type Question, type Where } from '../../src/query/question';
import { predicatesIn } from '../../src/query/where';
import { anyQuestion } from '../answer/anyQuestion';
import { openTestApp, type TestApp } from '../app';

let test_: TestApp;
beforeAll(async () => {
  test_ = await openTestApp('sqlite', { prepared: 'traps and comments' });
});
afterAll(() => test_.close());

const SEED = 20120229;
const EACH = CUBES.map((cube) => [cube.name, cube] as const);
/** Every filter of some conditions as `region.notIn`, wherever it stands. */
const leaves = (where: Where | undefined): string[] => [
  ...Object.entries(filtersOf(where)).flatMap(([name, filter]) => Object.keys(filter ?? {}).map((operator) => `${name}.${operator}`)),
  ...(['and', 'or', 'not'] as const).flatMap((name) => partsOf(where, name).flatMap(leaves)),
];
/** Days before and after all data are refused, and are no part of these laws. */
const asked = async (question: Question) => test_.ask(question).catch(() => null);

test.each(EACH)('%s: every filter of a question is in each of its statements, with its values as parameters', async (_, cube: Cube) => {
  let filters = 0;
  await fc.assert(
    fc.asyncProperty(anyQuestion(cube), async (question) => {
      const answer = await asked(question);
      if (answer === null) return;
      const predicates = predicatesIn(answer.plan.where);
      expect(predicates.map(({ origin }) => origin).sort()).toEqual(leaves(question.where).sort());
      const grouped = answer.plan.grains.length + answer.plan.dimensions.length > 0;
      for (const { sql, params } of [
        compileRows(answer.plan),
        compileTotals(answer.plan),
        ...(grouped ? [compileRowCount(answer.plan)] : []),
      ]) {
        for (const { column, values } of predicates) {
          expect(sql).toContain(`${cube.fact}.${column} `);
          for (const value of values) expect(params).toContain(value);
        }
        // Numbers of parameters are all that is said of values.
        for (const value of predicates.flatMap(({ values }) => values)) if (typeof value === 'string' && value.length > 3) expect(sql).not.toContain(value); // prettier-ignore
      }
      filters += predicates.length;
    }),
    { numRuns: 150, seed: SEED },
  );
  expect(filters).toBeGreaterThan(50);
});

test.each(EACH)('%s: groups part the total of what adds up', async (_, cube: Cube) => {
  const additive = Object.keys(cube.measures).filter((name) => ['sum', 'count'].includes(cube.measures[name]!.kind) && !hasParts(cube, name));
  let parted = 0;
  await fc.assert(
    fc.asyncProperty(anyQuestion(cube), fc.subarray(additive, { minLength: 1, maxLength: 5 }), async (question, measures) => {
      const groups = question.fields.filter((field) => !field.includes('.') && !(field in cube.measures));
      const answer = await asked({ cube: cube.name, fields: [...groups, ...measures], from: question.from, to: question.to, where: question.where ?? {}, limit: 50_000 }); // prettier-ignore
      if (answer === null) return;
      const rows = await answer.rows();
      const totals = await answer.totals(measures);
      expect(rows.length).toBe(await answer.rowCount());
      for (const name of measures) expect(sum(rows, name)).toBe(totals[name] ?? 0);
      parted += rows.length;
    }),
    { numRuns: 120, seed: SEED },
  );
  expect(parted).toBeGreaterThan(100);
}); // prettier-ignore

/** What posts received is unknown in a group where nothing was collected about any. */
const hasParts = (cube: Cube, name: string): boolean => 'of' in cube.measures[name]!;
const sum = (rows: readonly AnswerRow[], name: string): number => rows.reduce((all, row) => all + Number(row[name] ?? 0), 0);
