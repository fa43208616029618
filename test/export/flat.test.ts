import { columnsOf, flatRows, toCsv } from '../../src/export/flat';
import { activity } from '../../src/model/activity';
import type { Members } from '../../src/model/members';
import { posts } from '../../src/model/posts';

const named = (code: string, name: string) => ({ code, parentCode: null, name, nameZh: '', source: '', confidence: '' });
const none = new Map();
const members: Members = {
  region: new Map([['44', { ...named('44', 'Guangdong'), kind: 'province' as const, iso: null, nbsRegion: 'East', geoRegion: 'South' }]]),
  sector: new Map([['PS', { ...named('PS', 'Public security'), groupCode: 'PS' }]]),
  level: none,
  accountType: none,
  verifiedType: none,
  contentCategory: none,
  platform: none,
};
const account = (key: number) => (key === 7 ? { id: 'weibo:1', screenName: null } : undefined);

describe('columns of an answer', () => {
  it('stand in the order of the model, derived ones last, each with its type', () => {
    const fields = [
      'postsPerAccount',
      'share.posts',
      'account',
      'region',
      'nbsRegion',
      'openedMonth',
      'posts',
      'month',
      'level',
      'previous.YEAR.posts',
    ];
    expect(columnsOf(activity, fields)).toEqual([
      { name: 'month', type: 'day' },
      { name: 'region', type: 'text' },
      { name: 'regionName', type: 'text' },
      { name: 'nbsRegion', type: 'text' },
      { name: 'level', type: 'text' },
      { name: 'account', type: 'text' },
      { name: 'accountName', type: 'text' },
      { name: 'openedMonth', type: 'day' },
      { name: 'posts', type: 'count' },
      { name: 'postsPerAccount', type: 'number' },
      { name: 'previous.YEAR.posts', type: 'count' },
      { name: 'share.posts', type: 'number' },
    ]);
    expect(columnsOf(posts, ['hour', 'weekday', 'medianReposts'])).toEqual([
      { name: 'weekday', type: 'integer' },
      { name: 'hour', type: 'integer' },
      { name: 'medianReposts', type: 'number' },
    ]);
    expect(columnsOf(activity, ['rank.posts', 'change.YEAR.posts', 'previous.MONTH.postsPerAccount'])).toEqual([
      { name: 'change.YEAR.posts', type: 'number' },
      { name: 'previous.MONTH.postsPerAccount', type: 'number' },
      { name: 'rank.posts', type: 'count' },
    ]);
  });

  it('hold names beside codes; what is not known is null', () => {
    const rows = [
      { month: '2012-01-01', region: '44', sectorGroup: 'PS', account: 7, posts: 0 },
      { month: null, region: 'ZZ', sectorGroup: null, account: 8, posts: null },
    ];
    expect(flatRows(activity, ['posts', 'account', 'sectorGroup', 'region', 'month'], rows, members, account)).toEqual([
      {
        month: '2012-01-01', region: '44', regionName: 'Guangdong', sectorGroup: 'PS', sectorGroupName: 'Public security', account: 'weibo:1',
        accountName: null, posts: 0,
      }, // prettier-ignore
      {
        month: null,
        region: 'ZZ',
        regionName: null,
        sectorGroup: null,
        sectorGroupName: null,
        account: null,
        accountName: null,
        posts: null,
      },
    ]);
  });

  it('an estimate has a column for its value and one for each companion', () => {
    const field = 'estimate.99.5.commentsPerPost';
    const estimate = { value: 1.5, lower: 1, upper: null, n: 3, method: 'linearised' };
    const flat = flatRows(activity, [field], [{ [field]: estimate }, {}], members, account);
    expect(flat[0]).toEqual({
      [field]: 1.5,
      [`${field}.lower`]: 1,
      [`${field}.upper`]: null,
      [`${field}.n`]: 3,
      [`${field}.method`]: 'linearised',
    });
    expect(Object.values(flat[1]!)).toEqual([null, null, null, null, null]);
    expect(columnsOf(activity, [field]).map(({ type }) => type)).toEqual(['number', 'number', 'number', 'count', 'text']);
  });

  it('CSV quotes what must be quoted, and tells nothing from zero and from an empty text', () => {
    expect(
      toCsv(
        [
          { a: 'x,"y"\nz', b: 0 },
          { a: null, b: null },
        ],
        ['a', 'b'],
      ),
    ).toBe('a,b\n"x,""y""\nz",0\n,\n');
  });
});
