import fc from 'fast-check';
import { cubeNamed, CUBES } from '../../src/model';
import type { Cube } from '../../src/model/define';
import { fromPermalink, fromSearch, permalinkOf } from '../../src/query/permalink';
import { canonical, fieldsOf, type Question } from '../../src/query/question';

const day = fc.constantFrom('2011-01-01', '2011-12-31');
const list = <T>(value: fc.Arbitrary<T>) => fc.uniqueArray(value, { minLength: 1, maxLength: 4 });
const code = fc.constantFrom('11', '44', 'PS', 'PS-POLICE', '平安', 'weibo:1', 'a+b c', '100%');

/** A condition as GraphQL gives it: numbers where its filter type has numbers. */
const filterOf = (cube: Cube, name: string) => {
  const type = (cube.dimensions[name] ?? cube.conditions![name]!).type;
  if (type === 'integer')
    return fc.record({ eq: fc.nat(23), in: list(fc.nat(23)), gte: fc.nat(2 ** 40), lte: fc.nat(9) }, { requiredKeys: [] });
  return fc.record({ eq: code, in: list(code), notIn: list(code), under: code, contains: fc.string() }, { requiredKeys: [] });
};
const bounds = fc.record({ gt: fc.integer(), lte: fc.double({ noNaN: true, noDefaultInfinity: true }) }, { requiredKeys: [] });

const questions = fc.constantFrom(...CUBES).chain((cube): fc.Arbitrary<Question> => {
  const fields = [...fieldsOf(cube), `share.${Object.keys(cube.measures)[0]}`];
  const conditions = [...Object.keys(cube.dimensions), ...Object.keys(cube.conditions ?? {})];
  return fc.record(
    {
      cube: fc.constant(cube.name),
      fields: fc.array(fc.constantFrom(...fields), { minLength: 1, maxLength: 5 }),
      from: day,
      to: day,
      where: fc.constantFrom(...conditions).chain((name) => filterOf(cube, name).map((filter) => ({ [name]: filter }))),
      having: fc.record({ [Object.keys(cube.measures)[0]!]: bounds }),
      orderBy: fc.array(fc.record({ field: fc.constantFrom(...fields), direction: fc.constantFrom('ASC' as const, 'DESC' as const) }), {
        maxLength: 2,
      }),
      limit: fc.nat(50_000),
      offset: fc.nat(100),
    },
    { requiredKeys: ['cube', 'fields', 'from', 'to'] },
  );
});

it('a permalink asks the question it was made from: one question has one canonical form by every door', () => {
  fc.assert(
    fc.property(questions, (question) => {
      const cube = cubeNamed(question.cube)!;
      const link = permalinkOf(question, '20120201-6337611da01a');
      for (const written of [link, `https://example.org:8080/below${link}`, link.replace('.json?', '.arrow?')]) {
        const read = fromPermalink(written);
        expect([canonical(read.question, cube), read.snapshot]).toEqual([canonical(question, cube), '20120201-6337611da01a']);
      }
    }),
  );
});

it('a permalink may leave the snapshot out', () => {
  expect(fromPermalink('/posts.csv?fields=hour,posts&from=2011-01-01&to=2011-12-31&hour=8&hour.in=07,9').snapshot).toBeUndefined();
  expect(fromPermalink('/posts.csv?fields=posts&from=2011-01-01&to=2011-12-31&hour.in=07,9').question.where).toEqual({
    hour: { in: [7, 9] },
  });
});

it.each(['', 'nonsense', '/q/0123', '/activity?fields=posts', 'http://[', '/graphql?query={a}', '/activity.json/x'])(
  '"%s" is no permalink, and the refusal says what is one',
  (text) => {
    expect(() => fromPermalink(text)).toThrow(
      expect.objectContaining({ code: 'BAD_QUERY', message: expect.stringContaining('is no permalink') }),
    );
  },
);

it('what is no number stays as it is, for the planner to refuse', () => {
  const search = new URLSearchParams('fields=posts&from=2011-01-01&to=2011-12-31&hour=noon');
  expect(fromSearch('posts', search).question.where).toEqual({ hour: { eq: 'noon' } });
});

it('a cube that is not there, and a parameter that is none, are refused by name', () => {
  expect(() => fromPermalink('/activty.json?fields=posts')).toThrow('Did you mean "activity"?');
  expect(() => fromPermalink('/activity.json?fields=posts&from=2011-01-01&to=2011-12-31&reqion=11')).toThrow('"reqion"');
});
