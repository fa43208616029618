import { readConfig } from '../../src/config';
import type { PostRecord } from '../../src/ingest/records';
import { openTestApp, type TestApp } from '../app';

const post = (platform: string): PostRecord => ({
  kind: 'post',
  platform,
  postId: '1',
  accountId: '7',
  postedAt: Date.parse('2012-01-15T09:00:00+08:00'),
  observedAt: Date.parse('2012-01-31T12:00:00+08:00'),
  text: '你好',
  original: true,
  reposts: 1,
  comments: 1,
  likes: null,
});

let test_: TestApp;
afterEach(() => test_.close());

/** What every door says of the licence of what these platforms posted. */
async function licences(platforms: readonly string[], settings: Readonly<Record<string, string>> = {}) {
  test_ = await openTestApp('sqlite', { settings });
  await test_.load(platforms.map(post));
  await test_.app.night();
  const { address } = await test_.serve();
  const json = async (path: string) => (await (await fetch(address + path)).json()) as Record<string, unknown>;
  const text = async (path: string) => (await fetch(address + path)).text();
  const { data } = await test_.graphql<{ dataset: { licence: unknown } }>('{ dataset { licence { name title url } } }');
  return {
    graphql: data.dataset.licence,
    dataPackage: (await json('/datapackage.json'))['licenses'],
    croissant: (await json('/croissant.json'))['license'],
    ddi: /<conditions>(.*)<\/conditions>/.exec(await text('/ddi.xml'))?.[1],
    page: /<dt>Licence<\/dt><dd>(.*?)<\/dd>/.exec(await text('/codebook'))?.[1],
  };
}

it('demo data are licensed as the program is', async () => {
  const [title, url] = ['MIT License (synthetic demo data)', 'https://opensource.org/license/mit'];
  expect(await licences(['demo'])).toEqual({
    graphql: { name: 'MIT', title, url },
    dataPackage: [{ name: 'MIT', title, path: url }],
    croissant: url,
    ddi: `Licence: ${title}, ${url}`,
    page: `${title}, ${url}`,
  });
});

it('nothing is said of data beside them of which nobody said anything', async () =>
  expect(await licences(['demo', 'weibo'])).toEqual({
    graphql: null,
    dataPackage: undefined,
    croissant: undefined,
    ddi: undefined,
    page: 'None is stated',
  }));

it('the owner of the data says it by a setting', async () => {
  const [title, url] = ['Creative Commons Attribution 4.0', 'https://creativecommons.org/licenses/by/4.0/'];
  expect(await licences(['demo', 'weibo'], { GOVBLOG_DATA_LICENCE: 'cc-by-4.0' })).toEqual({
    graphql: { name: 'CC-BY-4.0', title, url },
    dataPackage: [{ name: 'CC-BY-4.0', title, path: url }],
    croissant: url,
    ddi: `Licence: ${title}, ${url}`,
    page: `${title}, ${url}`,
  });
});

it('a setting that names no licence is refused with the nearest', async () => {
  test_ = await openTestApp('sqlite');
  expect(() => readConfig({ GOVBLOG_DATA_LICENCE: 'CC-BY-4' })).toThrow(
    /^GOVBLOG_DATA_LICENCE is "CC-BY-4"; it takes the address of your terms, https:\/\/…, or one of: CC0-1\.0, .* Did you mean "CC-BY-4\.0"\?$/,
  );
  expect(readConfig({ GOVBLOG_DATA_LICENCE: 'https://example.org/terms' }).licence).toEqual({
    name: null,
    title: 'Terms of use',
    url: 'https://example.org/terms',
  });
});
