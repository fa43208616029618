import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SETTINGS } from '../src/config';
import { projectPath } from '../src/paths';

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

describe('the command line', () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'govblog-cli-'));
  afterAll(() => rmSync(dataDir, { recursive: true, force: true }));
  const govblog = (args: readonly string[], environment: Record<string, string> = {}, encoding: BufferEncoding = 'utf8'): Promise<Ended> =>
    new Promise((resolve) =>
      execFile(
        process.execPath,
        [projectPath('bin', 'govblog.cjs'), ...args],
        { env: { PATH: process.env['PATH'], GOVBLOG_DATA_DIR: dataDir, ...environment }, cwd: dataDir, encoding },
        (error, out, err) => resolve({ code: error ? Number(error.code) : 0, out, err }),
      ),
    );
  const file = (name: string, text: string): string => {
    writeFileSync(join(dataDir, name), text);
    return join(dataDir, name);
  };

  /** Every command, by the group that its help lists it in. */
  const COMMANDS: Readonly<Record<string, readonly string[]>> = {
    '': ['serve', 'ingest', 'accounts', 'run', 'status', 'config', 'snapshots', 'audits', 'runs', 'backfill', 'work', 'query', 'saved', 'keys', 'audit-log', 'doctor'],
    ingest: ['weibo-crawler', 'posts', 'accounts', 'interactions', 'regions', 'sectors', 'indicators', 'levels', 'platforms', 'list', 'show', 'rejects', 'repair'],
    accounts: ['review'],
    snapshots: ['list', 'verify', 'export', 'pin', 'unpin', 'collect', 'import', 'diff'],
    audits: ['list', 'overrides', 'override'],
    runs: ['show'],
    backfill: ['plan', 'apply', 'status', 'list', 'pause', 'resume', 'cancel', 'retry'],
    saved: ['add', 'list', 'show', 'verify'],
    keys: ['create', 'list', 'revoke'],
  }; // prettier-ignore

  test.each(Object.entries(COMMANDS))('the help of "govblog %s" lists its commands and no others', async (group, commands) => {
    const { code, out } = await govblog([...(group === '' ? [] : [group]), '--help']);
    expect(code).toBe(0);
    expect(out).toContain(`Usage: govblog${group === '' ? '' : ` ${group}`}`);
    const listed = [...out.slice(out.indexOf('Commands:')).matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(([, name]) => name!);
    expect(listed.filter((name) => name !== 'help').sort()).toEqual([...commands].sort());
  });

  test('a command that does something has help too', async () => {
    for (const command of [['work'], ['backfill', 'plan'], ['snapshots', 'diff'], ['runs', 'show']]) {
      const { code, out } = await govblog([...command, '--help']);
      expect({ command, code }).toEqual({ command, code: 0 });
      expect(out).toContain(`Usage: govblog ${command.join(' ')}`);
    }
  }); // prettier-ignore

  test('all settings are listed with default and meaning', async () => {
    const { out } = await govblog(['config', '--json']);
    expect(JSON.parse(out)).toEqual(SETTINGS);
  });

  test.each([
    [
      'a misspelt setting',
      ['status'],
      { GOVBLOG_DATADIR: '/x' },
      2,
      'There is no setting GOVBLOG_DATADIR. Did you mean "GOVBLOG_DATA_DIR"?',
    ],
    ['a setting with a prefix that it has not', ['status'], { GOVBLOG_PROT: '4000' }, 2, 'Did you mean "PORT"?'],
    ['a setting of the wrong form', ['status'], { PORT: 'http' }, 2, 'PORT is "http"'],
    ['a port that there is not', ['status'], { PORT: '70000' }, 2, 'PORT is "70000"; it takes a whole number from 0 to 65535.'],
    ['a schedule that is none', ['serve'], { GOVBLOG_SCHEDULE: 'daily' }, 2, 'not a cron expression'],
    [
      'an address that is not this machine',
      ['serve'],
      { GOVBLOG_HOST: '192.0.2.1', GOVBLOG_KEYLESS: 'anywhere', GOVBLOG_SCHEDULE: 'off' },
      2,
      'no address of this machine',
    ],
    ['an address for others without a key', ['serve'], { GOVBLOG_HOST: '0.0.0.0' }, 2, '`govblog keys create --role admin --name "…"`'],
    ['a database that is not there', ['status'], { GOVBLOG_DATABASE_URL: 'mysql://u:secret@127.0.0.1:1/x' }, 2, 'cannot be opened'],
    ['a misspelt command', ['statsu'], {}, 2, 'Did you mean status?'],
    ['a missing argument', ['ingest', 'posts'], {}, 2, "missing required argument 'files'"],
    ['a folder that is not there', ['ingest', 'weibo-crawler', 'nowhere'], {}, 1, 'There is no folder nowhere'],
    ['a file that is not there', ['ingest', 'accounts', 'nowhere.csv'], {}, 1, 'No file matches "nowhere.csv"'],
    ['a batch that is not there', ['ingest', 'show', '99'], {}, 1, 'There is no batch 99'],
    ['a day that is none', ['run', '--until', '2011-02-29'], {}, 2, '--until is "2011-02-29"'],
    [
      'a question before anything is published',
      ['query', projectPath('seeds', 'examples', '1-growth.graphql')],
      {},
      1,
      'Nothing is published yet',
    ],
    [
      'variables that are no JSON',
      ['query', projectPath('seeds', 'examples', '1-growth.graphql'), '--variables', '{'],
      {},
      2,
      '--variables is {; it takes a JSON object',
    ],
    [
      'a format that there is not',
      ['query', 'nowhere.graphql', '--format', 'xlsx'],
      {},
      2,
      '--format is "xlsx"; it takes table, csv, json, parquet.',
    ],
    ['a document that is not there', ['query', 'nowhere.graphql'], {}, 2, 'nowhere.graphql cannot be read'],
  ] as const)('%s: a sentence and an exit code', async (_, args, environment, code, words) => {
    const ended = await govblog(args, environment);
    expect(ended.err).toContain(words);
    expect(ended.code).toBe(code);
    expect(ended.err).not.toContain('secret');
    expect(ended.err).not.toMatch(/^\s+at /m);
  });

  test('an empty file and a file without the needed column are refused before anything is written', async () => {
    expect(await govblog(['ingest', 'accounts', file('empty.csv', '')])).toMatchObject({
      code: 1,
      err: expect.stringContaining('is empty'),
    });
    const lacking = await govblog(['ingest', 'accounts', file('lacking.csv', 'platform,acount_id\nweibo,1\n')]);
    expect(lacking).toMatchObject({ code: 1, err: expect.stringContaining('has no column "account_id". Did you mean "acount_id"?') });
    mkdirSync(join(dataDir, 'void'), { recursive: true });
    expect(await govblog(['ingest', 'weibo-crawler', join(dataDir, 'void')])).toMatchObject({
      code: 1,
      err: expect.stringContaining('holds no file of weibo-crawler'),
    });
    expect(JSON.parse((await govblog(['ingest', 'list', '--json'])).out)).toEqual([]);
  });

  test('load, run, ask, verify: the whole way by hand', async () => {
    const accounts = file('accounts.csv', 'platform,account_id,screen_name,account_type,region,opened_on,observed_at\nweibo,1,甲,AGENCY,11,2011-03-01,2011-04-30 12:00\nweibo,2,乙,AGENCY,4x,2011-03-01,2011-04-30\n'); // prettier-ignore
    const loaded = await govblog(['ingest', 'accounts', accounts]);
    expect(loaded.out).toContain('2 rows read from 1 file = 1 accepted + 0 updated + 0 unchanged + 1 rejected.');
    expect((await govblog(['ingest', 'rejects', '1'])).out).toContain('There is no region "4x"');
    expect((await govblog(['ingest', 'accounts', accounts, '--json'])).out).toMatch(/"unchanged": 1/);
    expect(await govblog(['run'])).toMatchObject({ code: 0, out: expect.stringMatching(/Snapshot \d{8}-[0-9a-f]{12} published\./) });
    expect((await govblog(['run'])).out).toContain('is unchanged.');
    const question = file(
      'q.graphql',
      '{ activity(period: { from: "2011-03-01", to: "2011-04-30" }) { rows { month region { name } accounts } } }',
    );
    expect((await govblog(['query', question, '--format', 'csv'])).out).toBe(
      'month,region.name,accounts\n2011-03-01,Beijing,1\n2011-04-01,Beijing,1\n',
    );
    // Read as Latin text, each of its bytes is a sign.
    const parquet = await govblog(['query', question, '--format', 'parquet'], {}, 'latin1');
    expect([parquet.err, parquet.code, parquet.out.slice(0, 4), parquet.out.slice(-4)]).toEqual(['', 0, 'PAR1', 'PAR1']);
    expect(parquet.out).toContain('regionName');
    const two = file(
      'two.graphql',
      '{ a: activity(period: { from: "2011-03-01", to: "2011-04-30" }) { rows { posts } } dataset { title } }',
    );
    expect(await govblog(['query', two, '--format', 'parquet'])).toMatchObject({ code: 2, err: expect.stringContaining('ask one cube') });
    const [{ id }] = JSON.parse((await govblog(['snapshots', 'list', '--json'])).out) as [{ id: string }];
    expect((await govblog(['snapshots', 'pin', id])).out).toBe(`Snapshot ${id} is pinned: no reason given\n`);
    expect((await govblog(['snapshots', 'verify'])).out).toContain('are as they were published');
    expect((await govblog(['status'])).out).toContain('complete up to 2011-04-30');
    expect((await govblog(['doctor'])).code).toBe(0);
  });
});
