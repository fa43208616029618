import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectPath } from '../../src/paths';
import { openTestApp, type TestApp } from '../app';
import { WRITER } from '../traps';

let test_: TestApp;
let origin: string;
beforeAll(async () => {
  test_ = await openTestApp('sqlite', { prepared: 'traps' });
  origin = (await test_.serve()).address;
});
afterAll(() => test_.close());

const PERIOD = 'period: { from: "2012-01-01", to: "2012-12-31" }';
const KNOWN = `weibo:${WRITER}`;
const ask = async (where: string): Promise<{ rows: unknown[]; unknown: string[] }> => {
  const { data, errors } = await test_.graphql<{ posts: { rows: unknown[]; provenance: { unknownAccounts: string[] } } }>(
    `{ posts(${PERIOD}, where: ${where}) { rows { month posts } provenance { unknownAccounts } } }`,
  );
  expect(errors).toBeUndefined();
  return { rows: data.posts.rows, unknown: data.posts.provenance.unknownAccounts };
};

test.each([
  ['none without such a condition', '{ region: { eq: "11" } }', []],
  ['none of those that are there', `{ account: { eq: "${KNOWN}" } }`, []],
  ['the one that is not', '{ account: { eq: "weibo:12345" } }', ['weibo:12345']],
  ['of a list', `{ account: { in: ["weibo:9", "${KNOWN}", "demo:1"] } }`, ['demo:1', 'weibo:9']],
  ['of those that are left out', '{ account: { notIn: ["weibo:9"] } }', ['weibo:9']],
  ['wherever it stands, and once', `{ or: [{ account: { eq: "weibo:8" } }, { not: { account: { in: ["weibo:8", "weibo:7"] } } }] }`, ['weibo:7', 'weibo:8']],
])('provenance names accounts that nobody has: %s', async (_, where, unknown) => {
  expect((await ask(where)).unknown).toEqual(unknown);
}); // prettier-ignore

test('a list of accounts of which one is not loaded yet has the answer of the others', async () => {
  expect((await ask(`{ account: { in: ["${KNOWN}", "weibo:12345"] } }`)).rows).toEqual((await ask(`{ account: { eq: "${KNOWN}" } }`)).rows);
});

test('a plain URL says so in a header, which scripts of any site may read; only where there are some', async () => {
  const header = async (account: string, headers: Record<string, string> = {}): Promise<[number, string | null, string]> => {
    const reply = await fetch(`${origin}/posts.csv?fields=month,posts&from=2012-01-01&to=2012-12-31&account=${encodeURIComponent(account)}`, { headers }); // prettier-ignore
    expect(reply.headers.get('access-control-expose-headers')).toContain('x-govblog-unknown-accounts');
    return [reply.status, reply.headers.get('x-govblog-unknown-accounts'), reply.headers.get('etag')!];
  };
  expect((await header(KNOWN)).slice(0, 2)).toEqual([200, null]);
  const [status, unknown, etag] = await header('weibo:政务 1');
  expect([status, decodeURI(unknown!)]).toEqual([200, 'weibo:政务 1']);
  expect((await header('weibo:政务 1', { 'if-none-match': etag })).slice(0, 2)).toEqual([304, unknown]);
});

test('the command line says so beside the table', async () => {
  const file = join(test_.place.dataDir, 'question.graphql');
  writeFileSync(file, `{ posts(${PERIOD}, where: { account: { eq: "weibo:12345" } }) { rows { month posts } } }`);
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [projectPath('bin', 'govblog.cjs'), 'query', file, '--format', 'csv'], {
    env: { PATH: process.env['PATH'], GOVBLOG_DATA_DIR: test_.place.dataDir },
  }); // prettier-ignore
  expect(stderr).toBe('No account of the snapshot has the id weibo:12345: such a condition matches nothing.\n');
  expect(stdout.trim()).toBe('');
});
