import { join } from 'node:path';
import { INTERACTION_COLUMNS, interactionsFile } from '../../src/ingest/formats/interactionsFile';
import { POST_COLUMNS, postsFile } from '../../src/ingest/formats/postsFile';
import type { ParsedRow } from '../../src/ingest/outcome';
import type { Reading } from '../../src/ingest/reading';
import type { IngestRecord } from '../../src/ingest/records';
import { CLOCK, folderOf } from './loading';

const ZONES = new Map([['weibo', 'Asia/Shanghai'], ['twitter', 'UTC']]); // prettier-ignore
const HASH = 'ab'.repeat(32);

async function contents(reading: Reading) {
  const rows: ParsedRow[] = [];
  for await (const row of reading.rows()) rows.push(row);
  return {
    records: rows.flatMap((row): IngestRecord[] => ('record' in row ? [row.record, ...(row.also ?? [])] : [])),
    rejects: rows.flatMap((row) => ('reject' in row ? [[row.reject.origin.line, row.reject.field, row.reject.reason]] : [])),
  };
}
const lines = (columns: readonly string[], ...rows: readonly Readonly<Record<string, string | undefined>>[]): string =>
  [columns.join(','), ...rows.map((row) => columns.map((column) => `"${row[column] ?? ''}"`).join(','))].join('\n') + '\n';
const file = (content: string, name: string): string => join(folderOf({ [name]: content }), name);

describe('interactions', () => {
  const read = async (content: string, name = 'a.csv', observedAt: number | null = null) =>
    contents(await interactionsFile(file(content, name), ZONES, observedAt));
  const FULL = {
    platform: 'weibo', interaction_id: '9007199254740993', form: 'REPOST', post_id: '5106121943814622', account_id: '7', parent_id: '8',
    by_account_id: '', citizen_id: '1234567890', citizen_hash: '', created_at: '2011-05-31 23:54:00', text: ' 好的 ', likes: '1.2万',
  }; // prettier-ignore
  const RECORD = {
    kind: 'interaction', platform: 'weibo', interactionId: '9007199254740993', form: 'REPOST', postId: '5106121943814622', accountId: '7', parentId: '8',
    writerId: '1234567890', byAccountId: null, citizenHash: null, createdAt: Date.parse('2011-05-31T15:54:00Z'), text: ' 好的 ', likes: 12_000,
  }; // prettier-ignore

  test('are read whole, as CSV and as JSON Lines', async () => {
    expect(Object.keys(FULL)).toEqual([...INTERACTION_COLUMNS]);
    expect(await read(`\uFEFF${lines([...INTERACTION_COLUMNS].reverse(), FULL)}`)).toEqual({ records: [RECORD], rejects: [] });
    const line = JSON.stringify(FULL).replace('"9007199254740993"', '9007199254740993');
    expect(await read(`${line}\n`, 'a.jsonl')).toEqual({ records: [RECORD], rejects: [] });
  });

  test('have one writer each: an account, an id, or a hash', async () => {
    const { records, rejects } = await read(
      lines(
        ['platform', 'interaction_id', 'post_id', 'created_at', 'by_account_id', 'citizen_id', 'citizen_hash'],
        ...[
          { by_account_id: '7' },
          { citizen_hash: HASH.toUpperCase() },
          {},
          { by_account_id: '7', citizen_id: '8' },
          { citizen_hash: '1234567890' },
        ].map((writer, index) => ({ platform: 'weibo', interaction_id: `${index}`, post_id: '1', created_at: '2011-05-31', ...writer })),
      ),
    );
    const writers = records.map((one) => (one.kind === 'interaction' ? [one.byAccountId, one.writerId, one.citizenHash] : []));
    expect(writers).toEqual([['7', null, null], [null, null, HASH]]); // prettier-ignore
    expect(rejects).toEqual([
      [4, 'citizen_id', 'An interaction has one writer: fill exactly one of by_account_id, citizen_id, citizen_hash.'],
      [5, 'citizen_id', 'An interaction has one writer: fill exactly one of by_account_id, citizen_id, citizen_hash, not by_account_id and citizen_id.'],
      [6, 'citizen_hash', 'This is not a hash of 32 to 64 hexadecimal digits; ids that are not hashed belong in citizen_id.'],
    ]); // prettier-ignore
  });

  test('are comments on a post unless they say more, and relative times need the time of crawling', async () => {
    const rows = lines(['platform', 'interaction_id', 'post_id', 'created_at', 'citizen_id', 'form'],
      { platform: 'weibo', interaction_id: '1', post_id: '2', created_at: '5分钟前', citizen_id: '3' },
      { platform: 'weibo', interaction_id: '2', post_id: '2', created_at: '2011-01-01', citizen_id: '3', form: 'like' }); // prettier-ignore
    const { records, rejects } = await read(rows, 'a.csv', Date.parse('2011-01-02T00:00:00Z'));
    expect(records).toMatchObject([
      { form: 'COMMENT', accountId: null, parentId: null, likes: null, text: '', createdAt: Date.parse('2011-01-01T23:55:00Z') },
    ]);
    expect(rejects).toEqual([[3, 'form', '"like" is neither COMMENT nor REPOST.']]);
    expect((await read(rows)).rejects[0]).toEqual([2, 'created_at', expect.stringContaining('--observed-at')]);
  });

  test('in other columns are refused with what may have been meant', async () => {
    await expect(read('platform,interaction_id,post_id,created\n')).rejects.toThrow(
      /has no column "created_at"\. Did you mean "created"\? The columns of interactions: platform, /,
    );
    await expect(read('platform,interaction_id,post_id,created_at,citizenid\n')).rejects.toThrow(
      /"citizenid" that is not one of interactions\. Did you mean "citizen_id"\?/,
    );
  });
});

describe('posts in canonical columns', () => {
  const read = async (content: string, name = 'a.csv', observedAt: number | null = null) =>
    contents(await postsFile(file(content, name), ZONES, observedAt, CLOCK));
  const FULL = {
    platform: 'weibo', post_id: '5106121943814622', account_id: '7', screen_name: '甲', posted_at: '2011-05-31 23:54:00', observed_at: '2011-06-01 00:00:00',
    text: ' a\nb ', original: 'false', repost_of_id: '6', reposts: '1', comments: '', likes: '10万+', deleted: 'true', deleted_by: 'platform',
  }; // prettier-ignore
  const RECORDS = [
    {
      kind: 'post', platform: 'weibo', postId: '5106121943814622', accountId: '7', screenName: '甲', postedAt: Date.parse('2011-05-31T15:54:00Z'),
      observedAt: Date.parse('2011-05-31T16:00:00Z'), text: ' a\nb ', original: false, repostOfId: '6', reposts: 1, comments: null, likes: 100_000,
      approximate: { likes: '10万+' },
    },
    { kind: 'status', platform: 'weibo', postId: '5106121943814622', observedAt: Date.parse('2011-05-31T16:00:00Z'), status: 'DELETED', actor: 'PLATFORM', evidence: null },
  ]; // prettier-ignore

  test('are read whole, as CSV and as JSON Lines', async () => {
    expect(Object.keys(FULL)).toEqual([...POST_COLUMNS]);
    expect(await read(lines([...POST_COLUMNS].reverse(), FULL))).toEqual({ records: RECORDS, rejects: [] });
    expect(await read(`${JSON.stringify(FULL)}\n`, 'a.ndjson')).toEqual({ records: RECORDS, rejects: [] });
  });

  test('were observed when their row says, else when is told, else at the newest post of the file', async () => {
    const columns = ['platform', 'post_id', 'account_id', 'posted_at', 'observed_at'];
    const row = (post_id: string, posted_at: string, observed_at = '') => ({
      platform: 'twitter',
      post_id,
      account_id: '7',
      posted_at,
      observed_at,
    });
    const content = lines(
      columns,
      row('1', '2011-01-01'),
      row('2', '2011-01-03'),
      row('3', '2011-01-02', '2012-01-01'),
      row('4', '2091-01-01'),
    );
    const days = async (observedAt: number | null) =>
      (await read(content, 'a.csv', observedAt)).records.map((one) =>
        one.kind === 'post' ? new Date(one.observedAt).toISOString().slice(0, 10) : '',
      );
    expect(await days(null)).toEqual(['2011-01-03', '2011-01-03', '2012-01-01', '2011-01-03']);
    expect(await days(Date.parse('2013-01-01'))).toEqual(['2013-01-01', '2013-01-01', '2012-01-01', '2013-01-01']);
  });

  test('that are gone may have nothing but their id', async () => {
    const row = { platform: 'twitter', post_id: '1', observed_at: '2012-01-01', deleted: '1' };
    const { records, rejects } = await read(lines(POST_COLUMNS, row, { ...row, deleted: '' }, { ...row, deleted_by: 'me' }));
    expect(records).toMatchObject([{ kind: 'status', postId: '1', actor: 'UNKNOWN' }]);
    expect(rejects).toEqual([
      [3, 'account_id', 'The id is empty.'],
      [4, 'deleted_by', '"me" is not AUTHOR, PLATFORM or UNKNOWN.'],
    ]);
  });

  test('in other columns are refused', async () => {
    await expect(read('platform,post_id,account_id,posted\n')).rejects.toThrow(/has no column "posted_at"/);
  });
});
