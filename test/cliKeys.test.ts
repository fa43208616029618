import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectPath } from '../src/paths';
import type { Store } from '../src/store/store';
import { DIALECTS, freshPlace, type Place } from './stores';

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

describe.each(DIALECTS)('keys by the command line on %s', (dialect) => {
  let place: Place;
  let store: Store;
  beforeAll(async () => {
    place = await freshPlace(dialect);
    store = await place.open();
  });
  afterAll(async () => {
    await store.close();
    await place.remove();
  });
  const govblog = (...args: string[]): Promise<Ended> =>
    new Promise((resolve) =>
      execFile(
        process.execPath,
        [projectPath('bin', 'govblog.cjs'), ...args],
        { env: { PATH: process.env['PATH'], GOVBLOG_DATA_DIR: place.dataDir, GOVBLOG_DATABASE_URL: place.databaseUrl } },
        (error, out, err) => resolve({ code: error ? Number(error.code) : 0, out, err }),
      ),
    );

  it('makes, lists and revokes keys; what changes something is in the audit log, and the key is nowhere', async () => {
    const made = await govblog('keys', 'create', '--role', 'admin', '--name', '管理员');
    expect(made.code).toBe(0);
    const secret = made.out.split('\n')[0]!;
    expect(secret).toMatch(/^gb_[0-9a-f]{8}_[A-Za-z0-9_-]{43}$/);
    const id = secret.slice(0, 11);
    expect(made.out).toContain(`\`govblog keys revoke ${id}\``);
    const json = JSON.parse((await govblog('keys', 'create', '--role', 'researcher', '--name', 'Grafana', '--json')).out) as Record<
      string,
      string
    >;
    expect([json['role'], json['key']!.slice(0, 11)]).toEqual(['researcher', json['id']]);

    const listed = await govblog('keys', 'list', '--json');
    expect((JSON.parse(listed.out) as { name: string }[]).map(({ name }) => name).sort()).toEqual(['Grafana', '管理员']);
    expect(await govblog('keys', 'revoke', secret)).toEqual({
      code: 0,
      out: `${id} (管理员) is revoked; it is refused from now on.\n`,
      err: '',
    });

    const own = join(place.dataDir, 'own.csv');
    writeFileSync(own, 'nonsense\n1\n');
    expect((await govblog('ingest', 'posts', own)).code).toBe(1);
    await govblog('run', '--until', '2011-12-31');
    for (const reading of [['status'], ['keys', 'list']]) await govblog(...reading);

    const log = JSON.parse((await govblog('audit-log', '--json')).out) as Record<'caller' | 'action' | 'subject' | 'outcome', string>[];
    expect(log.map(({ action, subject, outcome }) => [action, subject, outcome.split(':')[0]])).toEqual([
      ['run', '--until 2011-12-31', 'done'],
      ['ingest posts', own, 'refused'],
      ['keys revoke', `${id}_…`, 'done'],
      ['keys create', '--role researcher --name Grafana', 'done'],
      ['keys create', '--role admin --name 管理员', 'done'],
    ]);
    expect(new Set(log.map(({ caller }) => caller))).toEqual(new Set([expect.stringMatching(/^command line \(.+\)$/)]));
    const everything = JSON.stringify([await store.query('SELECT * FROM api_key'), await store.query('SELECT * FROM audit_log')]);
    for (const shown of [secret, json['key']!]) expect(everything).not.toContain(shown.slice(12));
  });

  it.each([
    ['a role that is none', ['keys', 'create', '--role', 'root', '--name', 'x'], 2, 'There is no role "root" for keys'],
    ['a number that is none', ['audit-log', '--first', 'all'], 2, '--first is "all"'],
  ] as const)('%s: a sentence and an exit code', async (_, args, code, words) => {
    const ended = await govblog(...args);
    expect([ended.code, ended.err]).toEqual([code, expect.stringContaining(words)]);
    expect(ended.err).not.toMatch(/^\s+at /m);
  });
});
