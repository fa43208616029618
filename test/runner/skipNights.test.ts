import { skipNights } from '../../src/runner/nights';
import { openTestApp, type TestApp } from '../app';
import { DIALECTS } from '../stores';

describe.each(DIALECTS)('nights that are left out, on %s', (dialect) => {
  let test_: TestApp;
  beforeAll(async () => {
    test_ = await openTestApp(dialect);
  });
  afterAll(() => test_.close());

  test('are written down once, by however many at the same time', async () => {
    const nights = Array.from({ length: 6 }, (_, index) => new Date(Date.UTC(2026, 0, 1 + index, 18, 30)));
    await Promise.all(Array.from({ length: 8 }, () => skipNights(test_.app, nights)));
    const rows = await test_.app.store.query<{ planned_for: string; outcome: string }>(
      'SELECT planned_for, outcome FROM night ORDER BY planned_for',
    );
    expect(rows.map(({ planned_for, outcome }) => [Date.parse(planned_for.replace(' ', 'T').replace(/Z?$/, 'Z')), outcome])).toEqual(
      nights.map((night) => [night.getTime(), 'skipped']),
    );
  });
});
