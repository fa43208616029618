import type { AccountRecord, InteractionRecord, PostRecord, StatusRecord } from '../../../src/ingest/records';
import { DIALECTS } from '../../stores';
import { openLawfulStore, type LawfulStore } from './lawfulStore';

const at = (iso: string): number => Date.parse(iso);
/** Texts that stores are known to change on their way (NUL and half characters never get so far: `storable` in src/ingest/reading.ts): the last of Unicode, spaces at the ends, look-alikes. */
const TEXTS = [
  'é',
  'e\u0301',
  'É',
  'ß',
  'ss',
  '\u{10FFFF}',
  '\uFFFD',
  ' x',
  'x',
  'x ',
  'X',
  '\u200b',
  "'; --",
  '\\',
  '%_',
  '🎉'.repeat(50),
];

describe.each(DIALECTS)('texts with unusual characters on %s', (dialect) => {
  let lawful: LawfulStore;
  beforeAll(async () => {
    lawful = await openLawfulStore(dialect);
  });
  afterAll(() => lawful.close());

  test('are kept as they are, told apart, and known when they come again', async () => {
    const ids = TEXTS.filter((text) => /^[^\s:]{1,40}$/.test(text) && [...text].length <= 40);
    const accounts = TEXTS.map((text, index): AccountRecord => ({ kind: 'account', platform: 'weibo', accountId: ids[index] ?? `a${index}`, observedAt: at('2025-12-01T00:00:00Z'), screenName: text, description: text, location: text, verifiedReason: text })); // prettier-ignore
    const posts = TEXTS.map((text, index): PostRecord => ({
      kind: 'post', platform: 'weibo', postId: ids[index] ?? `p${index}`, accountId: ids[0]!, screenName: text, postedAt: at('2025-12-01T00:00:00Z'), observedAt: at('2025-12-02T00:00:00Z'),
      text, original: true, reposts: 1, comments: 1, likes: 1, approximate: { likes: [...text].slice(0, 9).join('') },
    })); // prettier-ignore
    const statuses = TEXTS.map((text, index): StatusRecord => ({ kind: 'status', platform: 'weibo', postId: ids[index] ?? `p${index}`, observedAt: at('2025-12-03T00:00:00Z'), status: 'DELETED', actor: 'AUTHOR', evidence: text })); // prettier-ignore
    const comments = TEXTS.map((text, index): InteractionRecord => ({
      kind: 'interaction', platform: 'weibo', interactionId: ids[index] ?? `c${index}`, postId: ids[index] ?? `p${index}`, accountId: null, parentId: ids[index] ?? null,
      byAccountId: null, writerId: ids[index] ?? null, citizenHash: ids[index] === undefined ? 'aa' : null, createdAt: at('2025-12-02T00:00:00Z'), text, likes: null,
    })); // prettier-ignore
    const records = [...accounts, ...posts, ...statuses, ...comments];
    expect(await lawful.loadRecords(records)).toMatchObject({ accepted: records.length });
    const before = await lawful.dump();
    const kept = (rows: readonly Readonly<Record<string, unknown>>[], column: string): unknown[] => rows.map((row) => row[column]).sort();
    for (const column of ['screen_name', 'description', 'location', 'verified_reason'])
      expect(kept(before.account_observation, column)).toEqual([...TEXTS].sort());
    expect(kept(before.post, 'text')).toEqual([...TEXTS].sort());
    expect(kept(before.post_status, 'evidence')).toEqual([...TEXTS].sort());
    expect(kept(before.interaction, 'text')).toEqual([...TEXTS].sort());
    expect(await lawful.loadRecords([...records].reverse())).toMatchObject({ unchanged: records.length });
    expect(await lawful.dump()).toEqual(before);
  });
});
