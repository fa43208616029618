import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { GovblogError } from '../errors';
import { fromSqlInstant, toSqlInstant } from '../model/time';
import type { Store } from '../store/store';
import { KEY_ROLES, type KeyRole } from './caller';

/** A key as it may be shown: without the key. */
export interface Key {
  /** Its public beginning, `gb_ab12cd34`. */
  readonly id: string;
  readonly name: string;
  readonly role: KeyRole;
  readonly createdAt: Date;
  /** To the minute; null when it was never used. */
  readonly lastUsedAt: Date | null;
  readonly revokedAt: Date | null;
}

interface KeyRow {
  id: string;
  name: string;
  role: KeyRole;
  hash: string;
  created_at: string;
  last_used_at: string | null;
  revoked_at: string | null;
}

const SECRET = /^(gb_[0-9a-f]{8})_[A-Za-z0-9_-]{43}$/;
const MOST_CHARACTERS = 80;
/** Use is noted no oftener than this. */
const NOTED_EVERY_MS = 60_000;

/** A text without the secret parts of keys in it. */
export const hidden = (text: string): string => text.replace(/(gb_[0-9a-f]{8})_[A-Za-z0-9_-]{20,}/g, '$1_…');

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** Makes a key of 256 random bits. `secret` is what its holder sends; only its hash is kept, so it is shown once or never. */
export async function createKey(
  store: Store,
  { role, name }: { readonly role: string; readonly name: string },
  now: Date,
): Promise<{ readonly key: Key; readonly secret: string }> {
  const known = KEY_ROLES.find((one) => one === role);
  if (known === undefined) throw new GovblogError('USAGE', `There is no role "${role}" for keys; there are: ${KEY_ROLES.join(', ')}.`);
  const line = name.trim();
  if (line === '' || line.length > MOST_CHARACTERS || /\p{Cc}/u.test(line))
    throw new GovblogError('USAGE', `The name of a key says who or what uses it, in one line of 1 to ${MOST_CHARACTERS} characters.`);
  const id = `gb_${randomBytes(4).toString('hex')}`;
  const secret = `${id}_${randomBytes(32).toString('base64url')}`;
  const row = { id, name: line, role: known, hash: hashOf(secret), created_at: toSqlInstant(now.getTime()) };
  await store.write((tx) => tx.insert('api_key', Object.keys(row), [Object.values(row)]));
  return { key: asKey({ ...row, last_used_at: null, revoked_at: null }), secret };
}

/** All keys, also revoked ones, newest first. */
export async function listKeys(store: Store): Promise<Key[]> {
  return (await store.query<KeyRow>('SELECT * FROM api_key ORDER BY created_at DESC, id')).map(asKey);
}

/** Ends a key at once, in every process; NOT_FOUND when there is none of this id. A second time changes nothing. */
export async function revokeKey(store: Store, given: string, now: Date): Promise<Key> {
  // Whoever found a key somewhere has the whole of it.
  const id = SECRET.exec(given)?.[1] ?? given;
  await store.write((tx) =>
    tx.run('UPDATE api_key SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL', [toSqlInstant(now.getTime()), id]),
  );
  const [row] = await store.query<KeyRow>('SELECT * FROM api_key WHERE id = ?', [id]);
  if (!row) throw new GovblogError('NOT_FOUND', `There is no key "${hidden(id)}". \`govblog keys list\` names them.`);
  return asKey(row);
}

/** The key that this secret is, as the store has it now; UNAUTHENTICATED when it is none or revoked. */
export async function keyOf(store: Store, secret: string): Promise<Key> {
  const id = SECRET.exec(secret)?.[1];
  if (id === undefined)
    throw new GovblogError('UNAUTHENTICATED', 'What was sent is no key of Govblog: one begins with gb_ and has 55 characters.');
  const [row] = await store.query<KeyRow>('SELECT * FROM api_key WHERE id = ?', [id]);
  if (!row || !timingSafeEqual(Buffer.from(row.hash, 'hex'), Buffer.from(hashOf(secret), 'hex')))
    throw new GovblogError('UNAUTHENTICATED', `The key ${id} is not known here. \`govblog keys list\` names those that are.`);
  if (row.revoked_at !== null)
    throw new GovblogError('UNAUTHENTICATED', `The key ${id} was revoked. \`govblog keys create\` makes another.`);
  return asKey(row);
}

/** Notes that a key was used, at most once a minute. */
export async function noteUse(store: Store, { id, lastUsedAt }: Key, now: Date): Promise<void> {
  const due = new Date(now.getTime() - NOTED_EVERY_MS);
  if (lastUsedAt !== null && lastUsedAt > due) return;
  await store.write((tx) =>
    tx.run('UPDATE api_key SET last_used_at = ? WHERE id = ? AND (last_used_at IS NULL OR last_used_at <= ?)', [
      toSqlInstant(now.getTime()),
      id,
      toSqlInstant(due.getTime()),
    ]),
  );
}

/** Which keys the store has ever had, and whether one can be used. What was once guarded by a key stays guarded when it is revoked. */
export interface Guard {
  readonly everKey: boolean;
  readonly everAdmin: boolean;
  readonly usable: boolean;
}

export async function guardOf(store: Store): Promise<Guard> {
  const rows = await store.query<Pick<KeyRow, 'role' | 'revoked_at'>>('SELECT DISTINCT role, revoked_at FROM api_key');
  return {
    everKey: rows.length > 0,
    everAdmin: rows.some(({ role }) => role === 'admin'),
    usable: rows.some(({ revoked_at }) => revoked_at === null),
  };
}

const instantOf = (text: string | null): Date | null => (text === null ? null : new Date(fromSqlInstant(text)));

const asKey = ({ id, name, role, created_at, last_used_at, revoked_at }: KeyRow): Key => ({
  id,
  name,
  role,
  createdAt: new Date(fromSqlInstant(created_at)),
  lastUsedAt: instantOf(last_used_at),
  revokedAt: instantOf(revoked_at),
});
