import { openTestApp, type TestApp } from '../app';

let test_: TestApp;
let origin: string;
beforeAll(async () => {
  test_ = await openTestApp('sqlite', { prepared: 'traps' });
  origin = (await test_.serve()).address;
});
afterAll(() => test_.close());

/** The sentence with which a plain URL is refused. */
async function refusal(cube: string, search: string): Promise<string> {
  const reply = await fetch(`${origin}/${cube}.csv?from=2012-01-01&to=2012-12-31&${search}`);
  expect(reply.status).toBe(400);
  return ((await reply.json()) as { error: { message: string } }).error.message;
}

describe('a slip is answered with what was meant', () => {
  it.each([
    ['fields=posts&region=44,11', 'Several are written region.in=44,11 in a plain URL, and region: { in: […] } in GraphQL.'],
    ['fields=posts&geoRegion=South,East', 'Several are written geoRegion.in=South,East'],
    ['fields=posts&accountType=AGENCY,%20OFFICIAL', 'Several are written accountType.in=AGENCY,OFFICIAL'],
    ['fields=posts&account=weibo:1001,weibo:1002', 'Several are written account.in=weibo:1001,weibo:1002'],
    ['fields=month,posts&orderBy=posts:DESC', 'In a plain URL the direction is a sign: orderBy=-posts.'],
    ['fields=month,posts&orderBy=posts%20asc', 'In a plain URL the direction is a sign: orderBy=posts.'],
    ['fields=month,posts&orderBy=postz', 'Did you mean "posts"?'],
    ['fields=month,shar.posts', 'Did you mean "share.posts"?'],
    ['fields=month,previos.YEAR.posts', 'Did you mean "previous.YEAR.posts"?'],
    ['fields=month,postz', 'Did you mean "posts"?'],
    ['fields=month,estimate.0.95.commentsPerPost', 'In fields it is written in percent: 95.'],
    ['fields=posts&where={', 'Write where={"or":'],
  ])('%s', async (search, sentence) => expect(await refusal('activity', search)).toContain(sentence));

  it('weekdays too', async () =>
    expect(await refusal('posts', 'fields=posts&weekday=6,7')).toContain('Several are written weekday.in=6,7 in a plain URL'));

  it('a code that only has a comma in it is no list', async () => {
    const message = await refusal('activity', 'fields=posts&region=44,nowhere');
    expect(message).toContain('There is no region with the code "44,nowhere".');
    expect(message).not.toContain('Several');
  });
});
