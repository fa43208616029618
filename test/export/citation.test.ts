import { cite, citationOfSnapshot, type Cited } from '../../src/export/citation';
import { DATASET } from '../../src/export/dataset';
import { openTestApp } from '../app';

const CITED: Cited = {
  snapshot: '20120201-6337611da01a',
  publishedAt: new Date('2012-02-01T00:00:00Z'),
  synthetic: false,
  queryId: '0123456789abcdef0123456789abcdef',
  resultHash: 'ab'.repeat(32),
  permalink: '/activity.json?fields=month,posts&from=2011-01-01&to=2011-12-31&snapshot=20120201-6337611da01a',
};

/** GB/T 7714-2015, 4.6: 主要责任者. 题名: 其他题名信息[类型/载体]. (更新或修改日期)[引用日期]. 获取和访问路径. */
const ELECTRONIC =
  /^(?<creator>[^.]+)\. (?<title>.+)\[(?<type>[A-Z]+)\/(?<medium>[A-Z]+)\]\. \((?<published>\d{4}-\d\d-\d\d)\)\[(?<read>\d{4}-\d\d-\d\d)\]\. (?<path>\S+)\.$/;

describe('GB/T 7714-2015', () => {
  it('the pattern is that of the examples of the standard', () => {
    const example =
      '北京市人民政府办公厅. 关于转发北京市企业投资项目核准暂行实施办法的通知: 京政办发[2005]37号[A/OL]. (2005-07-12)[2011-07-12]. http://china.findlaw.cn/fagui/p_1/39934.html.';
    expect(ELECTRONIC.exec(example)?.groups).toEqual({
      creator: '北京市人民政府办公厅',
      title: '关于转发北京市企业投资项目核准暂行实施办法的通知: 京政办发[2005]37号',
      type: 'A',
      medium: 'OL',
      published: '2005-07-12',
      read: '2011-07-12',
      path: 'http://china.findlaw.cn/fagui/p_1/39934.html',
    });
  });

  it('an answer is an online data set: who, what in which snapshot, when published, when read, where', async () => {
    const text = await cite(CITED, 'GB_T_7714', '2026-01-15');
    expect(ELECTRONIC.exec(text)?.groups).toEqual({
      creator: DATASET.publisher,
      title: `${DATASET.title}: snapshot ${CITED.snapshot}`,
      type: 'DS',
      medium: 'OL',
      published: '2012-02-01',
      read: '2026-01-15',
      path: CITED.permalink,
    });
    expect(await cite({ ...CITED, synthetic: true }, 'GB_T_7714', '2026-01-15')).toContain(`(${DATASET.syntheticNote}): snapshot `);
  });
});

it.each(['APA', 'BIBTEX', 'CSL_JSON'] as const)('%s does not depend on the day of reading', async (style) => {
  const text = await cite(CITED, style, '2026-01-15');
  expect(await cite(CITED, style, '2027-02-16')).toBe(text);
  expect(text).toContain(DATASET.publisher);
  expect(text).toContain('2012');
});

it('BibTeX has the month, and no day in it', async () => {
  const text = await cite(CITED, 'BIBTEX', '2026-01-15');
  expect(text).toMatch(/\bmonth\s*=\s*\{?2\}?,/);
  expect(text).toMatch(/\byear\s*=\s*\{?2012\}?,/);
});

it('a whole snapshot is cited with its hash and address', () => {
  const snapshot = {
    id: 's', publishedAt: new Date('2012-02-01T00:00:00Z'), contentHash: 'cd', from: '2011-01-01', watermark: '2011-12-31', synthetic: true,
  }; // prettier-ignore
  expect(citationOfSnapshot(snapshot, 'http://x/codebook')).toBe(
    `${DATASET.publisher} (2012). ${DATASET.title} (${DATASET.syntheticNote}) [Data set]. Snapshot s, published 2012-02-01, sha256 of the contents cd. http://x/codebook`,
  );
});

it('GraphQL cites in GB/T 7714 with the day that is given, and with today without one', async () => {
  const test_ = await openTestApp('sqlite', { prepared: 'traps' });
  const { data, errors } = await test_.graphql<{ activity: { provenance: Record<'given' | 'today' | 'apa' | 'permalink', string> } }>(
    `{ activity(period: { from: "2012-01-01", to: "2012-12-31" }) { rows { month posts } provenance {
       given: citation(style: GB_T_7714, citedOn: "2012-12-12") today: citation(style: GB_T_7714) apa: citation permalink } } }`,
  );
  expect(errors).toBeUndefined();
  const { given, today, apa, permalink } = data.activity.provenance;
  expect(ELECTRONIC.exec(given)?.groups).toMatchObject({ read: '2012-12-12', path: (await test_.serve()).address + permalink });
  const read = Date.parse(ELECTRONIC.exec(today)!.groups!['read']!);
  expect(Math.abs(Date.now() - read)).toBeLessThan(2 * 86_400_000);
  expect(apa).not.toContain('[DS/OL]');
  // A citation leaves the server, so it says where that is.
  expect(apa).toContain(` ${(await test_.serve()).address}/activity.json?`);
  await test_.close();
});
