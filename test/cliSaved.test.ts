import { execFile } from 'node:child_process';
import { projectPath } from '../src/paths';
import { serveTwoSnapshots, type Served } from './http/published';

const PLAIN = '/activity.csv?fields=month,posts&from=2012-01-01&to=2012-12-31';

let served: Served;
beforeAll(async () => {
  served = await serveTwoSnapshots();
});
afterAll(() => served.test_.close());

const govblog = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) =>
    execFile(
      process.execPath,
      [projectPath('bin', 'govblog.cjs'), 'saved', ...args],
      { env: { PATH: process.env['PATH'], GOVBLOG_DATA_DIR: served.test_.app.config.dataDir } },
      (error, out, err) => resolve({ code: error ? Number(error.code) : 0, out, err }),
    ),
  );

it('saves, lists, shows and verifies questions; ends with 1 when one no longer has its rows', async () => {
  expect(await govblog('verify')).toMatchObject({ code: 0, out: 'No question is saved yet.\n' });
  const added = JSON.parse((await govblog('add', `${PLAIN}&snapshot=${served.older}`, '--title', '每月微博', '--json')).out) as Record<
    string,
    string
  >;
  expect(added).toMatchObject({
    snapshot: served.older,
    title: '每月微博',
    text: 'Account activity: Posts by month, 2012-01-01 to 2012-12-31',
  });
  const second = JSON.parse((await govblog('add', PLAIN, '--by', 'me', '--json')).out) as Record<string, string>;
  expect([second['snapshot'], second['savedBy']]).toEqual([served.newest, 'me']);
  // The server knows what the command line saved.
  expect((await fetch(`${served.origin}/q/${added['id']}.csv`)).headers.get('x-govblog-verified')).toBe('true');

  const listed = JSON.parse((await govblog('list', '--json')).out) as { id: string }[];
  expect(listed.map(({ id }) => id).sort()).toEqual([added['id'], second['id']].sort());
  expect((await govblog('show', added['id']!)).out).toContain(added['resultHash']);
  const fine = await govblog('verify');
  expect([fine.code, fine.out.match(/\btrue\b/g)]).toEqual([0, ['true', 'true']]);

  const { store } = served.test_.app;
  await store.write((tx) => tx.run('UPDATE saved_query SET result_hash = ? WHERE id = ?', ['0'.repeat(64), added['id']!]));
  const spoilt = await govblog('verify', '--json');
  expect(spoilt.code).toBe(1);
  expect(JSON.parse(spoilt.out)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ id: added['id'], verified: false, resultHashNow: added['resultHash'] }),
      expect.objectContaining({ id: second['id'], verified: true, problem: null }),
    ]),
  );
  expect((await govblog('verify')).out).toContain('1 of 2 saved questions do not have the rows they had.');
  expect((await govblog('verify', second['id']!)).code).toBe(0);

  // One that a later program cannot ask must not hide the others.
  await store.write((tx) =>
    tx.run('UPDATE saved_query SET question = REPLACE(question, ?, ?) WHERE id = ?', ['"activity"', '"formerly"', added['id']!]),
  );
  const unknown = await govblog('verify');
  expect([unknown.code, unknown.out.match(/\btrue\b/g)]).toEqual([1, ['true']]);
  expect(unknown.out).toContain('There is no cube "formerly"');
  expect((await govblog('list')).code).toBe(0);
});

it.each([
  ['a question that is not saved', ['show', '0123'], 'There is no saved question "0123"'],
  ['an address that is no permalink', ['add', 'nonsense'], '"nonsense" is no permalink'],
] as const)('%s: a sentence and exit code 1', async (_what, args, words) => {
  const { code, err } = await govblog(...args);
  expect([code, err]).toEqual([1, expect.stringContaining(words)]);
  expect(err).not.toMatch(/^\s+at /m);
});
