import { createHash } from 'node:crypto';
import { openAccess } from '../../src/access/access';
import type { Approach, Caller } from '../../src/access/caller';
import { createKey, keyOf, listKeys, revokeKey } from '../../src/access/keys';
import type { GovblogError } from '../../src/errors';
import type { Store } from '../../src/store/store';
import { DIALECTS, freshPlace, type Place } from '../stores';

const HERE: Approach = { remoteAddress: '127.0.0.1', host: 'localhost:4000', origin: undefined, fetchSite: undefined, forwarded: false };
const AWAY: Approach = { ...HERE, remoteAddress: '192.0.2.7', host: 'govblog.example.org' };
const basic = (secret: string): string => `Basic ${Buffer.from(`anyone:${secret}`).toString('base64')}`;
const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'ok',
    (error: GovblogError) => `${error.code}: ${error.message}`,
  );

describe.each(DIALECTS)('keys on %s', (dialect) => {
  let place: Place;
  let store: Store;
  let now: Date;
  const lines: string[] = [];
  const clock = { now: () => now };
  beforeEach(async () => {
    place = await freshPlace(dialect);
    store = await place.open();
    now = new Date('2026-01-15T04:00:00.123Z');
    lines.length = 0;
  });
  afterEach(async () => {
    await store.close();
    await place.remove();
  });
  const access = () => openAccess(store, clock, (event, facts) => lines.push(JSON.stringify({ event, ...facts })), '');
  const everything = async (): Promise<string> =>
    JSON.stringify([await store.query('SELECT * FROM api_key'), await store.query('SELECT * FROM audit_log'), lines]);

  it('is shown once, and kept as its hash alone', async () => {
    const { key, secret } = await createKey(store, { role: 'researcher', name: ' Grafana 看板 ' }, now);
    expect(secret).toMatch(/^gb_[0-9a-f]{8}_[A-Za-z0-9_-]{43}$/);
    expect(secret).toHaveLength(55);
    expect(key).toEqual({
      id: secret.slice(0, 11),
      name: 'Grafana 看板',
      role: 'researcher',
      createdAt: now,
      lastUsedAt: null,
      revokedAt: null,
    });
    const [{ hash }] = (await store.query<{ hash: string }>('SELECT hash FROM api_key')) as [{ hash: string }];
    expect(hash).toBe(createHash('sha256').update(secret).digest('hex'));
    await access().callerOf(AWAY, `Bearer ${secret}`);
    await refusal(access().callerOf(AWAY, `Bearer ${secret.slice(0, -1)}!`));
    expect(await everything()).not.toContain(secret.slice(12));
    const { secret: another } = await createKey(store, { role: 'admin', name: 'x' }, now);
    expect(another.slice(12)).not.toBe(secret.slice(12));
  });

  it.each([
    ['a role that is none', { role: 'root', name: 'x' }, 'USAGE: There is no role "root" for keys; there are: researcher, admin.'],
    ['the role of those without a key', { role: 'anonymous', name: 'x' }, 'USAGE: There is no role "anonymous"'],
    ['no name', { role: 'admin', name: '  ' }, 'USAGE: The name of a key'],
    ['two lines', { role: 'admin', name: 'a\nb' }, 'USAGE: The name of a key'],
    ['a long name', { role: 'admin', name: 'x'.repeat(81) }, 'USAGE: The name of a key'],
  ])('is not made for %s', async (_, wanted, message) => {
    expect(await refusal(createKey(store, wanted, now))).toContain(message);
    expect(await listKeys(store)).toEqual([]);
  });

  it('what is no key in force is refused, never taken for nobody', async () => {
    const { secret } = await createKey(store, { role: 'admin', name: 'x' }, now);
    const door = access();
    const wrong = `${secret.slice(0, 12)}${'A'.repeat(43)}`;
    for (const authorization of [
      `Bearer ${wrong}`,
      `Bearer gb_00000000_${'A'.repeat(43)}`,
      'Bearer',
      'Bearer x',
      '',
      'Digest x',
      basic(wrong),
      basic(''),
    ])
      expect([authorization, (await refusal(door.callerOf(HERE, authorization))).split(':')[0]]).toEqual([
        authorization,
        'UNAUTHENTICATED',
      ]);
    expect((await door.callerOf(AWAY, `bearer  ${secret} `)).role).toBe('admin');
    expect((await door.callerOf(AWAY, basic(secret))).role).toBe('admin');
  });

  it('a revoked key is refused at once, also by a server that knows it', async () => {
    const { key, secret } = await createKey(store, { role: 'admin', name: 'x' }, now);
    const door = access();
    expect((await door.callerOf(AWAY, `Bearer ${secret}`)).name).toBe(`${key.id} (x)`);
    // By another connection, as another process would.
    const other = await place.open();
    const revoked = await revokeKey(other, key.id, now);
    expect(revoked.revokedAt).toEqual(now);
    expect(await refusal(door.callerOf(AWAY, `Bearer ${secret}`))).toBe(
      `UNAUTHENTICATED: The key ${key.id} was revoked. \`govblog keys create\` makes another.`,
    );
    now = new Date(now.getTime() + 1_000);
    expect(await revokeKey(other, key.id, now)).toEqual(revoked);
    await other.close();
    const { key: found, secret: leaked } = await createKey(store, { role: 'admin', name: 'y' }, now);
    expect((await revokeKey(store, leaked, now)).id).toBe(found.id);
    expect(await refusal(revokeKey(store, `${leaked}x`, now))).toBe(
      `NOT_FOUND: There is no key "${found.id}_…". \`govblog keys list\` names them.`,
    );
  });

  it('notes its use at most once a minute', async () => {
    const { secret } = await createKey(store, { role: 'admin', name: 'x' }, now);
    const used = async (): Promise<string | undefined> => {
      await access().callerOf(AWAY, `Bearer ${secret}`);
      // The note is not waited for by the request.
      await store.write(async () => undefined);
      await new Promise((resolve) => setTimeout(resolve, dialect === 'mysql' ? 100 : 0));
      return (await keyOf(store, secret)).lastUsedAt?.toISOString();
    };
    const first = now.toISOString();
    expect(await used()).toBe(first);
    now = new Date(now.getTime() + 59_999);
    expect(await used()).toBe(first);
    now = new Date(now.getTime() + 1);
    expect(await used()).toBe(now.toISOString());
  });

  it('who asks without a key is an admin on this machine until there is an admin key, and never again after', async () => {
    const seen = async (): Promise<Record<string, string>> => {
      const door = access();
      const show = ({ kind, role, doubt }: Caller): string => `${kind} ${role}${doubt === null ? '' : ', changes nothing'}`;
      return { here: show(await door.callerOf(HERE, undefined)), away: show(await door.callerOf(AWAY, undefined)) };
    };
    const open = { here: 'loopback admin', away: 'anonymous researcher, changes nothing' };
    expect(await seen()).toEqual(open);
    const before = access();
    await before.callerOf(HERE, undefined);
    await createKey(store, { role: 'researcher', name: 'r' }, now);
    expect(await seen()).toEqual({ here: 'loopback admin', away: 'anonymous anonymous' });
    const { key } = await createKey(store, { role: 'admin', name: 'a' }, now);
    const closed = { here: 'anonymous anonymous', away: 'anonymous anonymous' };
    expect(await seen()).toEqual(closed);
    expect((await before.callerOf(HERE, undefined)).role).toBe('anonymous');
    await revokeKey(store, key.id, now);
    expect(await seen()).toEqual(closed);
  });

  it('a server listens elsewhere only when there is a key to ask for, or when that was said', async () => {
    const door = access();
    for (const host of ['127.0.0.1', 'localhost', '::1']) await door.demandListening(host, 'loopback');
    expect(await refusal(door.demandListening('0.0.0.0', 'loopback'))).toMatch(
      /^BAD_SETTING: GOVBLOG_HOST is "0\.0\.0\.0".*`govblog keys create --role admin --name "…"`/,
    );
    await door.demandListening('0.0.0.0', 'anywhere');
    const { key } = await createKey(store, { role: 'researcher', name: 'r' }, now);
    await door.demandListening('0.0.0.0', 'loopback');
    await revokeKey(store, key.id, now);
    expect(await refusal(door.demandListening('::', 'loopback'))).toMatch(/^BAD_SETTING/);
  });

  it('the audit log has every change with its outcome, also those that were refused or failed', async () => {
    const { audit } = access();
    const admin: Caller = { kind: 'key', name: 'gb_00000000 (a)', role: 'admin', doubt: null };
    const nobody: Caller = { kind: 'anonymous', name: 'anonymous', role: 'anonymous', doubt: null };
    expect(await audit.change(admin, 'admin', { action: 'plan', subject: 'accountDay', reason: '晚到\n的微博' }, async () => 7)).toBe(7);
    let done = 0;
    expect(await refusal(audit.change(nobody, 'admin', { action: 'apply', subject: 't' }, async () => (done += 1)))).toMatch(
      /^UNAUTHENTICATED/,
    );
    expect(done).toBe(0);
    await expect(
      audit.change(admin, 'admin', { action: 'apply', subject: 't' }, async () => Promise.reject(new Error('disk full'))),
    ).rejects.toThrow('disk full');
    const entries = await audit.list(10);
    expect(entries.map(({ caller, action, subject, reason, outcome }) => [caller, action, subject, reason, outcome.slice(0, 25)])).toEqual([
      ['gb_00000000 (a)', 'apply', 't', null, 'failed: disk full'],
      ['anonymous', 'apply', 't', null, 'refused: UNAUTHENTICATED:'],
      ['gb_00000000 (a)', 'plan', 'accountDay', '晚到 的微博', 'done'],
    ]);
    expect(entries[0]!.at).toEqual(now);
    expect((await audit.list(1, entries[0]!.id)).map(({ id }) => id)).toEqual([entries[1]!.id]);
    expect(await audit.list(0)).toEqual([]);
  });

  it('an entry says "begun" while the work goes on, and when it died with its process', async () => {
    const { audit } = access();
    const admin: Caller = { kind: 'loopback', name: 'loopback', role: 'admin', doubt: null };
    await audit.change(admin, 'admin', { action: 'x', subject: 'y'.repeat(500) }, async () => {
      const [entry] = await audit.list(1);
      expect([entry!.outcome, entry!.subject.length, entry!.subject.at(-1)]).toEqual(['begun', 400, '…']);
    });
  });

  it('neither keys nor passwords get into an entry', async () => {
    const { audit } = access();
    const { secret } = await createKey(store, { role: 'admin', name: 'x' }, now);
    const caller: Caller = { kind: 'command line', name: 'command line (ann)', role: 'admin', doubt: null };
    const subject = `${secret} mysql://weibo:geheim@127.0.0.1:3306/weibo`;
    await audit.change(caller, 'admin', { action: 'keys revoke', subject, reason: secret }, async () => undefined);
    expect((await audit.list(1))[0]).toMatchObject({
      subject: `${secret.slice(0, 11)}_… mysql://weibo:…@127.0.0.1:3306/weibo`,
      reason: `${secret.slice(0, 11)}_…`,
    });
  });

  it('nobody without a key can fill the store with refusals', async () => {
    const { audit } = access();
    const nobody: Caller = { kind: 'anonymous', name: 'anonymous', role: 'anonymous', doubt: null };
    const knock = () => refusal(audit.change(nobody, 'admin', { action: 'x', subject: '' }, async () => undefined));
    for (let times = 0; times < 120; times += 1) await knock();
    expect(await audit.list(1000)).toHaveLength(100);
    expect(lines.filter((line) => line.includes('change.refused'))).toHaveLength(120);
    now = new Date(now.getTime() + 60_000);
    await knock();
    expect(await audit.list(1000)).toHaveLength(101);
  });
});
